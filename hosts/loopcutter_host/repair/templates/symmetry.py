"""What is done to one of two things that stand side by side, done to the other as well: `len(a) - len(b)`."""

import ast
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
