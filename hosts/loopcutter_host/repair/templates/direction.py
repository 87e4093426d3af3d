"""Which way a loop goes, and over what: `reversed(range(n))` for `range(n)`, `order` for `range(len(order))`."""

import ast
from collections.abc import Iterator, Sequence

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope


def other_way(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The same loop backwards, where it makes a table from itself: each item may have to be the old or the new one."""
    if not isinstance(node, ast.For) or not isinstance(node.target, ast.Name) or not isinstance(node.iter, ast.Call):
        return
    text, call = scope.source.text, node.iter
    if not _in_place(node, node.target.id, scope):
        return
    if called(call) == "range":
        yield scope.source.put(call, f"reversed({text(call)})", "call", 0.6)
        match call.args:
            case [first, last, ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))]:
                yield scope.source.put(call, f"range({text(last)} + 1, {text(first)} + 1)", "call", 0.4)
            case [first, last]:
                yield scope.source.put(call, f"range({text(last)} - 1, {text(first)} - 1, -1)", "call", 0.2)
            case [last]:
                yield scope.source.put(call, f"range({text(last)} - 1, -1, -1)", "call", 0.2)
    elif called(call) == "reversed" and len(call.args) == 1:
        yield scope.source.put(call, text(call.args[0]), "call", 0.6)


def backwards(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`reversed(items)` for what a loop, a comprehension or `enumerate` goes through."""
    match node:
        case ast.For(iter=ast.Name() as given) | ast.comprehension(iter=ast.Name() as given):
            yield scope.source.put(given, f"reversed({given.id})", "call", 0.2)
        case ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name() as given, *_]):
            yield scope.source.put(given, f"reversed({given.id})", "call", 0.2)


def _in_place(loop: ast.For, place: str, scope: Scope) -> bool:
    """Whether items of a table are made from other items of it, by the place the loop is at."""
    text = scope.source.text
    inside = [each for part in loop.body for each in ast.walk(part) if isinstance(each, ast.Subscript)]
    by_place = [
        each
        for each in inside
        if any(isinstance(part, ast.Name) and part.id == place for part in ast.walk(each.slice))
        and not isinstance(each.slice, ast.Slice)
    ]
    stored = [each for each in by_place if isinstance(each.ctx, ast.Store)]
    read = [each for each in by_place if isinstance(each.ctx, ast.Load)]
    return any(text(one.value) == text(other.value) and text(one) != text(other) for one in stored for other in read)


def items_or_places(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The items for their places where nothing is looked up by them, the places for the items where something is."""
    match node:
        case ast.For(target=ast.Name(id=target), iter=ast.expr() as given, body=body):
            inside: Sequence[ast.AST] = body
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            first = node.generators[0]
            if not isinstance(first.target, ast.Name):
                return
            target, given, inside = first.target.id, first.iter, [node.elt, *first.ifs]
        case _:
            return
    lookups = {
        scope.source.text(each.value)
        for part in inside
        for each in ast.walk(part)
        if isinstance(each, ast.Subscript)
        and any(isinstance(name, ast.Name) and name.id == target for name in ast.walk(each.slice))
    }
    match given:
        case ast.Call(func=ast.Name(id="range"), args=[ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)])]):
            if name not in lookups:
                yield scope.source.put(given, name, "call", 0.6)
        case ast.Name(id=name) if name in lookups:
            yield scope.source.put(given, f"range(len({name}))", "call", 0.6)
