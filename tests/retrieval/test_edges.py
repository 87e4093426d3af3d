"""What contains, imports, changes, raises, catches and decorates what."""

from collections.abc import Sequence

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.place import KINDS, Neighbours, Place

FILES = SHOP | {
    "shop/state.py": b"""RATE = 1
SEEN = []


class Closed(Exception):
    pass


def logged(function):
    return function


def remember(item):
    SEEN.append(item)
""",
    "shop/till.py": b"""from shop import state
from shop.state import Closed, logged


class Till:
    def __init__(self):
        self.coins = []

    @logged
    def pay(self, coin):
        if state.RATE > 9:
            raise Closed
        self.coins.append(coin)

    def close(self):
        state.RATE = 0
        try:
            self.pay(1)
        except Closed:
            return len(self.coins)
""",
}


def around(shelf: Shelf, name: str, *kinds: str) -> Neighbours:
    return shelf.library.neighbours(shelf.tree(FILES), name, kinds)


def named(places: Sequence[Place]) -> list[str]:
    return [place.symbol or place.path for place in places]


def test_file_and_class_contain_what_is_defined_directly_in_them(shelf: Shelf) -> None:
    assert named(around(shelf, "shop/state.py").contains) == ["Closed", "logged", "remember"]
    assert named(around(shelf, "Till").contains) == ["Till.__init__", "Till.pay", "Till.close"]


def test_file_imports_and_is_imported(shelf: Shelf) -> None:
    assert named(around(shelf, "shop.till").imports) == ["shop/state.py", "Closed", "logged"]
    assert named(around(shelf, "shop/state.py").importers) == ["shop/till.py"]
    assert named(around(shelf, "Closed").importers) == ["shop/till.py"]
    assert named(around(shelf, "remember").importers) == []


def test_method_mutates_its_object_and_what_belongs_to_other_files(shelf: Shelf) -> None:
    assert {place.symbol: place.why for place in around(shelf, "Till.pay").mutates} == {"Till": "it changes coins"}
    assert [(place.path, place.why) for place in around(shelf, "Till.close").mutates] == [
        ("shop/state.py", "it changes RATE")
    ]
    assert [(place.path, place.why) for place in around(shelf, "remember").mutates] == [
        ("shop/state.py", "it changes SEEN")
    ]


def test_class_and_file_know_who_mutates_them(shelf: Shelf) -> None:
    assert named(around(shelf, "Till").mutators) == ["Till.__init__", "Till.pay"]
    assert named(around(shelf, "shop/state.py").mutators) == ["remember", "Till.close"]


def test_exception_knows_who_raises_and_who_catches_it(shelf: Shelf) -> None:
    found = around(shelf, "Closed")
    assert (named(found.raisers), named(found.catchers)) == (["Till.pay"], ["Till.close"])


def test_decorator_knows_what_bears_it(shelf: Shelf) -> None:
    assert named(around(shelf, "logged").decorated) == ["Till.pay"]


def test_facts_come_with_neighbours_and_with_the_source(shelf: Shelf) -> None:
    expected = {"decorated logged", "raises Closed", "writes self.coins", "reads state.RATE"}
    assert expected <= set(around(shelf, "Till.pay").facts)
    (source,) = shelf.library.symbol(shelf.tree(FILES), "Till.pay")
    assert expected <= set(source.facts)


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_kinds_asked_for_are_told(shelf: Shelf, kind: str) -> None:
    for name in ("Till", "Till.pay", "shop/state.py", "Closed"):
        found = around(shelf, name, kind)
        assert [other for other in KINDS if other != kind and getattr(found, other)] == []
        assert getattr(found, kind) == getattr(around(shelf, name), kind)
