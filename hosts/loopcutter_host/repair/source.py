"""One source file as templates see it: its syntax tree, and the bytes every node stands on."""

import ast
import bisect
import functools
import re
from collections.abc import Iterator, Sequence

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.precedence import required, strength

_BOM = "\N{BYTE ORDER MARK}"
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Source:
    """The text of a Python file; raises `SyntaxError` when it is none."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.data = text.encode()
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.tree = ast.parse(text.removeprefix(_BOM))
        self.starts = [match.start() for match in re.finditer(rb"(?s)(?:\A|(?<=\n)|(?<=\r)(?!\n))", self.data)]
        if text.startswith(_BOM):
            self.starts[0] = len(_BOM.encode())
        self._places: dict[ast.AST, tuple[int, int, int, bool]] = {}
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    # Reading

    def span(self, node: ast.AST) -> tuple[int, int]:
        """The bytes a statement or an expression stands on."""
        first, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        last, end = getattr(node, "end_lineno", None) or first, getattr(node, "end_col_offset", None) or 0
        return self.starts[first - 1] + column, self.starts[last - 1] + end

    def text(self, node: ast.AST) -> str:
        """What is written there."""
        return self.slice(*self.span(node))

    def slice(self, start: int, end: int) -> str:
        """The text of a span of bytes."""
        return self.data[start:end].decode(errors="replace")

    def line_at(self, offset: int) -> int:
        """The line, counted from 1, in which a byte stands."""
        return bisect.bisect_right(self.starts, offset)

    def line_start(self, line: int) -> int:
        """The first byte of a line; the end of the file for the line after the last."""
        return self.starts[line - 1] if line <= len(self.starts) else len(self.data)

    def indent(self, line: int) -> str:
        """The white space a line begins with."""
        match = re.match(rb"[ \t\f]*", self.data[self.line_start(line) : self.line_start(line + 1)])
        return match.group().decode() if match else ""

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Its parent, the parent of that, … the module."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The innermost statement around a node, or the node itself."""
        for each in (node, *self.ancestors(node)):
            if isinstance(each, ast.stmt):
                return each
        return None

    def function(self, node: ast.AST) -> Function | None:
        """The innermost function around a node. A function's defaults and decorators lie outside it."""
        child = node
        for each in self.ancestors(node):
            if isinstance(each, Function) and isinstance(child, ast.stmt):
                return each
            child = each
        return None

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The list of statements in which this one stands."""
        parent = self.parents[statement]
        for _, value in ast.iter_fields(parent):
            if isinstance(value, list) and statement in value:
                return value
        return [statement]

    def trusted(self, node: ast.AST) -> bool:
        """Whether the node's position can be believed: inside f-strings, Python before 3.12 reports wrong ones."""
        if not any(isinstance(each, ast.JoinedStr) for each in self.ancestors(node)):
            return True
        try:
            seen = ast.parse(self.text(node), mode="eval").body
        except SyntaxError:
            return False
        return ast.dump(seen) == ast.dump(node)

    @functools.cached_property
    def functions(self) -> Sequence[Function]:
        """All functions, methods and nested ones included, in the order of the file."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    def qualified_name(self, node: ast.AST) -> str:
        """`Cart.total` for a method, `` for the module."""
        parts = [each.name for each in (node, *self.ancestors(node)) if isinstance(each, Function | ast.ClassDef)]
        return ".".join(reversed(parts))

    # Changing

    def change(self, start: int, end: int, text: str, template: str, prior: float, line: int = 0) -> Candidate:
        """The candidate that replaces a span of bytes."""
        if self.newline != "\n":
            text = text.replace("\r\n", "\n").replace("\n", self.newline)
        return Candidate(self.path, start, end, text, template, line or self.line_at(start), prior)

    def put(self, node: ast.AST, text: str, template: str, prior: float) -> Candidate:
        """Another expression instead of this one, in parentheses where it must be."""
        start, end, needed, bare = self._place(node)
        if bare and ("\n" in text or (needed and not text.isidentifier() and strength(text) < needed)):
            text = f"({text})"
        return self.change(start, end, text, template, prior)

    def _place(self, node: ast.AST) -> tuple[int, int, int, bool]:
        """Where a node stands, how tightly what stands there must bind, and whether no parentheses are around it."""
        if node not in self._places:
            start, end = self.span(node)
            bare = (self.data[start - 1 : start], self.data[end : end + 1]) != (b"(", b")")
            self._places[node] = start, end, required(node, self.parents.get(node)), bare
        return self._places[node]

    def operators(
        self, operands: Sequence[ast.expr], old: str, new: str, template: str, prior: float
    ) -> Iterator[Candidate]:
        """Another operator in every gap between the operands."""
        pattern = re.compile(r"\s+".join(map(re.escape, old.split())))
        text = ""
        start = stop = self.span(operands[0])[1]
        for operand in operands[1:]:
            begin, end = self.span(operand)
            gap, count = pattern.subn(new, self.slice(stop, begin), count=1)
            if not count:
                return
            text += gap + (self.slice(begin, end) if operand is not operands[-1] else "")
            stop = end if operand is not operands[-1] else begin
        yield self.change(start, stop, text, template, prior)

    def before(self, statement: ast.stmt, lines: Sequence[str], template: str, prior: float) -> Candidate:
        """New lines before a statement, indented as it is."""
        first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", []))])
        start = self.line_start(first)
        return self.change(start, start, self._lines(lines, statement), template, prior, first)

    def after(self, statement: ast.stmt, lines: Sequence[str], template: str, prior: float) -> Candidate:
        """New lines after a statement, indented as it is; they inherit its suspicion."""
        start = self.line_start((statement.end_lineno or statement.lineno) + 1)
        text = self._lines(lines, statement)
        if start == len(self.data) and not self.data.endswith(b"\n"):
            text = "\n" + text.removesuffix("\n")
        return self.change(start, start, text, template, prior, statement.lineno)

    def without(self, statement: ast.stmt, template: str, prior: float) -> Candidate:
        """The file without that statement; `pass` where a block would be empty."""
        if len(self.block(statement)) == 1:
            return self.change(*self.span(statement), "pass", template, prior)
        start, end = self.whole_lines(statement)
        return self.change(start, end, "", template, prior, statement.lineno)

    def whole_lines(self, statement: ast.stmt) -> tuple[int, int]:
        """The statement's lines with their indentation and line ends."""
        last = statement.end_lineno or statement.lineno
        return self.line_start(statement.lineno), self.line_start(last + 1)

    def alone(self, statement: ast.stmt) -> bool:
        """Whether nothing else stands on its lines: no `;`, no `if x: y`."""
        start, end = self.span(statement)
        first, last = self.whole_lines(statement)
        return not self.data[first:start].strip() and (self.data[end:last].split(b"#")[0].strip() == b"")

    def _lines(self, lines: Sequence[str], like: ast.stmt) -> str:
        indent = self.indent(like.lineno)
        return "".join(f"{indent}{line}\n" for line in lines)
