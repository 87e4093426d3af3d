"""What it means that a demanded id names a test."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any


class Wanted:
    """Demanded ids: of tests, but also of classes, files and folders, and ``.`` for everything."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = list(ids)
        self._known = set(self.ids)
        self._met: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self.ids)

    def names(self, test: str) -> bool:
        """Whether `test` is demanded."""
        return any(place in self._known for place in _places(test))

    def meet(self, test: str) -> None:
        """Note that `test` has run."""
        self._met.update(place for place in _places(test) if place in self._known)

    def missing(self) -> list[str]:
        """The ids of which no test has run."""
        return [each for each in self.ids if each not in self._met]


def called_otherwise(wanted: Iterable[str], items: list[Any]) -> list[tuple[Any, str]]:
    """Items that have another name in this process, each with the demanded id that is meant.

    Pytest names a parameter it can't show after its place, ``test_it[4-expected5]``, and the places in a set change
    with the process where hashes are addresses. What differs in such numbers alone is meant, if it is the only one.
    """
    demanded = set(wanted)
    missing: dict[str, list[str]] = {}
    for each in demanded - {item.nodeid for item in items}:
        if each.endswith("]"):
            missing.setdefault(each.partition("[")[0], []).append(each)
    alike: dict[str, list[Any]] = {}
    asked: dict[str, set[str]] = {}
    numbered: dict[str, re.Pattern[str]] = {}
    for item in items:
        function = item.nodeid.partition("[")[0]
        parameters = getattr(getattr(item, "callspec", None), "params", None)
        if function not in missing or not parameters or item.nodeid in demanded:
            continue
        if function not in numbered:
            numbers = numbered[function] = _numbers(parameters)
            for each in missing[function]:
                asked.setdefault(numbers.sub(r"\1", each), set()).add(each)
        alike.setdefault(numbered[function].sub(r"\1", item.nodeid), []).append(item)
    pairs = [(alike[each], names) for each, names in asked.items() if each in alike]
    return [(found[0], names.pop()) for found, names in pairs if len(found) == len(names) == 1]


def _numbers(parameters: Iterable[str]) -> re.Pattern[str]:
    """What pytest calls values of these parameters that it can't show."""
    return re.compile(rf"(?<=[\[-])({'|'.join(map(re.escape, parameters))})\d+(?=[]-])")


def call(item: Any, name: str) -> None:
    """Give an item another id, for every report; as a class attribute, for what pytest keeps it in is its own."""
    kind: Any = type(item)
    make: Any = type(kind)
    item.__class__ = make(kind.__name__, (kind,), {"nodeid": name, "__module__": kind.__module__})


def _places(test: str) -> Iterator[str]:
    """What `test` is called, and what it is in: its function, class, file and folders."""
    yield test
    yield "."
    for position, mark in enumerate(test):
        if mark in "[:/":
            yield test[:position]
