"""A number written with fewer digits than it has to have: `str(n).zfill(4)` for `str(n)`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope

_DIGIT_BY_DIGIT = ("sorted", "reversed", "list", "enumerate", "zip", "map", "set", "tuple", "Counter", "join")


def padded(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Zeros before a number that is taken apart digit by digit, as many as a width that stands in the function."""
    match node:
        case ast.Call(func=ast.Name(id="str"), args=[ast.Name() as number]):
            pass
        case ast.Subscript(
            value=ast.Call(func=ast.Name(id="bin" | "hex" | "oct"), args=[ast.Name() as number]),
            slice=ast.Slice(lower=ast.Constant(value=2), upper=None),
        ):
            pass
        case _:
            return
    parent = scope.source.parents.get(node)
    apart = (isinstance(parent, ast.Call) and called(parent) in _DIGIT_BY_DIGIT) or (
        isinstance(parent, ast.For | ast.comprehension | ast.Subscript) and not isinstance(node, ast.Subscript)
    )
    assigned = isinstance(parent, ast.Assign | ast.Return)
    if not isinstance(node, ast.expr) or not (apart or assigned):
        return
    for width, prior in _widths(number.id, isinstance(node, ast.Call), scope).items():
        text = f"{scope.source.text(node)}.zfill({width})"
        yield scope.source.put(node, text, "text", prior * (1 if apart else 0.5))


def _widths(number: str, decimal: bool, scope: Scope) -> dict[int, float]:
    """Widths to fill up to: the digits of what the number is compared with; what lengths are compared with."""
    found: dict[int, float] = {}
    for each in scope.nodes:
        match each:
            case ast.Compare(left=ast.Name(id=name), comparators=[ast.Constant(value=int() as value)]) if (
                decimal and name == number and value >= 10
            ):
                found[len(str(value))] = 0.5
            case ast.Compare(left=ast.Call(func=ast.Name(id="len")), comparators=[ast.Constant(value=int() as value)]):
                found.setdefault(value, 0.3) if value >= 2 else None
            case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int() as value)]) if value >= 2:
                found.setdefault(value, 0.25)
            case ast.Slice(upper=ast.Constant(value=int() as value)) if value >= 2:
                found.setdefault(value, 0.15)
    return found
