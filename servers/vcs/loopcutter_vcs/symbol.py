"""Replacing a whole class, function or method of a Python file, found by its dotted name.

The syntax is tree-sitter's, so a file with errors elsewhere can still be edited.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import tree_sitter_python
from tree_sitter import Language, Node, Parser

from loopcutter_vcs.errors import EditRefused, PlaceAmbiguous, PlaceNotFound, shown

_PYTHON = Language(tree_sitter_python.language())
_DEFINITIONS = ("function_definition", "class_definition")


@dataclass(frozen=True)
class Definition:
    """A class, function or method as it stands in a file."""

    name: str
    """Dotted: `Cart.total`."""
    node: Node

    @property
    def whole(self) -> Node:
        """The definition with its decorators."""
        parent = self.node.parent
        return parent if parent is not None and parent.type == "decorated_definition" else self.node

    @property
    def is_decorated(self) -> bool:
        """Whether it has decorators."""
        return self.whole is not self.node

    @property
    def line(self) -> int:
        """Where it starts, decorators included, counted from 1."""
        return int(self.whole.start_point.row) + 1


def definitions(text: bytes) -> list[Definition]:
    """Every class, function and method of a Python file, in the order they stand."""
    return list(_below(Parser(_PYTHON).parse(text).root_node, ""))


def replaced(path: str, text: bytes, symbol: str, source: str, near_line: int | None = None) -> tuple[bytes, int]:
    """`text` with the definition of `symbol` replaced by `source`, and the line where that starts.

    `source` may have any indentation; it gets that of its place. Decorators are replaced when `source` has some, and
    stay when it has none: models leave them off far more often than they mean to drop them.
    """
    definition = _find(path, definitions(text), symbol, near_line)
    name = definition.name.rpartition(".")[2]
    lines = _trimmed(source)
    given = next((given for given in definitions(_encoded(_dedented(lines))) if given.name == name), None)
    if given is None:
        raise EditRefused(f"the source given for {symbol} does not define {name}: give its whole definition")
    old = definition.whole if given.is_decorated else definition.node
    start = text.rfind(b"\n", 0, old.start_byte) + 1
    indentation = text[start : old.start_byte]
    if indentation.strip():
        raise EditRefused(f"{symbol} in {shown(path)} shares its line with other code: use a replace edit")
    newline = b"\r\n" if text.count(b"\r\n") * 2 > text.count(b"\n") else b"\n"
    block = newline.join(map(_encoded, _moved(lines, indentation.decode())))
    return text[:start] + block + text[old.end_byte :], definition.line


def _find(path: str, found: list[Definition], symbol: str, near_line: int | None) -> Definition:
    # A name without its classes will do when only one definition ends in it.
    matching = [definition for definition in found if definition.name == symbol]
    matching = matching or [definition for definition in found if definition.name.endswith(f".{symbol}")]
    if not matching:
        names = [definition.name for definition in found]
        near = get_close_matches(symbol, names, n=3, cutoff=0.5) or names[:10]
        listed = f"it has {', '.join(near)}" if near else "it defines nothing"
        raise PlaceNotFound(f"{shown(path)} has no {symbol}: {listed}; name one of its symbols, or use a replace edit")
    if len(matching) > 1 and near_line is not None:
        matching.sort(key=lambda definition: abs(definition.line - near_line))
        if abs(matching[0].line - near_line) < abs(matching[1].line - near_line):
            return matching[0]
    if len(matching) > 1:
        listed = ", ".join(f"{definition.name} at line {definition.line}" for definition in matching[:10])
        raise PlaceAmbiguous(f"{shown(path)} defines {symbol} more than once ({listed}): give near_line")
    return matching[0]


def _below(node: Node, scope: str) -> Iterator[Definition]:
    # A loop with a stack: hostile files nest deeper than Python recurses.
    waiting = [(node, scope)]
    while waiting:
        current, outer = waiting.pop()
        inner = outer
        if current.type in _DEFINITIONS:
            name = current.child_by_field_name("name")
            if name is not None and name.text is not None:
                inner = f"{outer}.{name.text.decode('utf-8', 'replace')}".lstrip(".")
                yield Definition(inner, current)
        waiting += [(child, inner) for child in reversed(current.children)]


def _trimmed(source: str) -> list[str]:
    """The lines of `source` without the blank ones around it."""
    lines = source.replace("\r\n", "\n").split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else [""]


def _margin(lines: list[str]) -> str:
    return lines[0][: len(lines[0]) - len(lines[0].lstrip())]


def _dedented(lines: list[str]) -> str:
    return "\n".join(line.removeprefix(_margin(lines)) for line in lines)


def _moved(lines: list[str], indentation: str) -> list[str]:
    """`lines` moved to `indentation`, but for those inside strings over several lines (docstrings do move)."""
    margin = _margin(lines)
    fixed = _lines_inside_strings(_encoded(_dedented(lines)))
    return [
        indentation + line.removeprefix(margin)
        if number not in fixed and line.strip() and line.startswith(margin)
        else line
        for number, line in enumerate(lines)
    ]


def _lines_inside_strings(source: bytes) -> set[int]:
    lines: set[int] = set()
    waiting = [Parser(_PYTHON).parse(source).root_node]
    while waiting:
        node = waiting.pop()
        if node.type != "string":
            waiting += node.children
        elif node.parent is not None and node.parent.type != "expression_statement":
            lines.update(range(node.start_point.row + 1, node.end_point.row + 1))
    return lines


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
