"""`and` for `or`, a `not` too many or too few, an operand too many."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope


def boolean(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Another boolean operator, fewer operands, `not` added or removed."""
    put, text = scope.source.put, scope.source.text
    if isinstance(node, ast.BoolOp):
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        yield from scope.source.operators(node.values, old, new, "boolean", 0.9)
        yield from scope.source.operators(node.values, old, "+", "boolean", 0.06)
        for left, right in zip(node.values, node.values[1:], strict=False) if len(node.values) > 2 else ():
            yield from scope.source.operators([left, right], old, new, "boolean", 0.3)
        for value in node.values:
            rest = [text(each) for each in node.values if each is not value]
            yield put(node, f" {old} ".join(rest), "boolean", 0.3)
            if not isinstance(value, ast.UnaryOp | ast.Compare):
                yield _negated(value, scope, 0.3)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield put(node, text(node.operand), "boolean", 0.8)
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        if not isinstance(node.test, ast.UnaryOp | ast.Compare):
            yield _negated(node.test, scope, 0.5)
    elif isinstance(node, ast.comprehension):
        for test in node.ifs:
            if not isinstance(test, ast.UnaryOp | ast.Compare):
                yield _negated(test, scope, 0.4)
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Call | ast.Name | ast.Attribute | ast.BoolOp):
        yield _negated(node.value, scope, 0.08)


def _negated(node: ast.expr, scope: Scope, prior: float) -> Candidate:
    text = scope.source.text(node)
    if isinstance(node, ast.BoolOp | ast.IfExp | ast.NamedExpr):
        text = f"({text})"
    return scope.source.put(node, f"not {text}", "boolean", prior)
