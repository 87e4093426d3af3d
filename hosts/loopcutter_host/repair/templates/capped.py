"""What is taken off something, which can't be more than there is: `min(left, size)` for `size`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_ORDER = ast.Lt | ast.LtE | ast.Gt | ast.GtE
_MOST = 4


def capped(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """An assigned value bounded by what the variable is later taken off, or compared with."""
    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=ast.Name() | ast.Attribute() | ast.Subscript() as value):
            pass
        case _:
            return
    if scope.function is None:
        return
    own = scope.source.text(value)
    weights = _measured_by(target, scope)
    for other in [each for each in weights if each not in (own, target)][:_MOST]:
        prior = weights[other]
        yield scope.source.put(value, f"min({other}, {own})", "expression", prior)
        yield scope.source.put(value, f"min({own}, {other})", "expression", prior * 0.6)
        yield scope.source.put(value, f"max({own}, {other})", "expression", prior * 0.2)


def _measured_by(name: str, scope: Scope) -> dict[str, float]:
    """What the variable is subtracted from or compared with, as it is written, with how likely that bounds it."""
    found: dict[str, float] = {}
    for each in scope.nodes:
        pairs: list[tuple[ast.expr, ast.expr, float]] = []
        match each:
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                pairs = [(right, left, 0.4)]
            case ast.AugAssign(target=left, op=ast.Sub(), value=right):
                pairs = [(right, left, 0.6)]
            case ast.Compare(left=left, ops=[operator], comparators=[right]) if isinstance(operator, _ORDER):
                pairs = [(right, left, 0.2), (left, right, 0.2)]
        for one, other, prior in pairs:
            if isinstance(one, ast.Name) and one.id == name and isinstance(other, ast.Name | ast.Attribute):
                text = scope.source.text(other)
                found[text] = max(found.get(text, 0), prior)
    return dict(sorted(found.items(), key=lambda each: -each[1]))
