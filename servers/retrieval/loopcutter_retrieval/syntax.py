"""Parses source files and picks out the nodes that matter, within a budget of time and without recursion.

tree-sitter's own queries are twice as fast as visiting the nodes from here, but they are quadratic over long erroneous
stretches (a megabyte of brackets takes half an hour) and can't be stopped. So they are for files without errors; those
with errors are walked, and the walk stops, as parsing does, when the budget is used up.
Node positions are byte offsets, and text is cut from the source: `Node.text` copies the whole source each time when
the parser reads through a callback.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import tree_sitter
from tree_sitter import Node

_BUDGET_S = 2.0
_DOCSTRING = "docstring"
_DEEPEST = 10_000
"""Queries become slow beyond 32,767 levels (a chain of as many calls); what stands deeper is not looked at."""


class Grammar:
    """A language of tree-sitter, and the kinds of nodes in it that matter."""

    def __init__(self, language: tree_sitter.Language, wanted: Iterable[str], leaves: Iterable[str]) -> None:
        self.language = language
        self.kinds = tuple(wanted)
        self.leaves = frozenset(leaves)
        """Kinds that have nothing of interest in them when a file with errors is walked."""
        self.wanted = {language.id_for_node_kind(kind, True): kind for kind in self.kinds}
        self.statement = language.id_for_node_kind("expression_statement", True)
        known = [f"({kind}) @{kind}" for kind in self.kinds if language.id_for_node_kind(kind, True)]
        self.query = tree_sitter.Query(language, f"{' '.join(known)} (expression_statement . (string) @{_DOCSTRING})")


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
    found = Syntax(source, {kind: [] for kind in grammar.kinds})
    deadline = time.thread_time() + _BUDGET_S
    try:
        tree = tree_sitter.Parser(grammar.language).parse(
            lambda offset, _point: source[offset : offset + 65536],
            progress_callback=lambda _offset, _error: time.thread_time() > deadline,
        )
    except ValueError:  # what tree-sitter raises when the callback tells it to give up
        found.problem = "too tangled to parse"
        return found
    if not tree.root_node.has_error:
        cursor = tree_sitter.QueryCursor(grammar.query)
        cursor.set_max_start_depth(_DEEPEST)
        # Captures come in the order in which their patterns were finished, which differs from run to run.
        captured = {kind: sorted(nodes, key=_place) for kind, nodes in cursor.captures(tree.root_node).items()}
        found.docstrings = captured.pop(_DOCSTRING, [])
        found.nodes |= captured
        return found
    found.problem = "syntax errors"
    if not _walk(tree, grammar, found, deadline):
        found.problem = "too tangled to parse"
    return found


def _place(node: Node) -> tuple[int, int]:
    """Parents first."""
    return node.start_byte, -node.end_byte


def _walk(tree: tree_sitter.Tree, grammar: Grammar, found: Syntax, deadline: float) -> bool:
    """Visit all nodes, parents first; whether there was time for it."""
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
            found.nodes[kind].append(node)
            if statement and kind == "string":
                found.docstrings.append(node)
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
