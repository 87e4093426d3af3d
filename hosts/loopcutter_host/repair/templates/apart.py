"""How far apart two things are, whichever of them is larger: `abs(a - b) > 1` for `a - b > 1`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.templates.family import siblings

_ALIKE = ast.Name | ast.Attribute | ast.Subscript | ast.Call
_GATHERING = ("sum", "min", "max")


def far_apart(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A difference of two alike things without its sign, where it is compared, gathered or given back."""
    if not isinstance(node, ast.BinOp) or not _is_difference(node):
        return
    parent = scope.source.parents.get(node)
    prior = 0.0
    match parent:
        case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE() | ast.Eq()], comparators=[right]):
            other = right if node is left else left
            against_zero = isinstance(other, ast.Constant) and other.value == 0  # which is larger is the question
            prior = 0.0 if against_zero else 0.5 if _opposite(node) else 0.25
        case ast.Call() if called(parent) in _GATHERING:
            prior = 0.2
        case ast.GeneratorExp(elt=elt) | ast.ListComp(elt=elt) if elt is node:
            prior = 0.2
        case ast.AugAssign(op=ast.Add()) | ast.Return():
            prior = 0.12
    if prior:
        yield scope.source.put(node, f"abs({scope.source.text(node)})", "arithmetic", prior)


def _is_difference(node: ast.BinOp) -> bool:
    return isinstance(node.op, ast.Sub) and isinstance(node.left, _ALIKE) and type(node.left) is type(node.right)


def _opposite(node: ast.BinOp) -> bool:
    """Whether the two are named as equals are: left and right, first and last."""
    return (
        isinstance(node.left, ast.Name) and isinstance(node.right, ast.Name) and node.right.id in siblings(node.left.id)
    )
