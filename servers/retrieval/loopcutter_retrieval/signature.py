"""Finds the lines of a definition that tell what it is: its signature and the beginning of its docstring."""

import re
from collections.abc import Sequence

_BEFORE = re.compile(r"\s*(@|/\*|\*|//|#)")
"""What may stand before a signature: decorators and comments."""
_OPENS = re.compile(r"\s*(async\s+)?(def|class)\b")
_ENDS = re.compile(r"(:|\{|=>|;)\s*((#|//).*)?$")
_DOCSTRING = re.compile(r"\s*[rRuUbB]{0,2}(\"\"\"|''')")
_LONGEST = 15
"""Lines of a signature, decorators included."""
_MOST_DOCSTRING = 5


def header_start(lines: Sequence[str], first: int, last: int) -> int:
    """The line, counted from 1, where the signature begins: after decorators, which may span lines."""
    span = range(first, min(last, first + _LONGEST, len(lines)) + 1)
    named = (at for at in span if _OPENS.match(lines[at - 1]))
    return next(named, next((at for at in span if not _BEFORE.match(lines[at - 1])), first))


def signature_end(lines: Sequence[str], first: int, last: int) -> int:
    """The last line of the signature or of its docstring's first paragraph."""
    last = min(last, len(lines))
    at = header_start(lines, first, last)
    end = min(at + _LONGEST, last)
    depth = 0
    while at < end:
        line = lines[at - 1]
        depth += sum(map(line.count, "([")) - sum(map(line.count, ")]"))
        if depth <= 0 and _ENDS.search(line):
            break
        at += 1
    return _docstring_end(lines, at, last)


def _docstring_end(lines: Sequence[str], header: int, last: int) -> int:
    if header >= last or not (match := _DOCSTRING.match(lines[header])):
        return header
    quotes = match[1]
    end = header + 1
    closed = quotes in lines[header][match.end() :]
    while not closed and end < min(last, header + _MOST_DOCSTRING) and lines[end].strip():
        closed = quotes in lines[end]
        end += 1
    return end
