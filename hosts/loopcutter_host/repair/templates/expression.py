"""The wrong expression: what fills the same place elsewhere, another one of the function, a term more."""

import ast
import functools
from collections.abc import Iterator
from typing import TypeGuard

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called, slots
from loopcutter_host.repair.scope import Scope

_MOST = 12
_BOUNDS = ("max", "min")
_BOUNDED = ast.Assign | ast.Return | ast.Call | ast.List | ast.Tuple | ast.IfExp | ast.Slice
_REPLACED = ast.Name | ast.Constant | ast.Call | ast.Subscript | ast.Attribute | ast.BinOp | ast.Compare | ast.UnaryOp


def filled_alike(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """What is the same argument of the same function, or is assigned to the same name, anywhere in the repository."""
    if not _fits(node, scope):
        return
    parent = scope.source.parents.get(node)
    for slot, filling in slots(parent) if parent is not None else ():
        if filling is node:
            own = ast.unparse(node)
            known = [(text, count) for text, count in scope.codebase.slots[slot].most_common(40) if text != own]
            for text, _ in [each for each in known if _readable(each[0], scope)][:_MOST]:
                yield scope.source.put(node, text, "expression", 0.3 if _empty(node) else 0.15)


def expression(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Another expression of the function, the nearest first; names for constants."""
    if not _fits(node, scope):
        return
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | bytes):
        for name in scope.values(node)[:_MOST]:
            if name != "self":
                yield scope.source.put(node, name, "expression", 0.3 if node.value is None else 0.15)
    inside = {scope.source.text(each) for each in ast.walk(node) if isinstance(each, ast.expr)}
    kept = _kept_before(node, scope)
    if kept and kept not in inside:
        yield scope.source.put(node, kept, "expression", 0.2)
    for text in [each for each in _near(node, scope) if each not in inside][: 2 * _MOST]:
        yield scope.source.put(node, text, "expression", 0.2 if _empty(node) else _extended(node, text, scope))
    if isinstance(node, ast.Name | ast.Subscript):
        for text in [each for each in scope.lookups if each not in inside]:
            yield scope.source.put(node, text, "expression", 0.05)


def _kept_before(node: ast.expr, scope: Scope) -> str:
    """What the statement before assigns: more than a name, and perhaps what goes on from there."""
    statement = scope.source.statement(node)
    if statement is None or not isinstance(node, ast.Name):
        return ""
    block = scope.source.block(statement)
    before = block[block.index(statement) - 1] if block.index(statement) else None
    if isinstance(before, ast.Assign) and isinstance(before.value, ast.Subscript | ast.Attribute):
        return scope.source.text(before.value)
    return ""


def _extended(node: ast.expr, text: str, scope: Scope) -> float:
    """`following.key`, `table[key]` and `f(key)` are likelier for `key` than what has nothing to do with it."""
    if not isinstance(node, ast.Name):
        return 0.06
    return 0.2 if text.endswith((f".{node.id}", f"[{node.id}]")) else 0.12 if f"({node.id})" in text else 0.06


def term(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`x + y`, `x - y`, `y - x` with something of the function."""
    if not _fits(node, scope) or isinstance(node, ast.Compare):
        return
    if isinstance(node, ast.Constant) and (not isinstance(node.value, int) or isinstance(node.value, bool)):
        return
    own, parent = scope.source.text(node), scope.source.parents.get(node)
    if isinstance(parent, ast.BinOp) and node is parent.right:
        return  # the term can as well be added to the whole
    weight = 0.5 if isinstance(parent, ast.Call) else 1
    names = [each for each in scope.values(node) if each not in ("self", own)][:8]
    calls = [text for text in _near(node, scope) if text.endswith((")", "]")) and text != own][:8]
    calls += [text for text in scope.lookups if text != own and text not in calls][:6]
    named = [(each, 0.4 if each in scope.unused else 0.07 * weight) for each in names]
    for other, prior in named + [(each, 0.05 * weight) for each in calls]:
        yield scope.source.put(node, f"{own} + {other}", "expression", prior)
        yield scope.source.put(node, f"{own} - {other}", "expression", prior * 0.7)
        if not isinstance(node, ast.Constant):
            yield scope.source.put(node, f"{other} + {own}", "expression", prior * 0.5)
        if isinstance(node, ast.Name | ast.Constant):
            yield scope.source.put(node, f"{other} - {own}", "expression", prior * 0.4)
            yield scope.source.put(node, f"{own} * {other}", "expression", prior * 0.2)


def bounded(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`max(x, y)` and `min(x, y)` for `x`."""
    parent = scope.source.parents.get(node)
    if not _fits(node, scope) or not isinstance(parent, _BOUNDED):
        return
    if isinstance(node, ast.Constant | ast.Compare) or (isinstance(parent, ast.Call) and called(parent) in _BOUNDS):
        return
    own = scope.source.text(node)
    if "IndexError" in scope.hints.raised and isinstance(node, ast.Name) and own not in scope.collections:
        for name in [each for each in scope.collections if each in scope.bound][:3]:
            yield scope.source.put(node, f"min({own}, len({name}))", "expression", 0.3)
    others = [each for each in scope.values(node) if each not in ("self", own)][:5]
    others += [each for each in _near(node, scope) if each != own][:5]
    for other in dict.fromkeys(["0", *others]):
        for function in _BOUNDS:
            yield scope.source.put(node, f"{function}({own}, {other})", "expression", 0.05)
            yield scope.source.put(node, f"{function}({other}, {own})", "expression", 0.04)


def _near(node: ast.AST, scope: Scope) -> list[str]:
    line = getattr(node, "lineno", 0)
    return [text for text, _ in sorted(scope.expressions.items(), key=lambda each: (abs(each[1] - line), each[0]))]


def _fits(node: ast.AST, scope: Scope) -> TypeGuard[ast.expr]:
    return scope.function is not None and isinstance(node, _REPLACED) and _is_value(node, scope)


def _is_value(node: ast.expr, scope: Scope) -> bool:
    """Whether it is read where any value may stand: no target, no called name, no annotation, no text."""
    parent = scope.source.parents.get(node)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(parent, ast.Attribute | ast.Expr):
        return False
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 20:
        return False
    if isinstance(parent, ast.Call):
        return node is not parent.func
    return not isinstance(parent, ast.arg | ast.AnnAssign | ast.FormattedValue | ast.JoinedStr | ast.ExceptHandler)


def _empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _readable(text: str, scope: Scope) -> bool:
    return _names(text) <= scope.known


@functools.lru_cache(maxsize=8192)
def _names(text: str) -> frozenset[str]:
    """The names an expression reads that it does not bind itself."""
    names = [each for each in ast.walk(ast.parse(text, mode="eval")) if isinstance(each, ast.Name)]
    bound = {each.id for each in names if isinstance(each.ctx, ast.Store)}
    return frozenset(each.id for each in names) - bound
