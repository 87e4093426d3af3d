"""One more among those of which the best is chosen: `best = max(best, left, right)` for `best = max(left, right)`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_MOST = 4


def one_more(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """What the result is kept in, where it has been set before, and other numbers."""
    match node:
        case ast.Assign(value=ast.Call(func=ast.Name(id="min" | "max"), args=[_, *_, last], keywords=[]) as call):
            kept = scope.source.text(node.targets[0])
        case ast.Return(value=ast.Call(func=ast.Name(id="min" | "max"), args=[_, *_, last], keywords=[]) as call):
            kept = ""
        case _:
            return
    if scope.function is None:
        return
    numbers = [each for each in scope.values(node) if scope.kinds.of(ast.Name(each, ast.Load())) == "number"]
    written, end = scope.source.text(call), scope.source.span(last)[1]
    others = {kept: 0.5} if kept and _times_set(kept, scope) > 1 else {}
    others |= {each: 0.12 for each in numbers if each not in others}
    for other in [each for each in others if each not in written][:_MOST]:
        yield scope.source.change(end, end, f", {other}", "argument", others[other])


def _times_set(name: str, scope: Scope) -> int:
    return sum(
        isinstance(getattr(each, "ctx", None), ast.Store) and scope.source.text(each) == name for each in scope.nodes
    )
