"""A candidate edit of one file, and the smallest piece of that file which it changes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Union

_Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]
_ENCODING = re.compile(rb"(?:[ \t\f]*(?:#[^\r\n]*)?\r?\n)?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
"""A declaration in the first line, or in the second after an empty one or a comment (PEP 263)."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Candidate:
    """Replace the bytes `start` to `end` of `path` by `text`."""

    path: str
    start: int
    end: int
    text: bytes

    @staticmethod
    def read(body: dict[str, Any]) -> Candidate:
        """The candidate as the request spells it."""
        return Candidate(body["path"], body["start"], body["end"], body["text"].encode("utf-8"))

    def apply(self, source: bytes) -> bytes:
        """The edited file."""
        return source[: self.start] + self.text + source[self.end :]


@dataclass(frozen=True)
class Unit:
    """An outermost function around an edit: how to compile it alone, before and after."""

    before: str
    after: str
    name: str
    around: tuple[str, ...]
    """The headers put around it, outermost first: the name of a class, or "" for what stands for an `if` or `try`."""
    imports: tuple[ast.stmt, ...]
    """What the module imports: calls of imported modules are compiled differently from calls of methods."""


class Source:
    """One file as it is in the tree, parsed once however many candidates change it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._tree = _parse(data)
        self._imports = tuple(_imports(self._tree)) if self._tree is not None else ()
        self._starts = [0]
        for line in data.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def unit(self, candidate: Candidate) -> Unit | None:
        """The function whose body holds the whole edit, or None when more than a body changes."""
        around: list[ast.stmt] = []
        node = self._child(self._tree, candidate) if self._tree is not None else None
        while node is not None and not isinstance(node, _FUNCTIONS):
            around.append(node)
            node = self._child(node, candidate)
        if node is None or not self._body_holds(node, candidate):
            return None
        return self._spell(node, around, candidate)

    def _child(self, node: ast.AST, candidate: Candidate) -> ast.stmt | None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                first, end = self._lines(child)
                if self._starts[first - 1] <= candidate.start and candidate.end <= end:
                    return child
            elif isinstance(child, ast.ExceptHandler):
                inner = self._child(child, candidate)
                if inner is not None:
                    return inner
        return None

    def _lines(self, node: ast.stmt) -> tuple[int, int]:
        """First line (decorators included) and the offset at which the last line ends."""
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        assert node.end_lineno is not None
        return first, self._starts[min(node.end_lineno, len(self._starts) - 1)]

    def _body_holds(self, node: _Function, candidate: Candidate) -> bool:
        statement = node.body[0]
        first, _ = self._lines(statement)
        begin = self._starts[first - 1]
        if self.data[begin : begin + statement.col_offset].strip():
            begin += statement.col_offset  # the body begins in the line of the header
        return begin <= candidate.start and candidate.end <= self._lines(node)[1]

    def _spell(self, node: _Function, around: list[ast.stmt], candidate: Candidate) -> Unit | None:
        first, end = self._lines(node)
        begin = self._starts[first - 1]
        names = tuple(parent.name if isinstance(parent, ast.ClassDef) else "" for parent in around)
        headers = [self._header(parent) for parent in around]
        padding = first - 1 - len(headers)
        region = self.data[begin:end]
        local = Candidate(candidate.path, candidate.start - begin, candidate.end - begin, candidate.text)
        edited = local.apply(region)
        whole_lines = edited.endswith(b"\n") == region.endswith(b"\n")
        if padding < 0 or not whole_lines or region[: node.col_offset].strip():
            return None
        head = "\n" * padding + "".join(headers)
        try:
            return Unit(head + region.decode("utf-8"), head + edited.decode("utf-8"), node.name, names, self._imports)
        except UnicodeDecodeError:
            return None

    def _header(self, parent: ast.stmt) -> str:
        begin = self._starts[parent.lineno - 1]
        indentation = self.data[begin : begin + parent.col_offset].decode("utf-8")
        return f"{indentation}class {parent.name}:\n" if isinstance(parent, ast.ClassDef) else f"{indentation}if 1:\n"


def _imports(node: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import) or (isinstance(child, ast.ImportFrom) and child.module != "__future__"):
            yield child
        elif not isinstance(child, (*_FUNCTIONS, ast.ClassDef, ast.expr)):
            yield from _imports(child)


def _parse(data: bytes) -> ast.Module | None:
    """The syntax tree, or None for files whose offsets can't be trusted (byte order mark, other encoding)."""
    declared = _ENCODING.match(data)
    if declared is not None and declared.group(1).lower().replace(b"_", b"-") not in (b"utf-8", b"utf8", b"ascii"):
        return None
    if data.startswith(b"\xef\xbb\xbf") or b"\r" in data.replace(b"\r\n", b"\n"):
        return None
    try:
        return ast.parse(data.decode("utf-8"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
