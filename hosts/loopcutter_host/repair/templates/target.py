"""The wrong one of two variables that go together, in the whole statement: `row = row + 1` for `col = col + 1`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_MOST = 4


def other_target(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A statement that makes a variable from itself, of another variable: its target and all it reads of it."""
    match node:
        case ast.Assign(targets=[ast.Name(id=target)]) | ast.AugAssign(target=ast.Name(id=target)):
            pass
        case _:
            return
    inside = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    named = {each.id for each in inside}
    if sum(each.id == target for each in inside) < 2:  # one place alone is the name template's
        return
    partners = _partners(target, scope)
    set_here = {each.id for each in scope.nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    fitting = [
        other
        for other in scope.values(node)
        if other in set_here - named and (other in partners or (other in scope.numbers) == (target in scope.numbers))
    ]
    fitting.sort(key=lambda other: other not in partners)
    for other in fitting[:_MOST]:
        text = _renamed(node, inside, target, other, scope)
        prior = 0.5 if other in partners else 0.12
        yield scope.source.change(*scope.source.span(node), text, "name", prior)


def _partners(target: str, scope: Scope) -> set[str]:
    """What is set together with it, as in `row, col = 0, 0`."""
    found: set[str] = set()
    for each in scope.nodes:
        if isinstance(each, ast.Tuple) and isinstance(each.ctx, ast.Store):
            names = {item.id for item in each.elts if isinstance(item, ast.Name)}
            found |= names if target in names else set()
    return found - {target}


def _renamed(node: ast.AST, inside: list[ast.Name], old: str, new: str, scope: Scope) -> str:
    position, end = scope.source.span(node)
    text = ""
    for start, stop in sorted(scope.source.span(each) for each in inside if each.id == old):
        text += scope.source.slice(position, start) + new
        position = stop
    return text + scope.source.slice(position, end)
