"""What is done before a function calls itself, undone after it: `path.pop()` for `path.append(step)`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.templates.starting import is_table

_OPPOSITES = {"append": ("pop",), "add": ("remove", "discard"), "appendleft": ("popleft",), "push": ("pop",)}


def undone(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A statement that takes back what one before it did, after the one that goes deeper."""
    if not isinstance(node, ast.stmt) or scope.function is None or not scope.source.alone(node):
        return
    names = {scope.function.name, *(each.name for each in scope.source.functions if each in scope.nodes)}
    if not any(isinstance(each, ast.Call) and called(each) in names for each in ast.walk(node)):
        return
    block = scope.source.block(node)
    written = {scope.source.text(each) for each in block}
    for before in block[: block.index(node)]:
        for text, prior in _opposites(before, scope):
            if text not in written:
                yield scope.source.after(node, [text], "statement", prior)


def taken_both_ways(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`links[there].remove(here)` after `there = links[here].pop()`: a link that goes both ways is taken out twice."""
    if not isinstance(node, ast.Assign) or scope.function is None or not scope.source.alone(node):
        return
    text = scope.source.text
    match node:
        case ast.Assign(
            targets=[ast.Name(id=there)],
            value=ast.Call(
                func=ast.Attribute(value=ast.Subscript(value=links, slice=here), attr="pop" | "popleft" | "popitem")
            ),
        ):
            for method, prior in (("remove", 0.6), ("discard", 0.2)):
                line = f"{text(links)}[{there}].{method}({text(here)})"
                if line not in text(scope.function):
                    yield scope.source.after(node, [line], "statement", prior)


def reset(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`used[hand] = False` in a loop that goes on while `used[hand]` is true, and never makes it false."""
    if not isinstance(node, ast.While) or not scope.source.alone(node.body[0]):
        return
    written = {scope.source.text(each) for part in node.body for each in ast.walk(part) if _is_stored(each)}
    for clause in node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]:
        turned = isinstance(clause, ast.UnaryOp) and isinstance(clause.op, ast.Not)
        asked = clause.operand if isinstance(clause, ast.UnaryOp) else clause
        if isinstance(asked, ast.Subscript) and not isinstance(asked.slice, ast.Slice):
            place = scope.source.text(asked)
            if place not in written:
                yield scope.source.before(node.body[0], [f"{place} = {turned}"], "statement", 0.5)


def _is_stored(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _opposites(node: ast.stmt, scope: Scope) -> Iterator[tuple[str, float]]:
    text = scope.source.text
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=receiver, attr=method), args=arguments)):
            for other in _OPPOSITES.get(method, ()):
                given = "" if other.startswith("pop") else ", ".join(map(text, arguments))
                path = method in ("append", "push") and _is_path(text(receiver), scope)
                yield f"{text(receiver)}.{other}({given})", 1.0 if path else 0.5 if other != "discard" else 0.2
        case ast.AugAssign(op=ast.Add() | ast.Sub() as operator):
            sign = "-" if isinstance(operator, ast.Add) else "+"
            yield f"{text(node.target)} {sign}= {text(node.value)}", 0.4
        case ast.Assign(targets=[ast.Subscript() as target], value=value):
            place = text(target)
            if isinstance(value, ast.Constant) and isinstance(value.value, bool):
                yield f"{place} = {not value.value}", 0.5
                return
            before = [
                text(side)
                for each in scope.nodes
                if isinstance(each, ast.Compare) and isinstance(each.ops[0], ast.Eq | ast.NotEq)
                for here, side in ((each.left, each.comparators[0]), (each.comparators[0], each.left))
                if text(here) == place and not isinstance(side, ast.Constant)
            ]
            for each in dict.fromkeys(before):  # what it was asked to be before
                yield f"{place} = {each}", 0.4
            blanks = [
                text(each.comparators[0])
                for each in scope.nodes
                if isinstance(each, ast.Compare) and isinstance(each.comparators[0], ast.Constant)
            ]
            for position, blank in enumerate(dict.fromkeys([*blanks, "0", "None", "''"])):
                yield f"{place} = {blank}", 0.3 if position < len(blanks) else 0.08
            yield f"del {place}", 0.5 if _is_entry(target, scope) else 0.1


def _is_path(name: str, scope: Scope) -> bool:
    """Whether it is asked what is in it, or copied: then it holds the way to here, and not what was found so far."""
    for each in scope.nodes:
        match each:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[held]) if scope.source.text(held) == name:
                return True
            case ast.Call(func=ast.Name(id="list" | "tuple"), args=[held]) if scope.source.text(held) == name:
                return True
            case ast.Call(func=ast.Attribute(attr="join"), args=[held]) if scope.source.text(held) == name:
                return True
            case ast.Subscript(value=held, slice=ast.Slice()) if scope.source.text(held) == name:
                return True
    return False


def _is_entry(place: ast.Subscript, scope: Scope) -> bool:
    """Whether it stands in a dictionary: in what is treated as one, or is asked whether it has that key."""
    key, table = scope.source.text(place.slice), scope.source.text(place.value)
    return is_table(table, scope) or any(
        isinstance(each, ast.Compare)
        and isinstance(each.ops[0], ast.In | ast.NotIn)
        and (scope.source.text(each.left), scope.source.text(each.comparators[0])) == (key, table)
        for each in scope.nodes
    )
