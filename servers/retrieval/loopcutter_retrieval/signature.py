"""Finds the lines of a definition that tell what it is: its signature, the beginning of its docstring, and the rest."""

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
    header = _header_end(lines, first, last)
    match = _docstring(lines, header, last)
    if match is None:
        return header
    end = header + 1
    closed = match[1] in lines[header][match.end() :]
    while not closed and end < min(last, header + _MOST_DOCSTRING) and lines[end].strip():
        closed = match[1] in lines[end]
        end += 1
    return end


def docstring_rest(lines: Sequence[str], first: int, last: int) -> range:
    """The lines of a docstring after its first paragraph, to its end; none where no docstring is."""
    last = min(last, len(lines))
    header = _header_end(lines, first, last)
    match = _docstring(lines, header, last)
    if match is None:
        return range(0)
    end = header + 1
    closed = match[1] in lines[header][match.end() :]
    while not closed and end < last:
        closed = match[1] in lines[end]
        end += 1
    return range(signature_end(lines, first, last) + 1, end + 1) if closed else range(0)


def _header_end(lines: Sequence[str], first: int, last: int) -> int:
    at = header_start(lines, first, last)
    end = min(at + _LONGEST, last)
    depth = 0
    while at < end:
        line = lines[at - 1]
        depth += sum(map(line.count, "([")) - sum(map(line.count, ")]"))
        if depth <= 0 and _ENDS.search(line):
            break
        at += 1
    return at


def _docstring(lines: Sequence[str], header: int, last: int) -> re.Match[str] | None:
    """The quotes that open a docstring after the header, if one stands there."""
    return _DOCSTRING.match(lines[header]) if header < last else None
