"""JSON, in and out, by the C parts of `json` alone: to import all of that takes longer than to start Python."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    quoted: Callable[[str], str]
    make_scanner: Callable[[object], Callable[[str, int], tuple[Any, int]]]
else:
    try:
        from _json import encode_basestring_ascii as quoted
        from _json import make_scanner
    except ImportError:  # another Python than CPython
        from json.encoder import py_encode_basestring_ascii as quoted
        from json.scanner import py_make_scanner as make_scanner


class _Manner:
    """How the scanner is to read."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float
    memo: dict[str, str] = {}  # noqa: RUF012 - what it asks for


def read(text: str) -> Any:
    """What `text` says; it is our own and begins at its first character."""
    return make_scanner(_Manner)(text, 0)[0]


def line(**facts: str | int | bool) -> bytes:
    """One object of words, numbers and truths."""
    return f"{{{', '.join(f'{quoted(name)}: {_value(fact)}' for name, fact in facts.items())}}}\n".encode("ascii")


def _value(fact: str | int | bool) -> str:
    if isinstance(fact, str):
        return quoted(fact)
    return str(fact).lower()
