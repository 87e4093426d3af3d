"""One item more at the end or the start of what a loop runs over, so that the last one is dealt with inside it."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope

_SEQUENCE = ast.Name | ast.Attribute | ast.Subscript


def sentinel(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`items + [0]`, `[0] + items`, `text + " "` for what is looped over."""
    if not isinstance(node, ast.For | ast.comprehension):
        return
    numbered = isinstance(node.iter, ast.Call) and called(node.iter) == "enumerate"
    beside = isinstance(node.iter, ast.Call) and called(node.iter) == "zip"
    looped = node.iter.args if isinstance(node.iter, ast.Call) and (numbered or beside) else [node.iter]
    for each in looped if beside else looped[:1]:
        if not isinstance(each, _SEQUENCE):
            continue
        text = scope.source.text(each)
        shifted = beside and isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Slice)
        weight = (2.0 if shifted else 0.2) if beside else 1.0 if _keeps_state(node, scope) else 0.4
        for item, prior in _items(each, _compares(node), scope):
            yield scope.source.put(each, f"{text} + {item}", "expression", prior * weight)
            yield scope.source.put(each, f"{item} + {text}", "expression", prior * weight * 0.3)


def _items(sequence: ast.expr, compares: bool, scope: Scope) -> Iterator[tuple[str, float]]:
    whole = sequence.value if isinstance(sequence, ast.Subscript) else sequence
    kind = scope.kinds.of(whole)
    if kind != "collection" or any(True for _ in scope.constants(str)):  # a text is indexed as a list is
        yield '" "', 0.25 if kind == "text" else 0.15
    if kind != "text":
        if compares:  # less, or more, than all others
            yield from (('[float("-inf")]', 0.3), ('[float("inf")]', 0.12))
        yield from (("[0]", 0.25), ("[None]", 0.05 if compares else 0.15))
        if isinstance(whole, ast.Name):
            yield f"{whole.id}[:1]", 0.05


def _compares(loop: ast.For | ast.comprehension) -> bool:
    """Whether a loop asks which of its item and something else is larger."""
    own = {each.id for each in ast.walk(loop.target) if isinstance(each, ast.Name)}
    compared = [each for part in getattr(loop, "body", ()) for each in ast.walk(part) if isinstance(each, ast.Compare)]
    return any(
        isinstance(each.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE)
        and any(isinstance(side, ast.Name) and side.id in own for side in (each.left, *each.comparators))
        for each in compared
    )


def _keeps_state(loop: ast.For | ast.comprehension, scope: Scope) -> bool:
    """Whether a round leaves something for the next one to deal with: a stack, a run, what came before."""
    if not isinstance(loop, ast.For):
        return False
    tests = [each.test for part in loop.body for each in ast.walk(part) if isinstance(each, ast.If | ast.While)]
    asked = {each.id for test in tests for each in ast.walk(test) if isinstance(each, ast.Name)}
    own = {each.id for each in ast.walk(loop.target) if isinstance(each, ast.Name)}
    stored = {name for name, line in scope.bound.items() if 0 < line < loop.lineno} - own
    return bool(asked & own and asked & stored)
