"""Parses Python and picks out the nodes that matter, within a budget of time and without recursion.

tree-sitter's own queries would be a little shorter, but they are quadratic over long erroneous stretches (a megabyte
of brackets takes half an hour) and can't be stopped. Here both parsing and walking stop when the budget is used up.
Node positions are byte offsets, and text is cut from the source: `Node.text` copies the whole source each time when
the parser reads through a callback.
"""

import time
from dataclasses import dataclass, field

import tree_sitter
import tree_sitter_python
from tree_sitter import Node

_BUDGET_S = 2.0
_LANGUAGE = tree_sitter.Language(tree_sitter_python.language())
_WANTED = {
    _LANGUAGE.id_for_node_kind(kind, True): kind
    for kind in (
        "function_definition",
        "class_definition",
        "decorated_definition",
        "import_statement",
        "import_from_statement",
        "call",
        "comment",
        "string",
    )
}
_STATEMENT = _LANGUAGE.id_for_node_kind("expression_statement", True)
_LEAVES = {"import_statement", "import_from_statement", "comment", "string"}
"""Nothing of interest is in them."""


@dataclass
class Syntax:
    """The nodes of a file that matter, by kind, in the order of the text."""

    source: bytes
    nodes: dict[str, list[Node]] = field(default_factory=lambda: {kind: [] for kind in _WANTED.values()})
    docstrings: list[Node] = field(default_factory=list)
    """Strings that stand alone as a statement."""
    problem: str = ""
    """Why nodes may be missing."""

    def text(self, node: Node | None) -> str:
        return "" if node is None else self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")


def parse(source: bytes) -> Syntax:
    """What can be made out of the source, whatever it holds."""
    found = Syntax(source)
    deadline = time.thread_time() + _BUDGET_S
    try:
        tree = tree_sitter.Parser(_LANGUAGE).parse(
            lambda offset, _point: source[offset : offset + 65536],
            progress_callback=lambda _offset, _error: time.thread_time() > deadline,
        )
    except ValueError:  # what tree-sitter raises when the callback tells it to give up
        found.problem = "too tangled to parse"
        return found
    if tree.root_node.has_error:
        found.problem = "syntax errors"
    if not _walk(tree, found, deadline):
        found.problem = "too tangled to parse"
    return found


def _walk(tree: tree_sitter.Tree, found: Syntax, deadline: float) -> bool:
    """Visit all nodes, parents first; whether there was time for it."""
    cursor = tree.walk()
    visited = 0
    statement = False
    while True:
        node = cursor.node
        if node is None:
            return True
        kind = _WANTED.get(node.kind_id)
        if kind is not None:
            found.nodes[kind].append(node)
            if statement and kind == "string":
                found.docstrings.append(node)
        statement = node.kind_id == _STATEMENT
        visited += 1
        if visited % 4096 == 0 and time.thread_time() > deadline:
            return False
        if kind not in _LEAVES and cursor.goto_first_child():
            continue
        statement = False
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return True
