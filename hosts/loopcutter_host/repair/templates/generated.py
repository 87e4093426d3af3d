"""A generator that calls itself, and what it makes of each thing it gets from there."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope

_SHAPES = (("{}", 0.4), ("[{1}] + {0}", 0.4), ("{0} + [{1}]", 0.3), ("[[{1}]] + {0}", 0.25), ("{1} + {0}", 0.2))


def last_yielded(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`yield run` after the loop that yields each run when the next begins: nothing comes after the last."""
    if not isinstance(node, ast.For | ast.While) or scope.function is None or not scope.source.alone(node.body[-1]):
        return
    inside = [each for part in node.body for each in ast.walk(part)]
    following = scope.source.block(node)[scope.source.block(node).index(node) + 1 :]
    after = {scope.source.text(each) for part in following for each in ast.walk(part) if isinstance(each, ast.expr)}
    for each in inside:
        if isinstance(each, ast.Yield) and isinstance(each.value, ast.Name):
            name = each.value.id
            if scope.bound.get(name, node.lineno) < node.lineno and scope.source.text(each) not in after:
                yield scope.source.after(node, [f"yield {name}"], "statement", 0.6)
                yield scope.source.after(node, [f"if {name}:", f"    yield {name}"], "statement", 0.4)


def also_yielded(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """One `yield` more in the loop over what a generator gives for the rest: as it came, or with the first part."""
    if not isinstance(node, ast.For) or scope.function is None or not isinstance(node.target, ast.Name):
        return
    if not isinstance(node.iter, ast.Call) or called(node.iter) != scope.function.name:
        return
    yields = [each for each in scope.nodes if isinstance(each, ast.Yield) and each.value is not None]
    if not yields or not scope.source.alone(node.body[-1]):
        return
    written = {scope.source.text(each.value) for each in yields if each.value is not None}
    firsts = [each for each in scope.values(node) if each not in (node.target.id, "self")]
    given = {each.id for each in ast.walk(node.iter) if isinstance(each, ast.Name)}
    for shape, prior in _SHAPES:
        for first in [each for each in firsts if each not in given][:3] if "{1}" in shape else [""]:
            text = shape.format(node.target.id, first)
            if text not in written:
                yield scope.source.after(node.body[-1], [f"yield {text}"], "statement", prior)
                yield scope.source.before(node.body[0], [f"yield {text}"], "statement", prior * 0.8)
