"""Reads Python, broken Python included: its definitions, imports and calls, and whose text is whose."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from loopcutter_retrieval import syntax
from loopcutter_retrieval.language import Import, Kind, Outline, Symbol
from loopcutter_retrieval.syntax import Syntax

_DEFINITION = re.compile(rb"[ \t]*(?:async[ \t]+)?(def|class)[ \t]+([^\W\d]\w*)")
_QUOTES = re.compile(r"^[a-zA-Z]{0,2}(\"\"\"|'''|\"|')")
_SHORTEST_MESSAGE = 12
_DEEPEST = 40
"""Definitions within definitions; deeper ones are no symbols of their own, or their names would fill the index."""


@dataclass
class _Span:
    """A definition while it is being read."""

    start: int
    end: int
    kind: Kind
    name: str
    node: Node | None = None
    inner: list[tuple[int, int]] = field(default_factory=list)
    """Parts that are the text of others."""
    owns_text: bool = True
    """What is defined within a function is part of the function's text."""
    calls: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


class Python:
    """Python of any version."""

    name = "python"

    def outline(self, source: bytes) -> Outline:
        found = syntax.parse(source)
        spans = _nest(source, [*_definitions(found), *_lost(found)])
        owners = _Owners(spans)
        _collect_calls(found, owners)
        _collect_messages(found, owners)
        prose = sorted((node.start_byte, node.end_byte) for node in [*found.nodes["comment"], *found.docstrings])
        line_at = _line_counter(source)
        return Outline(
            tuple(_symbol(found, span, prose, (line_at(span.start), line_at(max(span.end - 1, 0)))) for span in spans),
            tuple(
                imported
                for kind in ("import_statement", "import_from_statement")
                for node in found.nodes[kind]
                for imported in _imports(found, node)
            ),
            found.problem,
        )


def _definitions(found: Syntax) -> Iterator[_Span]:
    starts = {}
    for node in found.nodes["decorated_definition"]:
        definition = node.child_by_field_name("definition")
        if definition is not None:
            starts[definition.start_byte] = node.start_byte
    kinds: tuple[tuple[str, Kind], ...] = (("function_definition", "function"), ("class_definition", "class"))
    for type_, kind in kinds:
        for node in found.nodes[type_]:
            name = found.text(node.child_by_field_name("name"))
            if name:
                start = starts.get(node.start_byte, node.start_byte)
                yield _Span(start, node.end_byte, kind, name, node)


def _lost(found: Syntax) -> Iterator[_Span]:
    """Definitions lost among errors, known by how their line begins; a block ends where it is dedented."""
    if not found.problem:
        return
    known = {node.start_byte for kind in ("function_definition", "class_definition") for node in found.nodes[kind]}
    strings = sorted((node.start_byte, node.end_byte) for node in found.nodes["string"])
    open_: list[tuple[int, _Span]] = []
    at = end = 0
    for line in found.source.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip(b" \t"))
        if line.strip() and not line[indent:].startswith((b"#", b")", b"]", b"}")):
            while open_ and open_[-1][0] >= indent:
                open_.pop()[1].end = end
            match = _DEFINITION.match(line)
            if match and at + indent not in known and not _within(strings, at + indent):
                kind: Kind = "class" if match[1] == b"class" else "function"
                span = _Span(at + indent, at + len(line), kind, match[2].decode("utf-8", "replace"))
                open_.append((indent, span))
                yield span
            end = at + len(line.rstrip())
        at += len(line)
    for _, span in open_:
        span.end = end


def _within(ranges: list[tuple[int, int]], position: int) -> bool:
    at = bisect_right(ranges, (position, 1 << 62)) - 1
    return at >= 0 and ranges[at][1] > position


def _nest(source: bytes, spans: list[_Span]) -> list[_Span]:
    """The file first, then its definitions in order, each with its dotted name and what it contains."""
    module = _Span(0, len(source), "module", "")
    open_ = [module]
    ordered = [module]
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        while len(open_) > 1 and open_[-1].end <= span.start:
            open_.pop()
        if len(open_) > _DEEPEST:
            continue
        outer = open_[-1]
        span.name = f"{outer.name}.{span.name}".lstrip(".")
        if span.kind == "function" and outer.kind == "class":
            span.kind = "method"
        span.owns_text = outer.kind in ("module", "class") and outer.owns_text
        if span.owns_text:
            outer.inner.append((span.start, span.end))
        open_.append(span)
        ordered.append(span)
    return ordered


class _Owners:
    """Says whose text a byte is."""

    def __init__(self, spans: list[_Span]) -> None:
        self._changes: list[tuple[int, _Span]] = []
        open_: list[_Span] = []
        for span in spans:
            if span.owns_text:
                self._close(open_, span.start)
                open_.append(span)
                self._changes.append((span.start, span))
        self._close(open_, 1 << 62)
        self._starts = [start for start, _ in self._changes]

    def _close(self, open_: list[_Span], position: int) -> None:
        while len(open_) > 1 and open_[-1].end <= position:
            closed = open_.pop()
            self._changes.append((closed.end, open_[-1]))

    def of(self, position: int) -> _Span:
        return self._changes[bisect_right(self._starts, position) - 1][1]


def _collect_calls(found: Syntax, owners: _Owners) -> None:
    for node in found.nodes["call"]:
        function = node.child_by_field_name("function")
        if function is None or function.type not in ("identifier", "attribute"):
            continue
        if function.type == "identifier":
            name = found.text(function)
        else:  # never the text of a whole chain: a().b().c()… would cost its length squared
            holder = function.child_by_field_name("object")
            plain = holder is not None and holder.type == "identifier"
            name = f"{found.text(holder) if plain else ''}.{found.text(function.child_by_field_name('attribute'))}"
        owners.of(node.start_byte).calls.append(name)


def _collect_messages(found: Syntax, owners: _Owners) -> None:
    docstrings = {node.start_byte for node in found.docstrings}
    for node in found.nodes["string"]:
        start, end = node.start_byte, node.end_byte
        if end - start >= _SHORTEST_MESSAGE and start not in docstrings:
            text = found.source[start:end]
            if b" " in text:
                owners.of(start).messages.append(_unquoted(text.decode("utf-8", "replace")))


def _unquoted(literal: str) -> str:
    return _QUOTES.sub("", literal).rstrip("\"'")


def _imports(found: Syntax, node: Node) -> Iterator[Import]:
    origin = node.child_by_field_name("module_name")
    prefix = found.text(origin)
    names = node.children_by_field_name("name")
    if origin is not None and not names:
        yield Import("*", prefix)
    for name in names:
        aliased = name.type == "aliased_import"
        target = found.text(name.child_by_field_name("name") if aliased else name)
        alias = found.text(name.child_by_field_name("alias")) if aliased else ""
        if origin is None:
            yield Import(alias or target, target)
        else:
            yield Import(alias or target, f"{prefix}{'' if prefix.endswith('.') else '.'}{target}")


def _line_counter(source: bytes):  # type: ignore[no-untyped-def]
    breaks = [match.start() for match in re.finditer(rb"\n", source)]
    return lambda position: bisect_right(breaks, position - 1) + 1


def _symbol(found: Syntax, span: _Span, prose: list[tuple[int, int]], lines: tuple[int, int]) -> Symbol:
    code, words = _split(found.source, span, prose) if span.owns_text else ("", "")
    return Symbol(
        span.name,
        span.kind,
        lines[0],
        max(lines),
        tuple(dict.fromkeys(span.calls)),
        tuple(_bases(found, span.node)),
        code,
        words,
        tuple(span.messages),
    )


def _split(source: bytes, span: _Span, prose: list[tuple[int, int]]) -> tuple[str, str]:
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


def _bases(found: Syntax, node: Node | None) -> Iterator[str]:
    listed = node.child_by_field_name("superclasses") if node is not None else None
    for base in listed.named_children if listed is not None else []:
        if base.type in ("identifier", "attribute"):
            yield found.text(base).rpartition(".")[2]
