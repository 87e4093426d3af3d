"""A place that goes round: `(at + 1) % size` for `at + 1`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_STEP = ast.Add | ast.Sub


def wrapped_around(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A sum or a difference taken round, where another statement takes it round or a collection is as long."""
    text = scope.source.text
    if isinstance(node, ast.AugAssign) and isinstance(node.op, _STEP):
        target, sign = text(node.target), "+" if isinstance(node.op, ast.Add) else "-"
        value = f"({text(node.value)})" if isinstance(node.value, ast.BinOp) else text(node.value)
        for modulus, prior in _of_target(target, scope).items():
            whole = f"{target} = ({target} {sign} {value}) % {modulus}"
            yield scope.source.change(*scope.source.span(node), whole, "arithmetic", prior)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        yield from _of_products(node, scope)
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, _STEP):
        return
    parent = scope.source.parents.get(node)
    moduli: dict[str, float] = {}
    if isinstance(parent, ast.Subscript) and node is parent.slice:
        moduli[f"len({text(parent.value)})"] = 0.25
    elif isinstance(parent, ast.Assign):
        moduli = _of_target(text(parent.targets[0]), scope)
    if isinstance(parent, ast.Subscript | ast.Assign | ast.Return | ast.Tuple):
        for each in _moduli(scope):
            moduli.setdefault(text(each.right), 0.1)
    for modulus, prior in moduli.items():
        yield scope.source.put(node, f"({text(node)}) % {modulus}", "arithmetic", prior)


def _of_target(target: str, scope: Scope) -> dict[str, float]:
    """What the same variable is taken round by elsewhere, and how long that is in which it is a place."""
    text = scope.source.text
    found: dict[str, float] = {}
    for each in _around(scope):
        if isinstance(each, ast.Subscript) and text(each.slice) == target:
            found.setdefault(f"len({text(each.value)})", 0.2)
        match each:
            case ast.Assign(targets=[place, *_], value=ast.BinOp(op=ast.Mod(), right=right)) if text(place) == target:
                found[text(right)] = 0.8
    return found


def _of_products(node: ast.BinOp, scope: Scope) -> Iterator[Candidate]:
    """A product of which only the remainder counts, as elsewhere in the function."""
    if isinstance(scope.source.parents.get(node), ast.BinOp):
        return
    moduli = {
        scope.source.text(each.right): None
        for each in scope.nodes
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Mod) and isinstance(each.right, ast.Name)
        if isinstance(each.left, ast.BinOp) and isinstance(each.left.op, ast.Mult)
    }
    for modulus in list(moduli)[:2]:
        yield scope.source.put(node, f"{scope.source.text(node)} % {modulus}", "arithmetic", 0.5)


def _moduli(scope: Scope) -> Iterator[ast.BinOp]:
    for each in scope.nodes:
        match each:
            case ast.BinOp(op=ast.Mod(), left=ast.BinOp(op=ast.Add() | ast.Sub())):
                yield each


def _around(scope: Scope) -> Iterator[ast.AST]:
    yield from ast.walk(scope.owner) if scope.owner is not None else scope.nodes
