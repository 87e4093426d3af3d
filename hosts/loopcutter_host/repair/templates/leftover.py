"""What a loop hands from round to round and forgets when it ends: `while i >= 0 or carry` for `while i >= 0`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope


def left_over(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """One round more as long as something is left that nothing reads after the loop."""
    if not isinstance(node, ast.While) or scope.function is None or isinstance(node.test, ast.Constant):
        return
    text = scope.source.text(node.test)
    whole = text if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.Or) else f"({text})"
    for name in _carried(node, scope)[:3]:
        yield scope.source.put(node.test, f"{whole if ' and ' in text else text} or {name}", "condition", 0.5)


def _carried(loop: ast.While, scope: Scope) -> list[str]:
    """Names set to nothing before, read and later set in a round, and never read outside of the rounds."""
    inside = {id(each) for each in ast.walk(loop)}
    tested = {each.id for each in ast.walk(loop.test) if isinstance(each, ast.Name)}
    begun = {
        target.id
        for each in scope.nodes
        if isinstance(each, ast.Assign) and id(each) not in inside and each.lineno < loop.lineno
        if isinstance(each.value, ast.Constant) and not each.value.value
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    read_later = {
        each.id
        for each in scope.nodes
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and id(each) not in inside
    }
    found = []
    for name in sorted(begun - tested - read_later):
        uses = [each for each in ast.walk(loop) if isinstance(each, ast.Name) and each.id == name]
        reads = [each.lineno for each in uses if isinstance(each.ctx, ast.Load)]
        stores = [each.lineno for each in uses if isinstance(each.ctx, ast.Store)]
        if reads and stores and min(reads) < max(stores):
            found.append(name)
    return found
