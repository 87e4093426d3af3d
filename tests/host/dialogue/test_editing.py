"""An edit: of the place that is meant, in a fence, never of a test."""

from dataclasses import replace

from support.cart import BLOCKS, BRIEFING, EDIT, FAILED, PLANNED, REPLACE_EDIT, SYMBOL_EDIT, ask_edit, library
from support.ollama_server import OllamaServer

from loopcutter_host.model import Proposal


def test_code_is_read_from_the_first_tree_while_the_present_one_is_unknown() -> None:
    server = OllamaServer([EDIT])
    ask_edit(server, replace(PLANNED, tree="tree-2"), library("tree-1"))
    assert "return sum(price for price, _ in self.lines)" in server.prompts[0]


def test_edit_is_the_whole_function_of_the_plan() -> None:
    assert ask_edit(OllamaServer([EDIT])) == Proposal((SYMBOL_EDIT,), "I multiply by the quantity.")


def test_edit_asks_for_code_in_a_fence_and_never_for_json() -> None:
    server = OllamaServer([EDIT])
    ask_edit(server)
    assert ("format" in server.chats[0], "tools" in server.chats[0]) == (False, False)
    assert server.prompts[0].endswith("Now change `Cart.total` in `shop/cart.py`. Answer with the fenced block.")


def test_edit_of_a_test_is_refused() -> None:
    server = OllamaServer([BLOCKS.replace("shop/cart.py", "tests/test_cart.py"), BLOCKS])
    assert ask_edit(server, edit_format="blocks").edits == (REPLACE_EDIT,)
    assert "tests/test_cart.py holds the tests" in server.prompts[1]


def test_place_that_the_host_chose_goes_before_that_of_the_plan() -> None:
    server = OllamaServer(["```python\ndef discount(total):\n    return total\n```"])
    chosen = next(place for place in PLANNED.places if place.symbol == "discount")
    made = ask_edit(server, replace(PLANNED, attempts=(FAILED,), rung="next-place", focus=chosen))
    assert made.edits[0]["symbol"] == "discount"


def test_nothing_known_means_nothing_proposed() -> None:
    assert ask_edit(OllamaServer(), replace(BRIEFING, places=())).edits == ()
