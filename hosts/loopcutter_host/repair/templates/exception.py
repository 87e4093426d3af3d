"""The wrong kind of exception, caught or raised."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_COMMON = ("ValueError", "KeyError", "TypeError", "IndexError", "AttributeError", "LookupError", "Exception", "OSError")
_MORE = ("StopIteration", "ZeroDivisionError", "RuntimeError", "NotImplementedError", "ImportError", "OverflowError")


def exception(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Another exception."""
    if isinstance(node, ast.ExceptHandler) and node.type is not None:
        yield from _kinds(node.type, scope, 0.5)
        if isinstance(node.type, ast.Name):
            for other in _COMMON:
                both = f"({node.type.id}, {other})"
                yield scope.source.put(node.type, both, "exception", 0.12)
    elif isinstance(node, ast.Raise) and node.exc is not None:
        yield from _kinds(node.exc.func if isinstance(node.exc, ast.Call) else node.exc, scope, 0.4)


def _kinds(node: ast.expr, scope: Scope, prior: float) -> Iterator[Candidate]:
    if isinstance(node, ast.Tuple):
        for each in node.elts:
            yield from _kinds(each, scope, prior * 0.6)
        return
    seen = [name for name, _ in scope.codebase.exceptions.most_common(12)]
    named = [name for name in sorted(scope.hints.names) if name.endswith(("Error", "Exception"))]
    for other in dict.fromkeys([*sorted(scope.hints.raised), *named, *seen, *_COMMON, *_MORE]):
        if other != scope.source.text(node):
            weight = 2 if other in scope.hints.raised else 1 if other in seen or other in named else 0.5
            yield scope.source.put(node, other, "exception", prior * weight)
