"""How many tokens a text is held for."""

import pytest

from loopcutter_retrieval.budget import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("cart", 1),
        ("discount", 2),
        ("a b", 2),
        ("12", 2),
        ("\n\n", 2),
        (" " * 33, 3),
        ("x = {}", 4),
        ("HTTP_ParserState", 5),
        ("é", 2),
        ("🛒", 4),
        ("\ud800", 3),
    ],
)
def test_every_kind_of_character_has_its_price(text: str, expected: int) -> None:
    assert tokens(text) == expected


def test_text_costs_what_its_lines_cost() -> None:
    lines = ["def f(a):\n", "    return a + 1\n", "\n"]
    assert tokens("".join(lines)) == sum(map(tokens, lines))
