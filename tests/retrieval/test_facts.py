"""What a piece of Python does beside calling."""

import pytest

from loopcutter_retrieval.python import Python

SOURCE = b'''
import functools
from shop import prices

CACHE = {}
LIMIT: int = 3
TOTAL = 0


@functools.lru_cache(maxsize=3)
def load(path, LIMIT=LIMIT):
    """Speaks of CACHE and of LIMIT."""
    global TOTAL
    TOTAL += 1
    CACHE[path] = "CACHE"  # CACHE
    try:
        return prices.table.rows
    except (KeyError, errors.Broken) as problem:
        raise ValueError("no") from problem
    except:
        raise


class Cart:
    def add(self, item):
        if len(self.items) > LIMIT:
            raise errors.TooMany
        self.items.append(item)
        self.count, [self.last, *self.rest] = 1, item
        del self.cache[item]
        prices.RATE = 2
        self.load(CACHE=1).now().price
        self.note: int


def shadow(LIMIT):
    CACHE = 3
    return CACHE, LIMIT
'''


def facts(source: bytes, name: str) -> list[str]:
    return sorted(next(symbol.facts for symbol in Python().outline(source).symbols if symbol.name == name))


def test_decorators_variables_and_exceptions_of_a_function() -> None:
    assert facts(SOURCE, "load") == [
        "catches BaseException",
        "catches KeyError",
        "catches errors.Broken",
        "decorated functools.lru_cache",
        "raises ValueError",
        "reads TOTAL",
        "reads errors.Broken",
        "reads prices.table",
        "reads prices.table.rows",
        "writes CACHE",
        "writes TOTAL",
    ]


def test_attributes_that_a_method_reads_and_changes() -> None:
    assert facts(SOURCE, "Cart.add") == [
        "raises errors.TooMany",
        "reads .price",
        "reads LIMIT",
        "reads errors.TooMany",
        "reads self.items",
        "reads self.note",
        "writes prices.RATE",
        "writes self.cache",
        "writes self.count",
        "writes self.items",
        "writes self.last",
        "writes self.rest",
    ]


def test_what_a_function_calls_so_itself_is_no_variable_of_the_module() -> None:
    assert facts(SOURCE, "shadow") == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"def f():\n    raise\n", []),
        (b"def f():\n    raise errors[0]\n", []),
        (b"def f():\n    raise make()()\n", ["raises make"]),
        (b"def f():\n    try: pass\n    except* OSError: pass\n", ["catches OSError"]),
        (b"X = []\ndef f():\n    X.append(1)\n", ["reads X", "writes X"]),
        (b"X = []\ndef f():\n    del X\n", []),
        (b"def f():\n    (a, b.c), d[0] = 1\n", ["writes b.c"]),
        (b"def f():\n    x.y().z = (((a)))\n", ["writes .z"]),
        (b"async def f():\n    async for self.x in y: pass\n", ["writes self.x"]),
        (b"X = 1\ndef f():\n    for X in y: X.z\n", ["reads X.z"]),
    ],
)
def test_odd_statements(source: bytes, expected: list[str]) -> None:
    assert facts(source, "f") == expected


def test_broken_file_still_tells_what_it_has() -> None:
    assert facts(b"def f():\n    raise ValueError\n\ndef g(:\n    self.x = = 1\n", "f") == ["raises ValueError"]


def test_chain_without_end_costs_no_more_than_its_length() -> None:
    chain = b"def f():\n    return x" + b".abc" * 20_000 + b"\n"
    assert ".abc" in facts(chain, "f")[0]
    assert sum(map(len, facts(chain, "f"))) < len(chain)
