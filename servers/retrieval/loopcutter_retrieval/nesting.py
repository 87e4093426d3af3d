"""Finds out whose text is whose: what lies within a definition, in whatever language it is written."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tree_sitter import Node

from loopcutter_retrieval.language import Kind, Symbol
from loopcutter_retrieval.syntax import Syntax

_SHORTEST_MESSAGE = 12
_QUOTES = re.compile(r"^[a-zA-Z]{0,2}(\"\"\"|'''|\"|'|`)")
_DEEPEST = 40
"""Definitions within definitions; deeper ones are no symbols of their own, or their names would fill the index."""


@dataclass
class Span:
    """A definition while it is being read."""

    start: int
    end: int
    kind: Kind
    name: str
    node: Node | None = None
    outer: "Span | None" = None
    """The definition around it."""
    inner: list[tuple[int, int]] = field(default_factory=list)
    """Parts that are the text of others."""
    owns_text: bool = True
    """What is defined within a function is part of the function's text."""
    calls: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    """What else it does: `raises ValueError`."""
    changed: list[Node] = field(default_factory=list)
    """What methods are called on that change it."""
    parameters: frozenset[str] | None = None


def nest(source: bytes, spans: list[Span]) -> list[Span]:
    """The file first, then its definitions in order, each with its dotted name and what it contains."""
    module = Span(0, len(source), "module", "")
    open_ = [module]
    ordered = [module]
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        while len(open_) > 1 and open_[-1].end <= span.start:
            open_.pop()
        if len(open_) > _DEEPEST:
            continue
        outer = span.outer = open_[-1]
        span.name = f"{outer.name}.{span.name}".lstrip(".")
        if span.kind == "function" and outer.kind == "class":
            span.kind = "method"
        span.owns_text = outer.kind in ("module", "class") and outer.owns_text
        if span.owns_text:
            outer.inner.append((span.start, span.end))
        open_.append(span)
        ordered.append(span)
    return ordered


class Owners:
    """Says whose text a byte is."""

    def __init__(self, spans: list[Span]) -> None:
        self.spans = spans
        self._changes: list[tuple[int, Span]] = []
        open_: list[Span] = []
        for span in spans:
            if span.owns_text:
                self._close(open_, span.start)
                open_.append(span)
                self._changes.append((span.start, span))
        self._close(open_, 1 << 62)
        self._starts = [start for start, _ in self._changes]

    def _close(self, open_: list[Span], position: int) -> None:
        while len(open_) > 1 and open_[-1].end <= position:
            closed = open_.pop()
            self._changes.append((closed.end, open_[-1]))

    def of(self, position: int) -> Span:
        return self._changes[bisect_right(self._starts, position) - 1][1]


def collect_messages(found: Syntax, literals: Iterable[Node], owners: "Owners") -> None:
    """Give the string literals of several words to whom they belong; docstrings are none."""
    docstrings = {node.start_byte for node in found.docstrings}
    for node in literals:
        start, end = node.start_byte, node.end_byte
        if end - start >= _SHORTEST_MESSAGE and start not in docstrings:
            text = found.source[start:end]
            if b" " in text:
                owners.of(start).messages.append(_unquoted(text.decode("utf-8", "replace")))


def _unquoted(literal: str) -> str:
    return _QUOTES.sub("", literal).rstrip("\"'`")


def symbols(
    source: bytes, spans: Sequence[Span], prose: Iterable[Node], bases: Callable[[Node | None], Iterable[str]]
) -> tuple[Symbol, ...]:
    """The spans, with what was collected for them; the `prose` nodes are no code."""
    ranges = sorted((node.start_byte, node.end_byte) for node in prose)
    found = []
    begin, first = 0, 1
    for span in spans:  # in the order of their starts
        first += source.count(b"\n", begin, span.start)
        begin = span.start
        last = first + source.count(b"\n", begin, max(span.end - 1, begin))
        code, words = _split(source, span, ranges) if span.owns_text else ("", "")
        lists = tuple(dict.fromkeys(span.calls)), tuple(bases(span.node))
        more = tuple(span.messages), tuple(dict.fromkeys(span.facts))
        found.append(Symbol(span.name, span.kind, first, last, *lists, code, words, *more))
    return tuple(found)


def _split(source: bytes, span: Span, prose: list[tuple[int, int]]) -> tuple[str, str]:
    """The span's own text, as code and as prose."""
    code, words, at = [], [], span.start
    for stop, resume in [*span.inner, (span.end, span.end)]:
        position = bisect_right(prose, (at, -1))
        while position < len(prose) and prose[position][0] < stop:
            start, end = prose[position]
            code.append(source[at:start])
            words.append(source[start:end])
            at = max(at, end)
            position += 1
        code.append(source[at:stop])
        at = max(at, resume)
    return b"\n".join(code).decode("utf-8", "replace"), b"\n".join(words).decode("utf-8", "replace")
