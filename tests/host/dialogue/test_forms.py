"""Which form a change is asked for in: by the model's size, the code's length, and what failed before."""

from dataclasses import replace

import pytest
from support.cart import BLOCKS, CART, EDIT, FAILED, FAILURE, PLANNED, REPLACE_EDIT, SYMBOL_EDIT, TEST, TOTAL, ask_edit
from support.library import Library
from support.ollama_server import OllamaServer

from loopcutter_host.chat.errors import NoUsableAnswer
from loopcutter_host.errors import ModelFailed
from loopcutter_host.model import Place, Plan, Proposal


def flat(text: str) -> str:
    return " ".join(text.split())


def form(server: OllamaServer) -> str:
    """The form that the last prompt asks for."""
    told = {"SEARCH": "blocks", "holds the whole file": "file", "whole of it as it shall be": "function"}
    return next(name for words, name in told.items() if words in flat(server.prompts[-1]))


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        ("494.03M", "function"),
        ("7.6B", "function"),
        ("14.8B", "function"),  # what is called 14b
        ("20.9B", "blocks"),
        ("23.6B", "blocks"),  # what is called 24b
        ("32.8B", "blocks"),
        ("", "function"),
    ],
)
def test_size_of_a_model_decides_how_code_is_asked_for(size: str, wanted: str) -> None:
    server = OllamaServer([BLOCKS if wanted == "blocks" else EDIT], size=size)
    assert ask_edit(server).edits == ((REPLACE_EDIT if wanted == "blocks" else SYMBOL_EDIT),)
    assert form(server) == wanted


def test_form_that_is_set_goes_before_that_of_the_size() -> None:
    server = OllamaServer([EDIT], size="70.6B")
    assert ask_edit(server, edit_format="function").edits == (SYMBOL_EDIT,)
    assert form(server) == "function"


def test_whole_file_is_asked_for_when_set() -> None:
    new = CART.replace("price for price, _", "price * quantity for price, quantity")
    server = OllamaServer([f"Multiply.\n```python\n{new}```"])
    assert ask_edit(server, edit_format="file").edits == ({"kind": "file", "path": "shop/cart.py", "content": new},)
    assert server.prompts[0].endswith("Now change the file `shop/cart.py`. Answer with the fenced block.")


def test_other_granularity_is_another_form() -> None:
    server = OllamaServer([BLOCKS])
    assert ask_edit(server, replace(PLANNED, rung="other-granularity")).edits == (REPLACE_EDIT,)


def test_two_repairs_then_the_other_format_then_an_honest_failure() -> None:
    server = OllamaServer(["I can't do that."])
    with pytest.raises(ModelFailed, match="nothing usable") as raised:
        ask_edit(server)
    assert isinstance(raised.value, NoUsableAnswer)
    assert (raised.value.came, len(raised.value.problems)) == ("I can't do that.", 3)
    assert ["holds the whole file" in prompt for prompt in map(flat, server.prompts)] == [False] * 3 + [True] * 3


def test_other_format_of_a_large_model_is_the_whole_function() -> None:
    server = OllamaServer(["no", "no", "no", EDIT], size="32.8B")
    assert ask_edit(server).edits == (SYMBOL_EDIT,)
    assert form(server) == "function"


def test_other_format_is_used_when_the_first_keeps_failing() -> None:
    server = OllamaServer(["no", "no", "no", BLOCKS])
    assert ask_edit(server) == Proposal((REPLACE_EDIT,), "Multiply.")


def test_other_format_is_asked_for_after_two_refusals() -> None:
    refused = replace(FAILED, diff="", result="refused: the search text was not found")
    server = OllamaServer([EDIT])
    assert ask_edit(server, replace(PLANNED, attempts=(refused, refused)), edit_format="blocks").edits == (SYMBOL_EDIT,)


TOP = replace(PLANNED, plan=Plan("the import is missing", (Place("shop/cart.py", "", (1, 1), 1.0, "frame"),)))
ANYWHERE = {key: value for key, value in REPLACE_EDIT.items() if key != "near_line"}


def test_short_file_is_written_anew_where_the_place_is_in_no_function() -> None:
    server = OllamaServer([BLOCKS])
    assert ask_edit(server, TOP).edits == (ANYWHERE,), "blocks are understood all the same"
    assert form(server) == "file"


def test_long_file_is_changed_by_blocks_where_the_place_is_in_no_function() -> None:
    long = CART + "".join(f"\n\ndef tax_{number}(total):\n    return total\n" for number in range(40))
    server = OllamaServer([BLOCKS])
    assert ask_edit(server, TOP, Library({"shop/cart.py": long, "tests/test_cart.py": TEST})).edits == (ANYWHERE,)
    assert form(server) == "blocks"


def test_function_too_long_to_be_written_anew_is_changed_by_blocks_around_the_line_that_failed() -> None:
    long = CART.replace(
        "        return sum(", "".join(f"        # reason {n}\n" for n in range(900)) + "        return sum("
    )
    frames = (*FAILURE.frames, ("shop/cart.py", 912, "total"))
    seen = replace(
        PLANNED, failures=(replace(FAILURE, frames=frames),), plan=Plan("wrong", (replace(TOTAL, lines=(11, 912)),))
    )
    server = OllamaServer([BLOCKS])
    made = ask_edit(server, seen, Library({"shop/cart.py": long, "tests/test_cart.py": TEST}))
    assert made.edits == ({**REPLACE_EDIT, "near_line": 912},)
    assert "return sum(price for price, _ in self.lines)" in server.prompts[0]
    assert "# reason 300\n" not in server.prompts[0]
