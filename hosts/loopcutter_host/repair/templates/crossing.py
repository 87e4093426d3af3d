"""Two pairs of which each has its partner in the other: `f(a.left, b.right) and f(a.right, b.left)`."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope


def crossed(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The second parts of two such pairs exchanged, where both are parts of the same thing."""
    for first, second in pairwise(_beside(node)):
        one, other = _pair(first, scope), _pair(second, scope)
        if one is None or other is None or one[0] != other[0]:
            continue
        (kind, here, there), (_, beyond, back) = one, other
        if not (_same_whole(here, beyond, scope) and _same_whole(there, back, scope)):
            continue
        start, end = scope.source.span(there)[0], scope.source.span(back)[1]
        between = scope.source.slice(scope.source.span(there)[1], scope.source.span(back)[0])
        text = scope.source.text(back) + between + scope.source.text(there)
        yield scope.source.change(start, end, text, "argument", 0.25 if kind == "*" else 0.6)


def traded(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Two names of a sum or product exchanged wherever they stand in it: `2 * b - a` for `2 * a - b`."""
    if not isinstance(node, ast.BinOp) or scope.function is None:
        return
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    known = sorted({each.id for each in names})
    plain = isinstance(node.left, ast.Name) and isinstance(node.right, ast.Name)
    if len(known) != 2 or plain or not set(known) <= {*scope.bound, *scope.enclosing}:
        return
    position, end = scope.source.span(node)
    text, other = "", dict(zip(known, reversed(known), strict=True))
    for start, stop, name in sorted((*scope.source.span(each), each.id) for each in names):
        text += scope.source.slice(position, start) + other[name]
        position = stop
    yield scope.source.change(*scope.source.span(node), text + scope.source.slice(position, end), "name", 0.2)


def _beside(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.BoolOp(values=items) | ast.Call(args=items):
            return items
        case ast.Tuple(elts=items, ctx=ast.Load()) | ast.List(elts=items, ctx=ast.Load()):
            return items
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return [left, right]
    return []


def _pair(node: ast.expr, scope: Scope) -> tuple[str, ast.expr, ast.expr] | None:
    """By what two things are put together, and the two."""
    match node:
        case ast.Call(func=function, args=[one, other], keywords=[]):
            return scope.source.text(function), one, other
        case ast.Compare(left=one, ops=[operator], comparators=[other]):
            return type(operator).__name__, one, other
        case ast.BinOp(left=one, op=ast.Mult(), right=other):
            return "*", one, other
    return None


def _same_whole(one: ast.expr, other: ast.expr, scope: Scope) -> bool:
    """Whether they are two different parts of one thing."""
    match one, other:
        case (ast.Attribute(value=first), ast.Attribute(value=second)) | (
            ast.Subscript(value=first),
            ast.Subscript(value=second),
        ):
            text = scope.source.text
            return text(first) == text(second) and text(one) != text(other)
    return False
