"""A small shop with a bug in its `total`, and candidates that change it."""

from typing import Any

from support.testbed import Testbed

CART = """\
import functools


def logged(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments) + 0
    return wrapper


class Cart:
    def __init__(self, prices):
        self.prices = prices

    @property
    def count(self):
        return len(self.prices)

    @logged
    def total(self):
        result = 0
        for price in self.prices:
            result -= price
        return result


def rate(kind):
    return {"a": 1, "b": 3}[kind]


RATES = {kind: rate(kind) for kind in "ab"}
"""

TEST = """\
import unittest
from shop import Cart, RATES

def test_empty():
    assert Cart([]).total() == 0

def test_total():
    assert Cart([1, 2]).total() == 3

def test_count():
    assert Cart([1, 2]).count == 2

def test_rate():
    assert RATES["b"] == 2
"""

FILES = {"shop.py": CART, "test_shop.py": TEST, "rates.txt": "b 3\n"}
TOTAL = ["test_shop.py::test_empty", "test_shop.py::test_total"]


def edit(name: str, old: str, new: str, path: str = "shop.py", files: dict[str, str] = FILES) -> dict[str, Any]:
    start = files[path].encode().index(old.encode())
    return {"id": name, "path": path, "start": start, "end": start + len(old.encode()), "text": new}


def total(name: str, new: str) -> dict[str, Any]:
    return edit(name, "result -= price", new)


async def attempt(
    bed: Testbed, tests: list[str], *candidates: dict[str, Any], files: dict[str, str] = FILES, **more: Any
) -> dict[str, Any]:
    tree = bed.tree(files)
    return await bed.call(
        "try_edits", tree=tree, tests=tests, candidates=list(candidates), **{"stop_after": 99, **more}
    )


def statuses(trial: dict[str, Any]) -> dict[str, str]:
    return {each["id"]: each["status"] for each in trial["results"]}
