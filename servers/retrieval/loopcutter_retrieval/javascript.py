"""Reads JavaScript and TypeScript, when their tree-sitter packages are installed."""

import importlib
import importlib.util
from collections.abc import Iterator
from functools import cached_property
from pathlib import PurePosixPath

import tree_sitter
from tree_sitter import Node

from loopcutter_retrieval import syntax
from loopcutter_retrieval.language import Import, Kind, Outline, Symbol
from loopcutter_retrieval.nesting import Owners, Span, collect_messages, nest, symbols
from loopcutter_retrieval.syntax import Grammar, Syntax

_FUNCTIONS = (
    *("function_declaration", "generator_function_declaration", "method_definition", "function_signature"),
    *("abstract_method_signature",),
)
_CLASSES = ("class_declaration", "abstract_class_declaration", "interface_declaration", "enum_declaration")
_ASSIGNED = {
    "variable_declarator": ("name", "value"),
    "assignment_expression": ("left", "right"),
    "field_definition": ("property", "value"),
    "public_field_definition": ("name", "value"),
    "pair": ("key", "value"),
}
"""What gives a name to a function or a class without one of its own: the fields of the name and of the value."""
_VALUES: dict[str, Kind] = {
    "arrow_function": "function",
    "function_expression": "function",
    "generator_function": "function",
    "class": "class",
}
_CALLS = {"call_expression": "function", "new_expression": "constructor"}
_LEAVES = ("import_statement", "comment", "string")
_KINDS = (*_FUNCTIONS, *_CLASSES, *_ASSIGNED, *_CALLS, "template_string", *_LEAVES)
_MOST_WORDS = 100
"""Bytes that `export default async …` may take before a definition."""
_ENDINGS = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")


class JavaScript:
    """One of the family: the grammar `function` of the package `package`."""

    def __init__(self, name: str, package: str, function: str) -> None:
        self.name = name
        self._package = package
        self._function = function

    @cached_property
    def unavailable(self) -> str:
        if importlib.util.find_spec(self._package) is not None:
            return ""
        return f"{self._package.replace('_', '-')} is missing: pip install 'loopcutter[javascript]'"

    @cached_property
    def _grammar(self) -> Grammar:
        language = tree_sitter.Language(getattr(importlib.import_module(self._package), self._function)())
        return Grammar(language, _KINDS, _LEAVES)

    def outline(self, source: bytes) -> Outline:
        if self.unavailable:
            return Outline((Symbol("", "module", 1, 1),), problem=self.unavailable)
        found = syntax.parse(source, self._grammar)
        spans = nest(source, list(_definitions(found)))
        owners = Owners(spans)
        _collect_calls(found, owners)
        collect_messages(found, [*found.nodes["string"], *found.nodes["template_string"]], owners)
        return Outline(
            symbols(source, spans, found.nodes["comment"], lambda node: _bases(found, node)),
            (*_imports(found), *_required(found)),
            found.problem,
        )


def _definitions(found: Syntax) -> Iterator[Span]:
    documented = {node.end_byte: node.start_byte for node in found.nodes["comment"] if _text(found, node, 3) == "/**"}
    for kinds, kind in ((_FUNCTIONS, "function"), (_CLASSES, "class")):
        for type_ in kinds:
            for node in found.nodes[type_]:
                name = found.text(node.child_by_field_name("name")) or "default"
                yield _span(found, documented, node, "class" if kind == "class" else "function", name, node)
    for type_, (named, valued) in _ASSIGNED.items():
        for node in found.nodes[type_]:
            value = node.child_by_field_name(valued)
            name = _last(found, node.child_by_field_name(named))
            if value is not None and value.type in _VALUES and name:
                yield _span(found, documented, node, _VALUES[value.type], name, value)


def _span(found: Syntax, documented: dict[int, int], node: Node, kind: Kind, name: str, whole: Node) -> Span:
    """From the documentation before it, and from its `export`, to its end."""
    start = node.start_byte
    parent = node.parent
    while parent is not None and parent.type in ("export_statement", "lexical_declaration", "variable_declaration"):
        between = found.source[parent.start_byte : min(start, parent.start_byte + _MOST_WORDS)]
        if parent.start_byte + len(between) == start and b"," not in between:  # no second of `const a = …, b = …`
            start = parent.start_byte
        parent = parent.parent
    before = len(found.source[max(start - 200, 0) : start].rstrip()) + max(start - 200, 0)
    return Span(documented.get(before, start), node.end_byte, kind, name, whole)


def _text(found: Syntax, node: Node, most: int) -> str:
    return found.source[node.start_byte : min(node.end_byte, node.start_byte + most)].decode("utf-8", "replace")


def _last(found: Syntax, node: Node | None) -> str:
    """The name itself of `total`, `exports.total` and `Cart.prototype.total`; empty when it is computed."""
    if node is not None and node.type == "member_expression":
        node = node.child_by_field_name("property")
    plain = ("identifier", "property_identifier", "private_property_identifier")
    return found.text(node) if node is not None and node.type in plain else ""


def _collect_calls(found: Syntax, owners: Owners) -> None:
    for type_, called in _CALLS.items():
        for node in found.nodes[type_]:
            function = node.child_by_field_name(called)
            name = _last(found, function)
            if function is None or not name:
                continue
            if function.type == "member_expression":  # `this` is what a method of Python calls `self`
                holder = function.child_by_field_name("object")
                plain = holder is not None and holder.type in ("identifier", "this", "super")
                name = f"{found.text(holder).replace('this', 'self') if plain else ''}.{name}"
            owners.of(node.start_byte).calls.append(name)


def _bases(found: Syntax, node: Node | None) -> Iterator[str]:
    """The classes and interfaces that a class names in its heritage."""
    for child in node.children if node is not None else []:
        if child.type in ("class_heritage", "extends_type_clause"):
            clauses = [one for one in child.named_children if one.type.endswith("_clause")] or [child]
            for one in (name for clause in clauses for name in clause.named_children):
                name = found.text(one) if one.type == "type_identifier" else _last(found, one)
                if name:
                    yield name


def _imports(found: Syntax) -> Iterator[Import]:
    for node in found.nodes["import_statement"]:
        module = _module(found, node.child_by_field_name("source"))
        for clause in (child for child in node.named_children if child.type == "import_clause" and module):
            for one in clause.named_children:
                if one.type == "identifier":  # the default export is as good as always called the same
                    yield Import(found.text(one), f"{module}.{found.text(one)}")
                elif one.type == "namespace_import":
                    yield Import(found.text(one.named_children[-1]), module)
                for name in one.named_children if one.type == "named_imports" else []:
                    target = found.text(name.child_by_field_name("name"))
                    yield Import(found.text(name.child_by_field_name("alias")) or target, f"{module}.{target}")


def _required(found: Syntax) -> Iterator[Import]:
    """`const prices = require("./prices")`, and the same with `{load, rate: r}`."""
    for node in found.nodes["variable_declarator"]:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or value is None or value.type != "call_expression":
            continue
        arguments = value.child_by_field_name("arguments")
        if found.text(value.child_by_field_name("function")) != "require" or not (
            arguments and arguments.named_children
        ):
            continue
        module = _module(found, arguments.named_children[0])
        if not module:
            continue
        if name.type == "identifier":
            yield Import(found.text(name), module)
        for part in name.named_children if name.type == "object_pattern" else []:
            if part.type == "shorthand_property_identifier_pattern":
                yield Import(found.text(part), f"{module}.{found.text(part)}")
            elif part.type == "pair_pattern":
                key, local = part.child_by_field_name("key"), part.child_by_field_name("value")
                yield Import(found.text(local), f"{module}.{found.text(key)}")


def _module(found: Syntax, node: Node | None) -> str:
    """The dotted name of `"./lib/prices.js"`: `.lib.prices`; a package keeps its own."""
    path = found.text(node).strip("\"'`") if node is not None and node.type == "string" else ""
    path = path.removesuffix(PurePosixPath(path).suffix) if path.endswith(_ENDINGS) else path
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    if not path.startswith("."):
        return ".".join(parts)
    if parts and parts[-1] == "index":
        parts.pop()
    return "." * (path.split("/").count("..") + 1) + ".".join(parts)
