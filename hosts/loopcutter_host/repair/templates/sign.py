"""A sign that is gone, of what the other player gets or of one part of a turn; and one that a sum should not have."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope


def turned_sign(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`max(best, -value(other))` for `max(best, value(other))`, `x, y = y, -x` for `x, y = y, x`."""
    match node:
        case ast.Call() if called(node) in ("max", "min"):
            for each in node.args:
                if isinstance(each, ast.Call) and called(each) not in ("max", "min", "len"):
                    yield _negative(each, scope, 0.6 if _goes_deeper(each, scope) else 0.06)
        case ast.GeneratorExp(elt=ast.Call() as each) | ast.ListComp(elt=ast.Call() as each):
            parent = scope.source.parents.get(node)
            if isinstance(parent, ast.Call) and called(parent) in ("max", "min") and _goes_deeper(each, scope):
                yield _negative(each, scope, 0.5)
        case ast.Assign(value=ast.Call() as each) if _goes_deeper(each, scope):
            yield _negative(each, scope, 0.15)
        case ast.Assign(targets=[ast.Tuple(elts=[one, other])], value=ast.Tuple(elts=[first, second] as values)):
            text = scope.source.text
            if {text(one), text(other)} == {text(first), text(second)} and scope.kinds.of(first) in ("", "number"):
                for each in values:
                    yield _negative(each, scope, 0.2)


def without_sign(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`abs(total) / 2` for `total / 2`, where differences are added up and the result has a sign."""
    if not isinstance(node, ast.Return) or node.value is None or scope.function is None:
        return
    value: ast.expr = node.value
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div | ast.FloorDiv | ast.Mult):
        value = value.left
    if not isinstance(value, ast.Name) or (value is node.value and "abs" in scope.hints.conversions):
        return
    prior = 0.8 if "abs" in scope.hints.conversions else 0.25
    if prior > 0.5 or _sums_differences(value.id, scope):
        yield scope.source.put(value, f"abs({value.id})", "call", prior)


def _sums_differences(name: str, scope: Scope) -> bool:
    for each in scope.nodes:
        match each:
            case ast.AugAssign(target=ast.Name(id=target), value=ast.BinOp(op=ast.Sub())) if target == name:
                return True
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.BinOp(op=ast.Sub())) if target == name:
                return True
    return False


def _goes_deeper(node: ast.Call, scope: Scope) -> bool:
    return scope.function is not None and called(node) == scope.function.name


def _negative(node: ast.expr, scope: Scope, prior: float) -> Candidate:
    return scope.source.put(node, f"-{scope.source.text(node)}", "arithmetic", prior)
