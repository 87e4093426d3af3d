"""Reads Python, broken Python included: its definitions, imports and calls."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

import tree_sitter
import tree_sitter_python
from tree_sitter import Node

from loopcutter_retrieval import facts, flow, syntax
from loopcutter_retrieval.facts import CHANGING, collect_change, collect_facts
from loopcutter_retrieval.flow import Flow, collect_returned
from loopcutter_retrieval.language import Import, Kind, Outline
from loopcutter_retrieval.nesting import Owners, Span, collect_messages, nest, symbols
from loopcutter_retrieval.syntax import Grammar, Part, Syntax

_DEFINITION = re.compile(rb"[ \t]*(?:async[ \t]+)?(def|class)[ \t]+([^\W\d]\w*)")
_LEAVES = ("import_statement", "import_from_statement", "comment", "string")
_GRAMMAR = Grammar(
    tree_sitter.Language(tree_sitter_python.language()),
    ("function_definition", "class_definition", "decorated_definition", *facts.KINDS, *flow.KINDS, *_LEAVES),
    _LEAVES,
    {"called": Part("call", "function", ("identifier", "attribute")), **facts.PARTS, **flow.PARTS},
)
_LONGEST = 100
"""Bytes of what is called that are looked at; of longer chains only the nodes at their end."""
_PLAIN = re.compile(rb"(?!(?:None|True|False)\b)[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_SUPER = re.compile(rb"super\((?:\w+, ?\w+)?\)\.([A-Za-z_][A-Za-z0-9_]*)")
_TAIL = re.compile(rb"[^\s\\#\x80-\xff]*\.([A-Za-z_][A-Za-z0-9_]*)")
"""What ends in an attribute, without blanks and comments within."""


class Python:
    """Python of any version."""

    name = "python"
    unavailable = ""

    def outline(self, source: bytes) -> Outline:
        found = syntax.parse(source, _GRAMMAR)
        spans = nest(source, [*_definitions(found), *_lost(found)])
        owners = Owners(spans)
        targets = facts.written(found)
        called = _collect_calls(found, owners, Flow(found, owners, targets))
        collect_facts(found, owners, targets, called)
        collect_returned(found, owners)
        collect_messages(found, found.nodes["string"], owners)
        return Outline(
            symbols(source, spans, [*found.nodes["comment"], *found.docstrings], lambda node: _bases(found, node)),
            tuple(
                imported
                for kind in ("import_statement", "import_from_statement")
                for node in found.nodes[kind]
                for imported in _imports(found, node)
            ),
            found.problem,
        )


def _definitions(found: Syntax) -> Iterator[Span]:
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
                yield Span(start, node.end_byte, kind, name, node)


def _lost(found: Syntax) -> Iterator[Span]:
    """Definitions lost among errors, known by how their line begins; a block ends where it is dedented."""
    if not found.problem:
        return
    known = {node.start_byte for kind in ("function_definition", "class_definition") for node in found.nodes[kind]}
    strings = sorted((node.start_byte, node.end_byte) for node in found.nodes["string"])
    open_: list[tuple[int, Span]] = []
    at = end = 0
    for line in found.source.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip(b" \t"))
        if line.strip() and not line[indent:].startswith((b"#", b")", b"]", b"}")):
            while open_ and open_[-1][0] >= indent:
                open_.pop()[1].end = end
            match = _DEFINITION.match(line)
            if match and at + indent not in known and not _within(strings, at + indent):
                kind: Kind = "class" if match[1] == b"class" else "function"
                span = Span(at + indent, at + len(line), kind, match[2].decode("utf-8", "replace"))
                open_.append((indent, span))
                yield span
            end = at + len(line.rstrip())
        at += len(line)
    for _, span in open_:
        span.end = end


def _within(ranges: list[tuple[int, int]], position: int) -> bool:
    at = bisect_right(ranges, (position, 1 << 62)) - 1
    return at >= 0 and ranges[at][1] > position


def _collect_calls(found: Syntax, owners: Owners, variables: Flow) -> frozenset[int]:
    """Give each span what it calls; where the names end that are called."""
    ends = set()
    for node in found.nodes["called"]:
        start, end = node.start_byte, node.end_byte
        name = (end - start < _LONGEST and _called(found.source[start:end])) or _called_by_nodes(found, node)
        owner = owners.of(start)
        holder, dot, leaf = name.rpartition(".")
        made = holder and variables.of(owner, holder)
        owner.calls.append(f"<{made}>{name}" if made else name)
        if dot and leaf in CHANGING:
            collect_change(owner, node)
        ends.add(end)
    return frozenset(ends)


@lru_cache(maxsize=1 << 16)
def _called(text: bytes) -> str:
    """`discount`, `self.cart.total`, `super.total`, `.load`; nothing where only the nodes tell."""
    if _PLAIN.fullmatch(text):
        return text.decode()
    if match := _SUPER.fullmatch(text):
        return f"super.{match[1].decode()}"
    match = _TAIL.fullmatch(text)
    return f".{match[1].decode()}" if match else ""


def _called_by_nodes(found: Syntax, node: Node) -> str:
    """Never the text of a whole chain: a().b().c()… would cost its length squared."""
    if node.type == "identifier":
        return found.text(node)
    holder = node.child_by_field_name("object")
    plain = holder is not None and holder.type == "identifier"
    return f"{found.text(holder) if plain else ''}.{found.text(node.child_by_field_name('attribute'))}"


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


def _bases(found: Syntax, node: Node | None) -> Iterator[str]:
    listed = node.child_by_field_name("superclasses") if node is not None else None
    for base in listed.named_children if listed is not None else []:
        if base.type in ("identifier", "attribute"):
            yield found.text(base).rpartition(".")[2]
