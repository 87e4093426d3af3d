"""Symbols by the last part of their names, kept in memory from query to query: issues use the same names again."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from loopcutter_retrieval.language import Kind

SELECT = "SELECT content, number, name, kind, first, last, calls, bases FROM symbols WHERE"
_AT_ONCE = 500
"""Values in one `IN (…)`; SQLite's oldest limit is 999."""
_MOST = 30_000
"""Symbols kept."""
_MOST_NEW = 500
"""Contents added since, beyond which all is read anew when it is asked for."""
_Value = TypeVar("_Value")


class Definition(NamedTuple):
    """A symbol as the index keeps it: without its text."""

    content: int
    number: int
    """Its place among the symbols of the content."""
    name: str
    kind: Kind
    first: int
    last: int
    called: str
    inherited: str

    @property
    def calls(self) -> tuple[str, ...]:
        return tuple(self.called.split())

    @property
    def bases(self) -> tuple[str, ...]:
        return tuple(self.inherited.split())

    @property
    def leaf(self) -> str:
        """The last part of its name."""
        return self.name.rpartition(".")[2]


class Namesakes:
    """All symbols of the index that have a last name that was asked for. Not safe to use from several threads."""

    def __init__(self) -> None:
        self.by_leaf: dict[str, list[Definition]] = {}
        self._kept = 0
        self._newest = 0
        """The content added last, when it was looked for. Contents never change, and new ones have higher numbers."""

    def read(self, connection: sqlite3.Connection, leaves: Sequence[str]) -> None:
        """Have the symbols of these names, as the index has them now."""
        newest = connection.execute("SELECT ifnull(max(id), 0) FROM contents").fetchone()[0]
        if self._kept > _MOST or not self._newest <= newest <= self._newest + _MOST_NEW:
            self.by_leaf, self._kept = {}, 0
        elif newest > self._newest:
            self._keep(connection.execute(f"{SELECT} content > ? AND content <= ?", (self._newest, newest)).fetchall())
        self._newest = newest
        for some in chunked([leaf for leaf in leaves if leaf not in self.by_leaf]):
            query = f"{SELECT} leaf IN ({marks(some)}) AND content <= ?"
            rows = connection.execute(query, (*some, newest)).fetchall()  # all, or an error and none of them
            self.by_leaf.update((leaf, []) for leaf in some)
            self._keep(rows)

    def _keep(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            one = Definition._make(row)
            found = self.by_leaf.get(one.leaf)
            if found is not None:
                found.append(one)
                self._kept += 1


def marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def chunked(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    return (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE))
