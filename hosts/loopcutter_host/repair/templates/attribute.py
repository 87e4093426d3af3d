"""The wrong attribute or method: another one known on the same object."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.templates.family import siblings
from loopcutter_host.repair.templates.resemblance import resemblance

_MOST = 30


def attribute(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Another attribute after the dot; the object alone."""
    if not isinstance(node, ast.Attribute):
        return
    choices = dict.fromkeys(siblings(node.attr), 0.5)
    receiver = scope.source.text(node.value)
    for other in sorted(scope.hints.names):
        if other in scope.members or any(other in seen for seen in scope.codebase.attributes.values()):
            choices[other] = 0.8
    if receiver in ("self", "cls"):
        choices = dict.fromkeys(scope.members, 0.45) | choices
    for other, _ in scope.codebase.attributes.get(receiver, {}).items():
        choices.setdefault(other, 0.35)
    choices.pop(node.attr, None)
    likeliest = sorted(choices.items(), key=lambda each: (-each[1] * resemblance(node.attr, each[0]), each[0]))
    end = scope.source.span(node)[1]
    start = end - len(node.attr.encode())
    for other, prior in likeliest[:_MOST]:
        yield scope.source.change(start, end, other, "attribute", prior * resemblance(node.attr, other))
    if isinstance(node.ctx, ast.Load) and receiver not in ("self", "cls"):
        yield scope.source.put(node, receiver, "attribute", 0.08)
