"""An item that is made from another item of the same collection: `ways[there] += ways[here]` for `+= 1`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_MOST = 3


def from_another(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The item at another place that the function looks things up by, for a number or a name."""
    match node:
        case (
            ast.AugAssign(target=ast.Subscript(value=whole, slice=ast.Name(id=own)), value=value)
            | ast.Assign(targets=[ast.Subscript(value=whole, slice=ast.Name(id=own))], value=value)
        ):
            pass
        case _:
            return
    if not isinstance(value, ast.Name) and not (isinstance(value, ast.Constant) and isinstance(value.value, int)):
        return
    places = {
        each.slice.id
        for each in scope.nodes
        if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Name) and each.slice.id != own
    }
    fitting = [name for name in scope.values(node) if name in places]
    for name in fitting[:_MOST]:
        yield scope.source.put(value, f"{scope.source.text(whole)}[{name}]", "expression", 0.25)
