"""What a change means beyond its lines: the classes and functions it touches, and how it reads without formatting."""

import ast
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from loopcutter_vcs.syntax import parsed

_PYTHON = (".py", ".pyi")
_LARGEST = 1 << 20
_REMARK = re.compile(rb"^\s*(#|//)")


@dataclass(frozen=True)
class SymbolDiff:
    """A class, function or method that differs, comments and formatting aside. Of nested ones, the innermost."""

    path: str
    symbol: str
    change: Literal["added", "removed", "changed"]


def symbols_of(path: str, old: bytes, new: bytes) -> list[SymbolDiff]:
    """The symbols of one file that differ; none when either version is no Python."""
    if not path.endswith(_PYTHON) or max(len(old), len(new)) > _LARGEST:
        return []
    before, after = _own(old), _own(new)
    if before is None or after is None:
        return []
    found = []
    for symbol in dict.fromkeys((*before, *after)):
        if before.get(symbol) != after.get(symbol):
            change: Literal["added", "removed", "changed"] = (
                "added" if symbol not in before else "removed" if symbol not in after else "changed"
            )
            found.append(SymbolDiff(path, symbol, change))
    return found


def normal_form(path: str, content: bytes) -> str:
    """The text of a file without comments and formatting: Python as the parser understands it, else its lines."""
    if path.endswith(_PYTHON) and len(content) <= _LARGEST:
        tree = parsed(content)
        if tree is not None and (text := _unparsed(tree)):
            return text
    lines = (line.strip() for line in content.splitlines())
    kept = [line for line in lines if line and not _REMARK.match(line)]
    return b"\n".join(kept).decode("utf-8", "backslashreplace") + ("\n" if kept else "")


def normal_diff(files: Mapping[str, tuple[bytes, bytes]]) -> str:
    """What differs between old and new versions once comments and formatting are dropped."""
    pieces: list[str] = []
    for path, (old, new) in files.items():
        one, other = normal_form(path, old).splitlines(), normal_form(path, new).splitlines()
        pieces += difflib.unified_diff(one, other, f"a/{path}", f"b/{path}", lineterm="")
    return "".join(f"{line}\n" for line in pieces)


def _own(source: bytes) -> dict[str, str] | None:
    """By name, what each definition says itself, without those inside it. None when it does not parse."""
    tree = parsed(source)
    if tree is None:
        return None
    own: dict[str, str] = {}
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, scope = waiting.pop()
        inner = scope
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            inner = f"{scope}.{node.name}".lstrip(".")
            # The two halves of a property have the same name.
            own[inner] = own.get(inner, "") + _without_inner(node)
        waiting += [(child, inner) for child in reversed(list(ast.iter_child_nodes(node)))]
    return own


def _without_inner(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    inner = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    kept = [statement for statement in node.body if not isinstance(statement, inner)]
    fields = {name: value for name, value in ast.iter_fields(node) if name != "body"}
    return _unparsed(type(node)(**fields, body=kept or [ast.Pass()], lineno=1, col_offset=0))


def _unparsed(tree: ast.AST) -> str:
    try:
        return ast.unparse(tree) + "\n"
    except RecursionError:  # nested deeper than Python recurses
        return ""
