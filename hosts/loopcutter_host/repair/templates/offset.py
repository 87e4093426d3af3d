"""How far into a loop's range a place is: `i - first` for `i` in `range(first, last)`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope


def offset(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The distance from the first of a range, or to the last, for the place itself."""
    parent = scope.source.parents.get(node)
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    if not isinstance(parent, ast.Assign | ast.BinOp | ast.Subscript | ast.Tuple | ast.Return):
        return
    for each in scope.source.ancestors(node):
        match each:
            case ast.For(target=ast.Name(id=name), iter=ast.Call(args=[first, last, *_]) as call) if name == node.id:
                if called(call) != "range" or isinstance(first, ast.Constant):
                    continue
                weight = 1.0 if isinstance(parent, ast.Assign) else 0.5
                for bound, other in ((first, True), (last, False)):
                    text = scope.source.text(bound)
                    wrapped = f"({text})" if isinstance(bound, ast.BinOp) else text
                    whole = f"{name} - {wrapped}" if other else f"{text} - {name}"
                    yield scope.source.put(node, whole, "arithmetic", (0.35 if other else 0.15) * weight)
