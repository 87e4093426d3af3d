"""What a collection begins with, and what is read from it before anything was put there."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope


def beginning(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Rows of their own for rows that are one, a collection that holds the start, `d.get(k, 0)` for `d[k]`."""
    text = scope.source.text
    match node:
        case ast.BinOp(left=ast.List(elts=[row]), op=ast.Mult(), right=count):
            if isinstance(row, ast.List | ast.ListComp | ast.Dict | ast.Set) or _is_repeated(row):
                yield scope.source.put(node, f"[{text(row)} for _ in range({text(count)})]", "expression", 1.0)
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if scope.function is not None:
            yield from _started(target, value, scope)
        case ast.Subscript(value=ast.Name() | ast.Attribute() as table, slice=key, ctx=ast.Load()):
            if isinstance(key, ast.Slice) or not is_table(text(table), scope):
                return
            raised = "KeyError" in scope.hints.raised
            for default, prior in (("0", 0.5), ("[]", 0.2), ("None", 0.1)):
                whole = f"{text(table)}.get({text(key)}, {default})"
                yield scope.source.put(node, whole, "expression", prior if raised else prior / 5)


def _is_repeated(row: ast.expr) -> bool:
    return isinstance(row, ast.BinOp) and isinstance(row.op, ast.Mult) and isinstance(row.left, ast.List)


def _started(target: str, value: ast.expr, scope: Scope) -> Iterator[Candidate]:
    """`{start}` for `set()`, `{start: 0}` for `{}`, where something is looked for in it."""
    asked = any(
        isinstance(each, ast.Compare)
        and isinstance(each.comparators[-1], ast.Name)
        and each.comparators[-1].id == target
        for each in scope.nodes
    )
    if not asked:
        return
    names = [each for each in [*scope.parameters, *scope.values(value)] if each not in ("self", target)]
    for name in list(dict.fromkeys(names))[:4]:
        weight = 0.5 if name in scope.collections else 1.0
        match value:
            case ast.Call(func=ast.Name(id="set"), args=[]):
                yield scope.source.put(value, f"{{{name}}}", "initial-value", 0.25 * weight)
            case ast.List(elts=[]):
                yield scope.source.put(value, f"[{name}]", "initial-value", 0.15 * weight)
            case ast.Dict(keys=[]):
                for first, prior in (("0", 0.25), ("None", 0.2), ("1", 0.06)):
                    yield scope.source.put(value, f"{{{name}: {first}}}", "initial-value", prior * weight)


def is_table(name: str, scope: Scope) -> bool:
    """Whether it is made as a dictionary here, or treated as one."""
    for each in scope.nodes:
        match each:
            case ast.Assign(targets=[target, *_], value=ast.Dict() | ast.DictComp()) if (
                scope.source.text(target) == name
            ):
                return True
            case ast.Attribute(value=value, attr="get" | "items" | "setdefault") if scope.source.text(value) == name:
                return True
    return False
