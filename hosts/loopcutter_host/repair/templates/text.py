"""Text and bytes, and the strings that format them."""

import ast
import re
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_MODES = {"r": ("rb", "w"), "w": ("wb", "a"), "rb": ("r",), "wb": ("w",), "a": ("ab", "w")}
_CODES = "sdrfx"


def text(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`encode`, `decode`, the forgotten `f` of an f-string, format codes, file modes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        if any(isinstance(each, ast.JoinedStr) for each in scope.source.ancestors(node)):
            return
        yield from _literal(node, scope)
    elif isinstance(node, ast.Name | ast.Call) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        parent = scope.source.parents.get(node)
        if isinstance(parent, ast.Call | ast.Return | ast.BinOp | ast.Assign) and node is not getattr(
            parent, "func", 0
        ):
            for method in ("encode", "decode"):
                seen = scope.codebase.methods[method]
                yield scope.source.put(node, f"{scope.source.text(node)}.{method}()", "text", 0.08 if seen else 0.03)
    elif isinstance(node, ast.FormattedValue) and node.conversion != -1:
        _start, end = scope.source.span(node.value)
        following = scope.source.slice(end, end + 2)
        if following == "!r":
            yield scope.source.change(end, end + 2, "", "text", 0.3)


def _literal(node: ast.Constant, scope: Scope) -> Iterator[Candidate]:
    start, end = scope.source.span(node)
    written = scope.source.slice(start, end)
    if isinstance(node.value, bytes):
        yield scope.source.change(start, start + 1, "", "text", 0.15)
        return
    if isinstance(node.value, str):
        for mode in _MODES.get(node.value, ()):
            yield scope.source.put(node, repr(mode), "text", 0.3)
        if re.search(r"\{[A-Za-z_]\w*[^{}]*\}", node.value) and written[:1] in "\"'":
            yield scope.source.change(start, start, "f", "text", 0.4)
        for match in re.finditer(rf"%[\d.]*([{_CODES}])", written):
            for code in _CODES.replace(match.group(1), ""):
                at = start + len(written[: match.start(1)].encode())
                yield scope.source.change(at, at + 1, code, "text", 0.15)
