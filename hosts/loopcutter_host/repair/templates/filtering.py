"""A comprehension that takes all, and a variable of it that nothing asks: `for other, cost in … if other != color`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_MOST = 4


def left_out(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A comparison of an unused variable with others that are known where the comprehension stands."""
    if not isinstance(node, ast.comprehension) or node.ifs or not isinstance(node.target, ast.Tuple):
        return
    targets = [each.id for each in node.target.elts if isinstance(each, ast.Name)]
    end = scope.source.span(node.iter)[1]
    for target in [each for each in targets if each in scope.unused]:
        others = [each for each in scope.values(node.target) if each not in (*targets, "self")]
        others.sort(key=lambda each: each not in scope.unused)
        for other in [each for each in others if each not in scope.collections][:_MOST]:
            weight = 1.0 if other in scope.unused else 0.5
            for relation, prior in (("!=", 0.8), ("<", 0.3), (">", 0.3), ("==", 0.2), ("<=", 0.15), (">=", 0.15)):
                text = f" if {target} {relation} {other}"
                yield scope.source.change(end, end, text, "condition", prior * weight)
