"""What is done to one of two things that stand side by side, done to the other as well: `len(a) - len(b)`."""

import ast
import itertools
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope


def symmetric(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A call, an index or a part around a name, as it stands around the name beside it; or around neither."""
    sides = _sides(node)
    for one in sides:
        for other in sides:
            inner = _within(other)
            if one is other or inner is None or not isinstance(one, ast.Name | ast.Attribute):
                continue
            if scope.source.text(one) == scope.source.text(inner):
                continue
            (start, end), (first, last) = scope.source.span(other), scope.source.span(inner)
            head, tail = scope.source.slice(start, first), scope.source.slice(last, end)
            yield scope.source.put(one, f"{head}{scope.source.text(one)}{tail}", "call", 0.4)


def as_beside(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`f(a & near, b & near)` for `f(a & near, b)`: what is done to one argument, done to the other as well."""
    match node:
        case ast.Call(args=items) | ast.Tuple(elts=items, ctx=ast.Load()):
            pass
        case _:
            return
    for (at, one), (place, other) in itertools.permutations(enumerate(items[:6]), 2):
        if not isinstance(one, ast.Name) or not isinstance(other, ast.BinOp) or isinstance(other.right, ast.Constant):
            continue
        operand, kind = other.left, scope.kinds.of(other.left)
        if not isinstance(operand, ast.Name) or operand.id == one.id or kind != scope.kinds.of(one):
            continue
        if one.id in {each.id for each in ast.walk(other) if isinstance(each, ast.Name)}:
            continue
        tail = scope.source.slice(scope.source.span(operand)[1], scope.source.span(other)[1])
        prior = 0.8 if isinstance(other.op, ast.BitAnd | ast.BitOr | ast.BitXor) else 0.25
        near = 1 if abs(at - place) == 1 else 0.3
        yield scope.source.put(one, f"{one.id}{tail}", "arithmetic", prior * near)


def counterpart(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`min(choices)` beside `max(choices)`: the smallest and the largest of the same."""
    match node:
        case ast.Assign(value=ast.Call(func=ast.Name(id="min" | "max" as name), args=[_, *_], keywords=[]) as call):
            pass
        case _:
            return
    for each in scope.source.block(node):
        match each:
            case ast.Assign(value=ast.Call(func=ast.Name(id="min" | "max" as other), args=given, keywords=[])):
                if other != name and abs(each.lineno - node.lineno) <= 2 and (len(given) == 1 or len(call.args) == 1):
                    text = ", ".join(map(scope.source.text, given))
                    yield scope.source.put(call, f"{name}({text})", "argument", 0.5)


def _sides(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.Compare(left=left, comparators=[right]):
            return [left, right]
        case ast.Call(args=arguments) if len(arguments) == 2:
            return arguments
        case ast.Tuple(elts=[one, other], ctx=ast.Load()):
            return [one, other]
    return []


def _within(node: ast.expr) -> ast.expr | None:
    """The name that something is done to."""
    match node:
        case ast.Call(func=ast.Name(), args=[ast.Name() | ast.Attribute() as inner], keywords=[]):
            return inner
        case ast.Call(func=ast.Attribute(value=ast.Name() as inner), args=[]):
            return inner
        case ast.Subscript(value=ast.Name() as inner, slice=ast.Slice() | ast.Constant() | ast.UnaryOp()):
            return inner
    return None
