"""What binds too tightly or too loosely: `a + b[:4]` for `(a + b)[:4]`, `round(a) / b` for `round(a / b)`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope


def regrouped(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The same operators, with the parentheses elsewhere."""
    match node:
        case ast.BinOp():
            yield from _part_of_all(node, scope)
            yield from _call_of_all(node, scope)
        case ast.Subscript(value=ast.BinOp() as inner, ctx=ast.Load()):
            yield from _part_of_last(node, inner, scope)
        case ast.Call(func=ast.Attribute(value=ast.BinOp() as inner)):
            yield from _part_of_last(node, inner, scope)
        case ast.Call(func=ast.Name(id=name), args=[ast.BinOp() as inner], keywords=[]):
            left, right = scope.source.text(inner.left), scope.source.text(inner.right)
            gap = scope.source.slice(scope.source.span(inner.left)[1], scope.source.span(inner.right)[0])
            if not set(gap) & set("()"):
                yield scope.source.put(node, f"{name}({left}){gap}{right}", "arithmetic", 0.15)
        case ast.BoolOp():
            yield from _clauses(node, scope)
        case ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp() as inner):
            yield scope.source.put(node, f"not {scope.source.text(inner)}", "boolean", 0.1)
        case ast.IfExp(body=ast.BinOp() as inner):
            start, _ = scope.source.span(inner.right)
            head = scope.source.slice(scope.source.span(node)[0], start)
            tail = scope.source.slice(start, scope.source.span(node)[1])
            if head.count("(") == head.count(")"):
                yield scope.source.put(node, f"{head}({tail})", "arithmetic", 0.25)


def _part_of_all(node: ast.BinOp, scope: Scope) -> Iterator[Candidate]:
    """`(a + b)[:4]` for `a + b[:4]`, `(a + b).strip()` for `a + b.strip()`."""
    inner: ast.expr
    match node.right:
        case ast.Subscript(value=inner, slice=ast.Slice()):
            prior = 0.25
        case ast.Subscript(value=ast.Constant() as inner):
            prior = 0.5
        case ast.Call(func=ast.Attribute(value=inner)):
            prior = 0.12
        case _:
            return
    if not isinstance(node.op, ast.Add):
        return
    middle, end = scope.source.span(inner)[1], scope.source.span(node)[1]
    head, tail = (scope.source.slice(scope.source.span(node)[0], middle), scope.source.slice(middle, end))
    if tail[:1] in ("[", ".") and head.count("(") == head.count(")"):
        # nobody takes a part of a literal text
        yield scope.source.put(node, f"({head}){tail}", "arithmetic", 1 if isinstance(inner, ast.Constant) else prior)


def _part_of_last(node: ast.expr, inner: ast.BinOp, scope: Scope) -> Iterator[Candidate]:
    start, end = scope.source.span(inner)
    tail = scope.source.slice(end, scope.source.span(node)[1])
    if tail.startswith(")"):
        yield scope.source.put(node, f"{scope.source.slice(start, end)}{tail[1:]}", "arithmetic", 0.2)


def _call_of_all(node: ast.BinOp, scope: Scope) -> Iterator[Candidate]:
    """`round(a / b)` for `round(a) / b`."""
    match node.left:
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name != "len":
            gap = scope.source.slice(scope.source.span(node.left)[1], scope.source.span(node)[1])
            given = scope.source.text(argument)
            given = f"({given})" if isinstance(argument, ast.BinOp | ast.BoolOp | ast.IfExp) else given
            if not isinstance(argument, ast.Starred | ast.GeneratorExp):
                yield scope.source.put(node, f"{name}({given}{gap})", "arithmetic", 0.1)


def _clauses(node: ast.BoolOp, scope: Scope) -> Iterator[Candidate]:
    """`(a or b) and c` for `a or b and c`, `not (a or b)` for `not a or b`."""
    text, last, first = scope.source.text, node.values[-1], node.values[0]
    word, other = ("or", "and") if isinstance(node.op, ast.Or) else ("and", "or")
    if isinstance(last, ast.BoolOp):
        left = f" {word} ".join([*(text(each) for each in node.values[:-1]), text(last.values[0])])
        right = f" {other} ".join(text(each) for each in last.values[1:])
        whole = f"({left}) {other} {right}" if word == "or" else f"{left} {other} {right}"
        yield scope.source.put(node, whole, "boolean", 0.25)
    elif isinstance(first, ast.BoolOp):
        left = f" {other} ".join(text(each) for each in first.values[:-1])
        right = f" {word} ".join([text(first.values[-1]), *(text(each) for each in node.values[1:])])
        whole = f"{left} {other} ({right})" if word == "or" else f"{left} {other} {right}"
        yield scope.source.put(node, whole, "boolean", 0.2)
    if isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.Not):
        rest = f" {word} ".join(text(each) for each in (first.operand, *node.values[1:]))
        yield scope.source.put(node, f"not ({rest})", "boolean", 0.15)
