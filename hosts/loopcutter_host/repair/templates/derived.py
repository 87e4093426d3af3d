"""What was made of a variable, for the variable itself: `top[first]` for `top[one]` after `first = leader(one)`."""

import ast
import functools
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.templates.assigned import assigned


def derived(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The variable that holds what a call makes of this one, after it does; the call that the other side has."""
    match node:
        case ast.Name(ctx=ast.Load()) if scope.function is not None and node.id not in scope.collections:
            parent = scope.source.parents.get(node)
            if isinstance(parent, ast.Call) and node is parent.func:
                return
            for name, line in _made_of(scope).get(node.id, ()):
                if line < node.lineno:
                    yield scope.source.put(node, name, "name", 0.6 if isinstance(parent, ast.Subscript) else 0.3)
        case ast.Assign(
            targets=[ast.Subscript(slice=ast.Name() as place)],
            value=ast.Call(func=function, args=[ast.Name(id=other)], keywords=[]),
        ) if other != place.id:
            yield scope.source.put(place, f"{scope.source.text(function)}({place.id})", "call", 0.4)


@functools.lru_cache(maxsize=64)
def _made_of(scope: Scope) -> dict[str, list[tuple[str, int]]]:
    """Variable → those to which a call with it is assigned, and the lines in which they are."""
    found: dict[str, list[tuple[str, int]]] = {}
    for name, value in assigned(scope.nodes):
        if not isinstance(value, ast.Call):
            continue
        of = [each.id for each in value.args if isinstance(each, ast.Name)]
        if isinstance(value.func, ast.Attribute) and isinstance(value.func.value, ast.Name) and not of:
            of = [value.func.value.id]
        for source in of:
            if source != name:
                found.setdefault(source, []).append((name, value.lineno))
    return {source: made[:2] for source, made in found.items()}
