"""Parses source files and picks out the nodes that matter, within a budget of time and without recursion.

tree-sitter's own queries are twice as fast as visiting the nodes from here, but they are quadratic over long erroneous
stretches (a megabyte of brackets takes half an hour) and can't be stopped. So they are for files without errors; those
with errors are walked, and the walk stops, as parsing does, when the budget is used up.
Node positions are byte offsets, and text is cut from the source: `Node.text` copies the whole source each time when
the parser reads through a callback.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

import tree_sitter
from tree_sitter import Node

_BUDGET_S = 2.0
_DOCSTRING = "docstring"
_DEEPEST = 10_000
"""Queries become slow beyond 32,767 levels (a chain of as many calls); what stands deeper is not looked at."""


class Part(NamedTuple):
    """A child that is wanted instead of its parent, which a query picks out for less than it costs to ask for it."""

    parent: str
    field: str
    kinds: tuple[str, ...] = ("_",)
    """What it must be; `_` for anything."""
    beside: str = ""
    """A field that the parent must have as well."""

    def pattern(self, name: str) -> str:
        kinds = " ".join(f"({kind})" for kind in self.kinds)
        return f"({self.parent} {self.field}: [{kinds}] @{name}{f' {self.beside}: (_)' if self.beside else ''})"

    def of(self, parent: Node) -> Node | None:
        """The same where no query was made."""
        child = parent.child_by_field_name(self.field)
        if child is None or (self.beside and parent.child_by_field_name(self.beside) is None):
            return None
        return child if self.kinds == ("_",) or child.type in self.kinds else None


class Grammar:
    """A language of tree-sitter, and the kinds of nodes in it that matter."""

    def __init__(
        self,
        language: tree_sitter.Language,
        wanted: Iterable[str],
        leaves: Iterable[str],
        parts: Mapping[str, Part] | None = None,
    ) -> None:
        self.language = language
        self.kinds = tuple(wanted)
        self.parts = parts or {}
        """By the names under which they are found."""
        self.leaves = frozenset(leaves)
        """Kinds that have nothing of interest in them when a file with errors is walked."""
        walked = (*self.kinds, *(part.parent for part in self.parts.values()))
        self.wanted = {language.id_for_node_kind(kind, True): kind for kind in walked}
        self.statement = language.id_for_node_kind("expression_statement", True)
        patterns = [f"({kind}) @{kind}" for kind in self.kinds if language.id_for_node_kind(kind, True)]
        patterns += [part.pattern(name) for name, part in self.parts.items()]
        self.query = tree_sitter.Query(
            language, f"{' '.join(patterns)} (expression_statement . (string) @{_DOCSTRING})"
        )


@dataclass
class Syntax:
    """The nodes of a file that matter, by kind, in the order of the text."""

    source: bytes
    nodes: dict[str, list[Node]]
    docstrings: list[Node] = field(default_factory=list)
    """Strings that stand alone as a statement."""
    problem: str = ""
    """Why nodes may be missing."""

    def text(self, node: Node | None) -> str:
        return "" if node is None else self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")


def parse(source: bytes, grammar: Grammar) -> Syntax:
    """What can be made out of the source, whatever it holds."""
    found = Syntax(source, {kind: [] for kind in (*grammar.kinds, *grammar.parts)})
    deadline = time.thread_time() + _BUDGET_S
    try:
        tree = tree_sitter.Parser(grammar.language).parse(
            lambda offset, _point: source[offset : offset + 65536],
            # Without errors the time grows with the length alone, a microsecond a byte at most.
            progress_callback=lambda _offset, error: error and time.thread_time() > deadline,
        )
    except ValueError:  # what tree-sitter raises when the callback tells it to give up
        found.problem = "too tangled to parse"
        return found
    if not tree.root_node.has_error:
        cursor = tree_sitter.QueryCursor(grammar.query)
        cursor.set_max_start_depth(_DEEPEST)
        # Captures come in the order in which their patterns were finished, which differs from run to run.
        captured = cursor.captures(tree.root_node)
        for nodes in captured.values():
            nodes.sort(key=_END, reverse=True)  # parents first where both begin in one place
            nodes.sort(key=_START)
        found.docstrings = captured.pop(_DOCSTRING, [])
        found.nodes |= captured
        return found
    found.problem = "syntax errors"
    if not _walk(tree, grammar, found, deadline):
        found.problem = "too tangled to parse"
    return found


_START, _END = attrgetter("start_byte"), attrgetter("end_byte")


def _walk(tree: tree_sitter.Tree, grammar: Grammar, found: Syntax, deadline: float) -> bool:
    """Visit all nodes, parents first; whether there was time for it."""
    whole: dict[str, list[Node]] = {kind: [] for kind in grammar.wanted.values()}
    done = _visit(tree, grammar, whole, found.docstrings, deadline)
    found.nodes |= {kind: whole[kind] for kind in grammar.kinds if kind in whole}
    for name, part in grammar.parts.items():
        found.nodes[name] = [child for parent in whole[part.parent] if (child := part.of(parent)) is not None]
    return done


def _visit(
    tree: tree_sitter.Tree, grammar: Grammar, found: dict[str, list[Node]], docstrings: list[Node], deadline: float
) -> bool:
    wanted, leaves = grammar.wanted, grammar.leaves
    cursor = tree.walk()
    visited = 0
    statement = False
    while True:
        node = cursor.node
        if node is None:
            return True
        kind = wanted.get(node.kind_id)
        if kind is not None:
            found[kind].append(node)
            if statement and kind == "string":
                docstrings.append(node)
        statement = node.kind_id == grammar.statement
        visited += 1
        if visited % 4096 == 0 and time.thread_time() > deadline:
            return False
        if kind not in leaves and cursor.goto_first_child():
            continue
        statement = False
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return True
