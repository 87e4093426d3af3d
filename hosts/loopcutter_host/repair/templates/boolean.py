"""`and` for `or`, a `not` too many or too few, an operand too many."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called, outline
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.source import Function


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
        if len(node.values) == 2:  # what stands first is always evaluated, and decides what is given
            one, other = (
                _grouped(text(each), each) if isinstance(each, ast.BoolOp) else text(each) for each in node.values
            )
            doing = any(_does_something(each, scope) for each in node.values)
            yield put(node, f"{other} {old} {one}", "boolean", 0.4 if doing else 0.1)
        if len(node.values) == 2 and _alike(node.values[0], node.values[1]):
            one, other = (_grouped(text(each), each) for each in node.values)
            yield put(node, f"{one} != {other}", "boolean", 0.4)
            yield put(node, f"{one} == {other}", "boolean", 0.2)
    elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Compare | ast.BoolOp) and len(node.ops) == 1:
        for word, prior in (("and", 0.3), ("or", 0.3)):
            yield put(node, f"{text(node.left)} {word} {text(node.comparators[0])}", "boolean", prior)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield put(node, text(node.operand), "boolean", 0.8)
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
        if scope.source.function(node) is not None and not isinstance(scope.source.parents.get(node), Function):
            yield put(node.value, f"not {text(node.targets[0])}", "boolean", 0.3)  # turned, not set
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        if not isinstance(node.test, ast.UnaryOp | ast.Compare):
            yield _negated(node.test, scope, 0.5)
    elif isinstance(node, ast.comprehension):
        for test in node.ifs:
            if not isinstance(test, ast.UnaryOp | ast.Compare):
                yield _negated(test, scope, 0.4)
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Call | ast.Name | ast.Attribute | ast.BoolOp):
        yield _negated(node.value, scope, 0.08)


def _does_something(node: ast.expr, scope: Scope) -> bool:
    """Whether a function of the project is called in it, or something taken out: then it matters that it is asked."""
    calls = [called(each) for each in ast.walk(node) if isinstance(each, ast.Call)]
    return any(each in scope.codebase.signatures or each in ("pop", "popleft", "next") for each in calls)


def _alike(one: ast.expr, other: ast.expr) -> bool:
    """Whether they ask the same of two things: then exactly one may be meant to hold, or both or neither."""
    return outline(ast.Expr(one)) == outline(ast.Expr(other)) and isinstance(one, ast.Compare | ast.Call)


def _grouped(text: str, node: ast.expr) -> str:
    return f"({text})" if isinstance(node, ast.Compare | ast.BoolOp) else text


def _negated(node: ast.expr, scope: Scope, prior: float) -> Candidate:
    text = scope.source.text(node)
    if isinstance(node, ast.BoolOp | ast.IfExp | ast.NamedExpr):
        text = f"({text})"
    return scope.source.put(node, f"not {text}", "boolean", prior)
