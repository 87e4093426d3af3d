"""A comprehension that takes all, and the clause that leaves some out: `for other, cost in … if other != color`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_MOST = 4


def left_out(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A comparison with what is known where it stands: of a variable that nothing reads, or of the item."""
    if not isinstance(node, ast.comprehension) or node.ifs:
        return
    if isinstance(node.target, ast.Name):
        yield from _of_one(node, node.target.id, scope)
    if not isinstance(node.target, ast.Tuple):
        return
    targets = [each.id for each in node.target.elts if isinstance(each, ast.Name)]
    end = scope.source.span(node.iter)[1]
    for target in [each for each in targets if each in scope.unused]:
        others = [*_around(node, scope), *scope.values(node.target)]
        others = [each for each in dict.fromkeys(others) if each not in (*targets, "self")]
        others.sort(key=lambda each: each not in scope.unused)
        for other in [each for each in others if each not in scope.collections][:_MOST]:
            weight = 1.0 if other in scope.unused else 0.5
            for relation, prior in (("!=", 0.8), ("<", 0.3), (">", 0.3), ("==", 0.2), ("<=", 0.15), (">=", 0.15)):
                text = f" if {target} {relation} {other}"
                yield scope.source.change(end, end, text, "condition", prior * weight)


def _of_one(node: ast.comprehension, target: str, scope: Scope) -> Iterator[Candidate]:
    """That the item is not in another collection, or is not the one that is dealt with anyway."""
    end = scope.source.span(node.iter)[1]
    given = {each.id for each in ast.walk(node.iter) if isinstance(each, ast.Name)}
    names = [each for each in [*_around(node, scope), *scope.values(node.target)] if each not in (target, "self")]
    kinds: dict[bool, list[str]] = {True: [], False: []}
    for name in dict.fromkeys(names):
        if name not in given:
            kinds[name in scope.collections].append(name)
    for name in kinds[True][:2]:
        prior = 0.5 if name in scope.unused else 0.15
        yield scope.source.change(end, end, f" if {target} not in {name}", "condition", prior)
    for name in kinds[False][:2]:
        prior = 0.5 if name in scope.unused else 0.15
        yield scope.source.change(end, end, f" if {target} != {name}", "condition", prior)


def _around(node: ast.comprehension, scope: Scope) -> list[str]:
    """The variables of the comprehensions around it."""
    return [
        name.id
        for each in scope.source.ancestors(node)
        if isinstance(each, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
        for generator in each.generators
        for name in ast.walk(generator.target)
        if isinstance(name, ast.Name)
    ]
