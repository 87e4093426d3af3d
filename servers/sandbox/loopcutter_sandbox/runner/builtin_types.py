"""Notices when the types of the language itself are changed: what a list is compared with is no project's to decide.

No Python code can change them; by way of the C library, or of the dictionary behind a class, it can. The table of
functions of a type lies in memory as CPython's `Include/cpython/object.h` lays it out, the same since Python 3.8.
"""

from __future__ import annotations

import sys
from typing import Any, Callable

try:
    from ctypes import string_at
except ImportError:  # a Python that was built without
    string_at = None  # type: ignore[assignment]

_TYPES = (object, type, bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, type(None))
_TABLE = ((24, 168), (192, 208), (216, 232))
"""From `tp_name` to `tp_as_buffer`, `tp_clear` and `tp_richcompare`, the iterators: between them is what may change."""


class BuiltinTypes:
    """What they were like when this was made."""

    def __init__(self) -> None:
        plain = sys.implementation.name == "cpython" and object.__basicsize__ == 16  # elsewhere they lie otherwise
        self._read: Callable[[int, int], bytes] | None = string_at if plain else None
        self._before = {kind: (dict(vars(kind)), self._table(kind)) for kind in _TYPES}

    def changed(self) -> list[str]:
        """The names of those that are different now."""
        return [
            kind.__name__
            for kind, (names, table) in self._before.items()
            if not _same(vars(kind), names) or self._table(kind) != table
        ]

    def _table(self, kind: type) -> list[bytes]:
        read = self._read
        return [] if read is None else [read(id(kind) + start, end - start) for start, end in _TABLE]


def _same(now: Any, before: dict[str, Any]) -> bool:
    return len(now) == len(before) and all(now.get(name) is thing for name, thing in before.items())
