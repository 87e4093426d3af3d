"""A place that is bounded on one side only: `0 <= row < rows` for `row < rows`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope


def both_bounds(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The other bound of what is used as an index; of all clauses of a condition at once, or of one."""
    if isinstance(node, ast.BoolOp):
        clauses = [(each, _bounded(each, scope)) for each in node.values]
        if sum(bool(found) for _, found in clauses) < 2:
            return
        start, text = scope.source.span(node)[0], ""
        for each, found in clauses:
            begin, end = scope.source.span(each)
            text += scope.source.slice(start, begin) + (found[0] if found else scope.source.slice(begin, end))
            start = end
        text += scope.source.slice(start, scope.source.span(node)[1])
        yield scope.source.put(node, text, "comparison", 0.8)
    elif isinstance(node, ast.Compare):
        parent = scope.source.parents.get(node)
        among = isinstance(parent, ast.BoolOp | ast.If)
        for whole in _bounded(node, scope):
            yield scope.source.put(node, whole, "comparison", 0.3 if among else 0.12)


def _bounded(node: ast.expr, scope: Scope) -> list[str]:
    """The clause with both bounds, where there is one only and its name stands in a subscript."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return []
    text, place, bound = scope.source.text, node.left, node.comparators[0]
    if not isinstance(place, ast.Name | ast.BinOp) or not _is_place(place, scope):
        return []
    match node.ops[0]:
        case ast.Lt() | ast.LtE() if not isinstance(bound, ast.Constant):
            return [f"0 <= {text(node)}"]
        case ast.GtE() if isinstance(bound, ast.Constant) and bound.value == 0:
            return [f"0 <= {text(place)} < {each}" for each in _lengths(place, scope)]
        case ast.Gt() | ast.GtE() if not isinstance(bound, ast.Constant):
            return [f"{text(place)} < 0 or {text(node)}"]
        case ast.Lt() if isinstance(bound, ast.Constant) and bound.value == 0:
            return [f"{text(node)} or {text(place)} >= {each}" for each in _lengths(place, scope)]
    return []


def _is_place(place: ast.expr, scope: Scope) -> bool:
    names = {each.id for each in ast.walk(place) if isinstance(each, ast.Name)}
    return bool(names) and names <= set(scope.indices)


def _lengths(place: ast.expr, scope: Scope) -> list[str]:
    """How long the collections are in which it stands as a place."""
    own = ast.dump(place)
    found = {
        f"len({scope.source.text(each.value)})": None
        for each in scope.nodes
        if isinstance(each, ast.Subscript) and ast.dump(each.slice) == own
    }
    return list(found)[:3]
