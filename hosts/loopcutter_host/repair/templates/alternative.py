"""`x or y` where only `x` stands, one thing in a list, a variable where something was worked out."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_DEFAULTS = {"number": ("1", "0"), "text": ("''",), "collection": ("[]",), "truth": ("False",)}
_VALUE = ast.Name | ast.Attribute | ast.Call | ast.Subscript
_PLACE = ast.Assign | ast.Return | ast.Call | ast.BinOp | ast.Yield | ast.keyword | ast.AugAssign | ast.Subscript
_MOST = 6


def alternative(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """What to take where a value is None, empty or zero."""
    if not isinstance(node, _VALUE) or not _is_read(node, scope):
        return
    own, kind = scope.source.text(node), scope.kinds.of(node)
    names = [each for each in scope.values(node) if each not in ("self", "cls", own)][:_MOST]
    parent = scope.source.parents.get(node)
    weight = 1.0 if isinstance(parent, ast.Assign | ast.Return) else 0.6
    for name in names:
        alike = 1.0 if scope.kinds.of(ast.Name(name, ast.Load())) == kind else 0.5
        yield scope.source.put(node, f"{own} or {name}", "expression", 0.16 * weight * alike)
        yield scope.source.put(node, f"{name} or {own}", "expression", 0.03 * weight * alike)
    for default in _DEFAULTS.get(kind, ("[]", "0", "''", "None", "{}")):
        if not isinstance(parent, ast.Return | ast.Subscript):
            yield scope.source.put(node, f"{own} or {default}", "expression", 0.1 if kind else 0.06)


def listed(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """One thing in a list, a list's one thing alone."""
    if isinstance(node, ast.List) and len(node.elts) == 1 and isinstance(node.ctx, ast.Load):
        if not isinstance(node.elts[0], ast.Starred):
            yield scope.source.put(node, scope.source.text(node.elts[0]), "call", 0.12)
    elif isinstance(node, ast.Name | ast.Call | ast.Subscript | ast.BinOp) and _is_read(node, scope):
        added = isinstance(scope.source.parents.get(node), ast.BinOp | ast.Yield | ast.AugAssign)
        yield scope.source.put(node, f"[{scope.source.text(node)}]", "call", 0.12 if added else 0.06)


def variable(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A variable instead of what is worked out, those of the same kind first."""
    if not isinstance(node, ast.Call | ast.Subscript | ast.Attribute | ast.BinOp) or not _is_read(node, scope):
        return
    kind = scope.kinds.of(node)
    for name in [each for each in scope.values(node) if each not in ("self", "cls")][:_MOST]:
        its = scope.kinds.of(ast.Name(name, ast.Load()))
        alike = 1.0 if its == kind else 0.3 if its and kind else 0.7
        nearest = 1.5 if name in scope.unused else 1.0
        yield scope.source.put(node, name, "expression", 0.2 * alike * nearest)


def _is_read(node: ast.expr, scope: Scope) -> bool:
    """Whether it is a value that is given, assigned, returned or reckoned with."""
    parent = scope.source.parents.get(node)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or not isinstance(parent, _PLACE):
        return False
    if isinstance(parent, ast.Call):
        return node is not parent.func
    if isinstance(parent, ast.Subscript):
        return node is parent.slice
    return scope.function is not None
