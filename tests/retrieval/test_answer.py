"""What a query leads to, whatever it is."""

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.errors import EmptyQuery
from loopcutter_retrieval.mentions import Failure, Frame


def found(shelf: Shelf, tree: str, query: str) -> list[tuple[str, str]]:
    return [(place.path, place.symbol) for place in shelf.library.search(tree, query)]


def why(shelf: Shelf, tree: str, query: str, symbol: str) -> str:
    return next(place.why for place in shelf.library.search(tree, query) if place.symbol == symbol)


def test_words_lead_to_the_function_and_say_so(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    best = shelf.library.search(tree, "price lists can't be loaded from disk")[0]
    assert (best.path, best.symbol, best.kind, best.lines) == (
        "shop/prices.py",
        "load_price_list",
        "function",
        (10, 13),
    )
    assert best.why.startswith("words: ")


def test_quoted_message_leads_to_who_raises_it(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    query = "It says: cannot discount more than 4711 items at once"
    assert found(shelf, tree, query)[0] == ("shop/prices.py", "discount")
    assert "holds the quoted message" in why(shelf, tree, query, "discount")


def test_dotted_name_leads_to_its_symbol(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    assert found(shelf, tree, "Cart.total is off")[0] == ("shop/cart.py", "Cart.total")
    assert "named" in why(shelf, tree, "Cart.total is off", "Cart.total")


def test_stack_trace_leads_to_its_frames_innermost_first(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    trace = '  File "/app/shop/cart.py", line 20, in total\n  File "/app/shop/money.py", line 3, in rounded\nTypeError'
    assert {symbol for _, symbol in found(shelf, tree, trace)[:2]} == {"rounded", "Cart.total"}
    assert why(shelf, tree, trace, "rounded").startswith("frame 1 of the trace")
    assert why(shelf, tree, trace, "Cart.total").startswith("frame 2 of the trace")


def test_neighbours_of_the_best_places_are_named_as_such(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    assert "called by Cart.total" in why(shelf, tree, "Cart.total is off", "rounded")


def test_tests_and_documents_stand_behind_the_code(shelf: Shelf) -> None:
    places = shelf.library.search(shelf.tree(SHOP), "total discount of the cart", limit=50)
    roles = ["(test)" in place.why or "(document)" in place.why for place in places]
    assert set(roles) == {True, False}
    assert roles.index(True) > 2
    assert {"tests/test_cart.py", "README.md"} <= {place.path for place in places}


def test_failing_test_leads_to_what_it_calls(shelf: Shelf) -> None:
    failure = Failure("tests/test_cart.py::test_total_takes_discount_off", "AssertionError", "assert 1 == 0")
    found = shelf.library.locate(shelf.tree(SHOP), "Something is wrong", [failure])
    files, places = found.files, found.places
    assert files[0].path == "shop/cart.py"
    assert places[0].symbol in {"Cart.total", "Cart"}
    assert "called by the test" in {place.symbol: place.why for place in places}["Cart"]


def test_located_files_say_why(shelf: Shelf) -> None:
    failure = Failure("t::t", "ValueError", "bad", (Frame("shop/prices.py", 6, "discount"),))
    found = shelf.library.locate(shelf.tree(SHOP), "Bad discount", [failure])
    files, places = found.files, found.places
    assert files[0].path == "shop/prices.py"
    assert "trace" in files[0].why
    assert places[0].symbol == "discount"


def test_tried_places_are_not_named_again(shelf: Shelf) -> None:
    tree, issue = shelf.tree(SHOP), "Cart.total takes the discount twice"
    first = shelf.library.locate(tree, issue, limit=3)
    best = first.places[0]
    assert (best.path, best.symbol, first.left_out) == ("shop/cart.py", "Cart.total", 0)

    without_symbol = shelf.library.locate(tree, issue, limit=3, tried=[f"{best.path}::{best.symbol}"])
    assert [one.symbol for one in without_symbol.places][:2] == [one.symbol for one in first.places[1:]]
    assert (without_symbol.left_out, without_symbol.paths) == (1, first.paths)

    without_class = shelf.library.locate(tree, issue, tried=[f"{best.path}::Cart"])
    assert not [one for one in without_class.places if one.path == best.path and one.symbol.startswith("Cart")]

    without_file = shelf.library.locate(tree, issue, tried=[best.path])
    assert best.path in first.paths
    assert best.path not in [*without_file.paths, *(one.path for one in (*without_file.files, *without_file.places))]


@pytest.mark.parametrize("query", ["", "   \n", "!?… 123 ---", "\0\0\0"])
def test_query_without_words_is_refused(shelf: Shelf, query: str) -> None:
    with pytest.raises(EmptyQuery, match="no words"):
        shelf.library.search(shelf.tree(SHOP), query)


@pytest.mark.parametrize("query", ["the and of", "zzzunknownword", "café ☕ 日本語のテキスト", "\ud800 x"])
def test_query_that_meets_nothing_finds_nothing(shelf: Shelf, query: str) -> None:
    assert shelf.library.search(shelf.tree(SHOP), query) == []


def test_huge_and_binary_queries_are_answered(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    assert found(shelf, tree, "discount " * 100_000)[0][1] == "discount"
    binary = bytes(range(256)).decode("latin-1") * 1000
    assert found(shelf, tree, "load_price_list\n" + binary)[0][1] == "load_price_list"
    varied = "load_price_list\n" + " ".join(f"word{at}thing" for at in range(20_000))
    assert found(shelf, tree, varied)[0][1] == "load_price_list"
