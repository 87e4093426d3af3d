"""What is read and never written: items of a collection, and the second of two numbers that move together."""

import ast
import functools
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_FILLING = ("append", "add", "insert", "extend", "update", "setdefault", "appendleft", "fill", "__setitem__")
_PLAIN = ast.Assign | ast.AugAssign | ast.Expr


def never_stored(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`seen[key] = value` after a statement, where items of `seen` are read, and nothing is ever put into it."""
    if not isinstance(node, _PLAIN) or scope.function is None or not scope.source.alone(node):
        return
    text = scope.source.text
    own = {text(node.value)} if isinstance(node, ast.Expr) else set()
    for place, collection, index in _read_only(scope):
        inside = {each.id for part in (collection, index) for each in ast.walk(part) if isinstance(each, ast.Name)}
        reads = any(isinstance(each, ast.Subscript) and text(each) == place for each in ast.walk(node))
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        names = [each for each in scope.values(node) if each not in inside and each != "self"]
        if isinstance(target, ast.Name) and target.id not in inside:
            names.insert(0, target.id)
        elif not reads:
            continue
        for name in list(dict.fromkeys(names))[:4]:
            given = 0.4 if reads and name in scope.parameters else 0.25
            if place not in own:
                yield scope.source.after(node, [f"{place} = {name}"], "statement", given)


@functools.lru_cache(maxsize=64)
def _read_only(scope: Scope) -> list[tuple[str, ast.expr, ast.expr]]:
    """Items that are read or asked for, of collections made here into which nothing is put: text, collection, index."""
    text = scope.source.text
    around = list(ast.walk(scope.owner)) if scope.owner is not None else list(ast.walk(_outermost(scope)))
    made: set[str] = set()
    filled: set[str] = set()
    for each in around:
        match each:
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=value) if _is_made(value):
                made.add(text(target))
            case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
                while isinstance(value, ast.Subscript):
                    value = value.value
                filled.add(text(value))
            case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in _FILLING:
                filled.add(text(value))
    found: dict[str, tuple[str, ast.expr, ast.expr]] = {}
    for each in scope.nodes:
        match each:
            case ast.Subscript(value=value, slice=ast.Name() | ast.Tuple() as index, ctx=ast.Load()):
                pass
            case ast.Compare(left=ast.Name() | ast.Tuple() as index, ops=[ast.In() | ast.NotIn()], comparators=[value]):
                pass
            case _:
                continue
        name = text(value)
        if name in made - filled:
            place = f"{name}[{text(index).strip('()') if isinstance(index, ast.Tuple) else text(index)}]"
            found.setdefault(place, (place, value, index))
    return list(found.values())[:4]


def _outermost(scope: Scope) -> ast.AST:
    """The function around all others, in which what inner functions share is made."""
    assert scope.function is not None
    outer: ast.AST = scope.function
    for each in scope.source.ancestors(scope.function):
        outer = each if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) else outer
    return outer


def _is_made(value: ast.expr) -> bool:
    match value:
        case ast.Dict(keys=[]) | ast.ListComp() | ast.BinOp(left=ast.List(), op=ast.Mult()):
            return True
        case ast.Call(func=ast.Name(id="dict"), args=[]):
            return True
    return False


def along_with(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`year -= 1` beside `month += 12`: where one number is set right in a branch, another has to follow."""
    parent = scope.source.parents.get(node)
    if not isinstance(parent, ast.If) or scope.function is None or not isinstance(node, ast.Assign | ast.AugAssign):
        return
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if not isinstance(node.value, ast.Constant) or type(node.value.value) is not int or not scope.source.alone(node):
        return
    written = {scope.source.text(each).split(" ")[0] for each in scope.source.block(node)}
    others = [
        each
        for each in [*scope.parameters, *scope.values(node)]
        if each not in written and each not in scope.collections and each != "self"
    ]
    weight = 1.0 if isinstance(node, ast.AugAssign) and isinstance(target, ast.Name) else 0.6
    for other in list(dict.fromkeys(others))[:4]:
        if scope.kinds.of(ast.Name(other, ast.Load())) in ("", "number"):
            for sign in "+-":
                yield scope.source.after(node, [f"{other} {sign}= 1"], "statement", 0.2 * weight)
