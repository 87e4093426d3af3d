"""A chant is found while it is being written; code, tables and honest prose are left alone."""

import pytest

from loopcutter_loopguard.chant import chants

PHRASE = "I will stop here. I am finished. I will not do more. I will wait for you.\n"


def test_a_phrase_over_and_over_is_a_chant() -> None:
    assert "i am finished" in chants(PHRASE * 6)


def test_a_chant_is_found_before_it_ends() -> None:
    text = "First I look at the cart. " + "Let me check the tests again. " * 20
    heard = next(length for length in range(0, len(text), 40) if chants(text[:length]))
    assert heard < 300


@pytest.mark.parametrize(
    "text",
    [
        "```js\n" + "console.log(i);\n" * 30 + "```",
        "-" * 400,
        "".join(f"| row {n} | is fine | yes |\n" for n in range(40)),
        "".join(f"- module {n} is fine and needs nothing\n" for n in range(40)),
        "The cart adds prices. Then the discount is taken off, and the tax comes on top of what is left.",
        "no no no",
        "",
    ],
)
def test_code_rulers_tables_lists_and_prose_are_no_chants(text: str) -> None:
    assert chants(text) == ""
