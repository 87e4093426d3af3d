"""What a query names outright."""

import time

import pytest

from loopcutter_retrieval.mentions import LONGEST, Failure, Frame, Query, matching

TRACE = """Total is wrong

Traceback (most recent call last):
  File "/usr/lib/python3/site-packages/shop/cart.py", line 20, in total
    return rounded(x)
  File "C:\\\\code\\\\shop\\\\money.py", line 3, in rounded
    return round(amount)
TypeError: cannot round
"""


def test_frames_of_a_python_traceback_are_found() -> None:
    assert Query.of(TRACE).frames == (
        Frame("/usr/lib/python3/site-packages/shop/cart.py", 20, "total"),
        Frame("C:\\\\code\\\\shop\\\\money.py", 3, "rounded"),
    )


def test_frames_of_pytest_are_found() -> None:
    text = "tests/test_cart.py:5: in test_total\n    x\nshop/cart.py:20: TypeError\n"
    assert Query.of(text).frames == (Frame("tests/test_cart.py", 5, "test_total"), Frame("shop/cart.py", 20, ""))


def test_failures_read_like_text() -> None:
    failure = Failure(
        "tests/test_cart.py::test_total", "TypeError", "cannot round", (Frame("shop/cart.py", 20, "total"),)
    )
    query = Query.of("Total is wrong", [failure])
    assert query.title == "Total is wrong"
    assert query.frames == (Frame("shop/cart.py", 20, "total"),)
    assert query.paths == ("tests/test_cart.py", "shop/cart.py")


def test_title_is_the_first_line_with_something_in_it() -> None:
    assert Query.of("\n\n  Total is wrong\nbody").title == "Total is wrong"


def test_names_in_code_and_title_weigh_more_than_words() -> None:
    names = Query.of("Cart fails\nthe discount of `subtotal` and applyDiscount").names
    assert names["applyDiscount"] > names["subtotal"] > names["discount"]
    assert names["Cart"] > names["discount"]


def test_dotted_names_are_found_but_not_in_paths() -> None:
    assert Query.of("call shop.cart.Cart.total() in src/shop/cart.py").dotted == ("shop.cart.Cart.total",)


PATHS = {"cart.py": ["src/shop/cart.py", "src/admin/cart.py"], "money.py": ["src/shop/money.py"]}


@pytest.mark.parametrize(
    ("mentioned", "expected"),
    [
        ("src/shop/cart.py", ["src/shop/cart.py"]),
        ("/usr/lib/site-packages/shop/cart.py", ["src/shop/cart.py"]),
        ("./shop/cart.py", ["src/shop/cart.py"]),
        ("cart.py", ["src/shop/cart.py", "src/admin/cart.py"]),
        ("elsewhere/cart.py", []),
        ("elsewhere/money.py", ["src/shop/money.py"]),
        ("unknown.py", []),
        ("/", []),
    ],
)
def test_mentioned_path_means_the_file_with_the_longest_common_tail(mentioned: str, expected: list[str]) -> None:
    assert matching(mentioned, PATHS) == expected


@pytest.mark.parametrize(
    "text",
    ["", "\0" * 1000, "a" * 10_000_000, "a." * 100_000, "a/" * 100_000, "`" * 100_000, "\ud800", ">" * 50_000 + "\n"],
    ids=["empty", "null bytes", "huge", "dots", "slashes", "backticks", "surrogate", "quotes"],
)
def test_hostile_query_is_read_at_once(text: str) -> None:
    began = time.thread_time()
    query = Query.of(text)
    assert len(query.text) <= LONGEST
    query.text.encode()
    assert query.frames == ()
    assert query.paths == ()
    assert len(query.names) + len(query.dotted) <= 200
    assert time.thread_time() - began < 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Refunds are wrong when nobody pays", 0),
        ("basketTotal is wrong", 1),
        ("it fails in `Cart`", 1),
        ("see shop/cart.py", 1),
    ],
)
def test_what_is_named_outright_is_counted(text: str, count: int) -> None:
    assert Query.of(text).outright == count
