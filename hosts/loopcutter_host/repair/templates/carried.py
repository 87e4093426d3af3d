"""What a loop carries from round to round and forgets to set anew: `before = value` as its last line."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.templates.assigned import assigned

_MOST = 3


def carried(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A variable that was set before the loop and is read in it, set to what the loop has at hand."""
    if not isinstance(node, ast.For | ast.While) or scope.function is None or not scope.source.alone(node.body[-1]):
        return
    last = node.body[-1]
    if isinstance(last, ast.Return | ast.Raise | ast.Break | ast.Continue):
        return
    inside = [each for part in node.body for each in ast.walk(part) if isinstance(each, ast.Name)]
    stored = {each.id for each in inside if isinstance(each.ctx, ast.Store)}
    read = dict.fromkeys(each.id for each in inside if isinstance(each.ctx, ast.Load))
    targets = [each.id for each in ast.walk(getattr(node, "target", node)) if isinstance(each, ast.Name)]
    at_hand = dict.fromkeys([*(targets if isinstance(node, ast.For) else ()), *stored])
    kept = [
        name
        for name in read
        if name not in stored and name not in scope.parameters and name not in scope.changing
        if 0 < scope.bound.get(name, 0) < node.lineno and _is_first(name, scope)
    ]
    for name in kept[:_MOST]:
        for value in [each for each in at_hand if each != name][:_MOST]:
            yield scope.source.after(last, [f"{name} = {value}"], "statement", 0.4)


def _is_first(name: str, scope: Scope) -> bool:
    """Whether it is given nothing but a first value: a constant, a name, or the first item of something."""
    values = [value for own, value in assigned(scope.nodes) if own == name]
    return bool(values) and all(
        isinstance(each, ast.Constant | ast.UnaryOp | ast.Name)
        or (isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Constant))
        for each in values
    )
