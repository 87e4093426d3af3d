"""The wrong variable or the wrong function: another name that is in scope."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.templates.family import siblings
from loopcutter_host.repair.templates.resemblance import resemblance

_MOST = 24
_MOST_GLOBALS = 10


def name(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Another name instead of this one."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        receiver = node.value
        if isinstance(receiver, ast.Name) and receiver.id == "self" and node.attr in scope.bound:
            yield scope.source.put(node, node.attr, "name", 0.2)
        return
    if not isinstance(node, ast.Name):
        return
    if isinstance(node.ctx, ast.Store):
        for other in scope.bound:
            if other != node.id and other not in ("self", "cls"):
                yield scope.source.put(node, other, "name", 0.12 * resemblance(node.id, other))
        return
    yield from (_called if _is_called(node, scope) else _read)(node, scope)


def _is_called(node: ast.Name, scope: Scope) -> bool:
    parent = scope.source.parents.get(node)
    return isinstance(parent, ast.Call) and parent.func is node


def _read(node: ast.Name, scope: Scope) -> Iterator[Candidate]:
    choices: dict[str, float] = {}
    for distance, other in enumerate(scope.values(node)[:_MOST]):
        forgotten = 3 if other in scope.unused else _alike(node, other, scope)
        choices[other] = 0.5 * 0.95**distance * forgotten
    constants = [other for other, is_callable in scope.globals.items() if not is_callable]
    for other in sorted(constants, key=lambda each: (-resemblance(node.id, each), each))[:_MOST_GLOBALS]:
        choices.setdefault(other, 0.12)
    for other in sorted(scope.hints.names & (set(scope.globals) | set(scope.bound))):
        choices[other] = choices.get(other, 0.2) * 2
    parent = scope.source.parents.get(node)
    if isinstance(parent, ast.Attribute):
        for receiver, seen in scope.codebase.attributes.items():
            if seen[parent.attr] and receiver.isidentifier():
                choices[receiver] = max(choices.get(receiver, 0), 0.4)
    if node.id in scope.members:
        choices[f"self.{node.id}"] = 0.3
    yield from _ranked(node, scope, choices)


def _alike(node: ast.Name, other: str, scope: Scope) -> float:
    """How well the other fits by its use: a number hardly where a collection stands, nothing compared with itself."""
    parent = scope.source.parents.get(node)
    if isinstance(parent, ast.BinOp | ast.Compare):
        operands = [parent.left, *([parent.right] if isinstance(parent, ast.BinOp) else parent.comparators)]
        if any(isinstance(each, ast.Name) and each.id == other for each in operands):
            return 0.4
    mine, its = node.id in scope.collections, other in scope.collections
    if mine == its:
        return 1
    return 0.3 if (other if mine else node.id) in scope.numbers else 0.6


def _called(node: ast.Name, scope: Scope) -> Iterator[Candidate]:
    choices = dict.fromkeys(siblings(node.id), 0.5)
    for other, _ in scope.codebase.called.most_common(20):
        choices.setdefault(other, 0.25 if node.id in scope.bound else 0.12)
    parent = scope.source.parents.get(node)
    arity = len(parent.args) + len(parent.keywords) if isinstance(parent, ast.Call) else 0
    for other, is_callable in scope.globals.items():
        if is_callable:
            fits = other in scope.codebase.signatures and len(scope.codebase.signatures[other]) == arity
            choices.setdefault(other, 0.3 if fits else 0.1)
    for other in scope.bound:
        choices.setdefault(other, 0.05)
    if node.id in scope.members:
        choices[f"self.{node.id}"] = 0.3
    yield from _ranked(node, scope, choices)


def _ranked(node: ast.Name, scope: Scope, choices: dict[str, float]) -> Iterator[Candidate]:
    choices.pop(node.id, None)
    choices.pop("self" if node.id != "cls" else "", None)
    for other, prior in choices.items():
        yield scope.source.put(node, other, "name", prior * resemblance(node.id, other))
