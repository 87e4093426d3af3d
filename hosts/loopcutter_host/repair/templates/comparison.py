"""`<` where `<=` was meant, `==` for `!=`, `in` for `not in`."""

import ast
import itertools
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_SYMBOLS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_OTHERS: dict[str, dict[str, float]] = {
    "<": {"<=": 1, ">": 0.6, ">=": 0.5, "!=": 0.2, "==": 0.15},
    "<=": {"<": 1, ">=": 0.6, ">": 0.5, "==": 0.2, "!=": 0.1},
    ">": {">=": 1, "<": 0.6, "<=": 0.5, "!=": 0.2, "==": 0.15},
    ">=": {">": 1, "<=": 0.6, "<": 0.5, "==": 0.2, "!=": 0.1},
    "==": {"!=": 0.9, "<=": 0.2, ">=": 0.2, "<": 0.15, ">": 0.15, "in": 0.1, "is": 0.05},
    "!=": {"==": 0.9, "<": 0.25, ">": 0.25, "not in": 0.1, "<=": 0.1, ">=": 0.1, "is not": 0.05},
    "is": {"is not": 0.9, "==": 0.25, "in": 0.2},
    "is not": {"is": 0.9, "!=": 0.25, "not in": 0.2},
    "in": {"not in": 0.9, "==": 0.15},
    "not in": {"in": 0.9, "!=": 0.15},
}


def comparison(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Another comparison operator."""
    if not isinstance(node, ast.Compare):
        return
    operands = [node.left, *node.comparators]
    for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
        symbol = _SYMBOLS[type(operator)]
        for other, prior in _OTHERS[symbol].items():
            yield from scope.source.operators([left, right], symbol, other, "comparison", prior)
    if len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq | ast.NotEq):
        yield from _one_of(node, scope)
    elif len(node.ops) == 1 and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Mult):
        yield from _each_of(node, node.left, scope)


def _each_of(node: ast.Compare, product: ast.BinOp, scope: Scope) -> Iterator[Candidate]:
    """`a <= 0 or b <= 0` for `a * b <= 0`: two negative numbers have a positive product."""
    bound = node.comparators[0]
    if isinstance(bound, ast.Constant) and bound.value == 0:
        rest = scope.source.slice(scope.source.span(product)[1], scope.source.span(node)[1])
        one, other = scope.source.text(product.left), scope.source.text(product.right)
        if not set(rest) & set("()"):
            for word in ("or", "and"):
                yield scope.source.put(node, f"{one}{rest} {word} {other}{rest}", "comparison", 0.3)


def _one_of(node: ast.Compare, scope: Scope) -> Iterator[Candidate]:
    """`x in (a, b)` for `x == a`."""
    left, right = scope.source.text(node.left), scope.source.text(node.comparators[0])
    word = "in" if isinstance(node.ops[0], ast.Eq) else "not in"
    match node.comparators[0]:
        case ast.Subscript(value=ast.Name(id=whole), slice=ast.Constant() | ast.UnaryOp()):
            # asked of one item only, where all of them may be meant
            yield scope.source.put(node, f"{left} {word} {whole}", "comparison", 0.3)
    others = [each for each in scope.values(node) if each not in ("self", "cls", left, right)][:5]
    if isinstance(node.comparators[0], ast.Constant):
        kind = type(node.comparators[0].value)
        others = [repr(each) for each in itertools.islice(scope.constants(kind), 5) if repr(each) != right]
    for other in others:
        yield scope.source.put(node, f"{left} {word} ({right}, {other})", "comparison", 0.12)
