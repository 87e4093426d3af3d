"""What a branch of a loop sets back to its first value, and a flag that nothing ever turns."""

import ast
from collections.abc import Iterable, Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.templates.assigned import assigned

_MOST = 3


def set_back(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`total = 0` at the end of a branch, where the loop adds to `total`; `changed = True` where it is only asked."""
    if not isinstance(node, ast.stmt) or scope.function is None or not scope.source.alone(node):
        return
    if isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue):
        return
    parent = scope.source.parents.get(node)
    if not isinstance(parent, ast.If) or scope.source.block(node)[-1] is not node:
        return
    loops = [each for each in scope.source.ancestors(node) if isinstance(each, ast.For | ast.While)]
    if not loops:
        return
    loop = loops[0]
    here = {scope.source.text(part) for each in scope.source.block(node) for part in ast.walk(each) if _is_stored(part)}
    added = {
        each.target.id: None
        for each in ast.walk(loop)
        if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name)
    }
    firsts = _firsts(scope)
    for name in [each for each in added if each not in here and each in firsts][:_MOST]:
        yield scope.source.after(node, [f"{name} = {firsts[name]}"], "statement", 0.3)
    for name in scope.flags:
        values = _values(name, ast.walk(loops[-1])) or _values(name, scope.nodes)
        if name not in here and len(values) == 1:
            yield scope.source.after(node, [f"{name} = {not values.pop()}"], "statement", 0.6)


def _firsts(scope: Scope) -> dict[str, str]:
    """Variable → the constant it begins with."""
    found: dict[str, str] = {}
    for name, value in assigned(scope.nodes):
        if isinstance(value, ast.Constant | ast.UnaryOp):
            found.setdefault(name, scope.source.text(value))
    return found


def _values(name: str, nodes: Iterable[ast.AST]) -> set[bool]:
    """The truth values that are given to a variable there; both where anything else is."""
    found: set[bool] = set()
    for own, value in assigned(nodes):
        if own == name:
            constant = value.value if isinstance(value, ast.Constant) else None
            found |= {constant} if isinstance(constant, bool) else {True, False}
    return found


def _is_stored(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)
