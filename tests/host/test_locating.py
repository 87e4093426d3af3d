"""Places are ranked by retrieval and by the spectrum of covered lines; the next place is one nobody has touched."""

import asyncio

from support.library import Library

from loopcutter_host.locating import issue_traces, ranked, suspicion, traces_in_words, untouched
from loopcutter_host.model import Attempt, Failure, Place

CART = """class Cart:
    def total(self):
        return sum(self.prices)

    def size(self):
        return 1


def tax(x):
    return x
"""
FILES = {"shop/cart.py": CART}
TOTAL = Place("shop/cart.py", "Cart.total", (2, 3), 0.4, "word")
SIZE = Place("shop/cart.py", "Cart.size", (5, 6), 0.9, "named")
FAILURE = Failure("tests/test_cart.py::test_total", "AssertionError", "assert 1 == 2")
COVERAGE = {
    "tests/test_cart.py::test_total": {"shop/cart.py": [3, 6, 10], "tests/test_cart.py": [4]},
    "tests/test_cart.py::test_size": {"shop/cart.py": [6]},
}


def attempt(*symbols: str) -> Attempt:
    return Attempt(1, "m", "", "", "", "failed", symbols=symbols)


def test_lines_that_only_failing_tests_run_go_before_what_retrieval_names() -> None:
    hot = suspicion([FAILURE], COVERAGE, [SIZE, TOTAL])
    places = asyncio.run(ranked(Library(FILES), "tree-1", [TOTAL, SIZE], hot))
    assert [place.symbol for place in places] == ["Cart.total", "Cart.size", "tax"]
    assert "failing tests run it more than passing ones (1.00)" in places[0].why


def test_without_coverage_retrievals_order_stands() -> None:
    assert suspicion([FAILURE], {}, [SIZE]) == {}
    assert asyncio.run(ranked(Library(FILES), "tree-1", [SIZE, TOTAL], {})) == (SIZE, TOTAL)


def test_untouched_is_what_no_attempt_changed_nor_wanted_to() -> None:
    tax = Place("shop/cart.py", "tax", (9, 10), 0.1, "")
    cart = Place("shop/cart.py", "Cart", (1, 6), 0.1, "")
    assert untouched([TOTAL, SIZE, cart, tax], [attempt("shop/cart.py::Cart.total")]) == (SIZE, tax)
    assert untouched([TOTAL, tax], [attempt("other.py::Cart.total")]) == (TOTAL, tax)
    assert untouched([TOTAL, tax], [attempt("shop/cart.py::")]) == (TOTAL, tax)


def test_traces_of_an_issue_are_told_in_the_workspaces_own_paths() -> None:
    issue = (
        "It breaks:\nTraceback (most recent call last):\n"
        '  File "C:\\proj\\shop\\cart.py", line 3, in total\n    return sum(self.prices)\n'
        '  File "/usr/lib/python3.11/json/decoder.py", line 7, in decode\nKeyError: 1\n'
    )
    told = traces_in_words(issue_traces(issue, [TOTAL]))
    assert told == "  at shop/cart.py:3 in total\n  (outside the workspace: json/decoder.py:7 in decode)\nKeyError: 1"
