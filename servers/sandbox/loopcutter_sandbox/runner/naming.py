"""What it means that a demanded id names a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


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


def _places(test: str) -> Iterator[str]:
    """What `test` is called, and what it is in: its function, class, file and folders."""
    yield test
    yield "."
    for position, mark in enumerate(test):
        if mark in "[:/":
            yield test[:position]
