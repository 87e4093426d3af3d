"""A forgotten or misplaced `await`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope


def awaiting(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`await` before a call in an `async def`; none before what need not be awaited."""
    if isinstance(node, ast.Await):
        yield scope.source.put(node, scope.source.text(node.value), "await", 0.3)
        return
    if not isinstance(scope.function, ast.AsyncFunctionDef):
        return
    if isinstance(node, ast.Call) and not isinstance(scope.source.parents.get(node), ast.Await):
        yield scope.source.put(node, f"await {scope.source.text(node)}", "await", 0.5)
    elif isinstance(node, ast.For | ast.With):
        start, _ = scope.source.span(node)
        yield scope.source.change(start, start, "async ", "await", 0.3)
