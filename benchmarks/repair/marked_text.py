"""A file as its syntax tree, with the characters that every node stands on."""

import ast

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Text:
    """Raises `SyntaxError` when the text is no Python."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tree = ast.parse(source)
        self._lines = source.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        lying = {each for node in ast.walk(self.tree) if isinstance(node, ast.JoinedStr) for each in ast.walk(node)}
        self.nodes = [node for node in ast.walk(self.tree) if node not in lying]
        """All but what stands in f-strings, where Python before 3.12 reports wrong places."""
        self.within: dict[ast.AST, Function] = {}
        for function in (each for each in self.nodes if isinstance(each, Function)):
            self.within |= dict.fromkeys(ast.walk(function), function)

    def at(self, line: int, column: int) -> int:
        """Line and column (in bytes) as a number of characters."""
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.AST) -> tuple[int, int]:
        """The characters of a statement or an expression."""
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        return self.at(first, getattr(node, "col_offset", 0)), self.at(last, getattr(node, "end_col_offset", 0))

    def text(self, node: ast.AST) -> str:
        """What is written there."""
        start, end = self.span(node)
        return self.source[start:end]
