"""What a `continue` skips and should have done before: `last = value` before it, where the rest of the loop has it."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_MOST = 6


def skipped(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """One of the assignments after the `if` that ends with a `continue`, or a part of one, before that `continue`."""
    if not isinstance(node, ast.Continue) or not scope.source.alone(node):
        return
    branch: ast.AST = node
    for each in scope.source.ancestors(node):
        if isinstance(each, ast.For | ast.While | ast.AsyncFor):
            break
        branch = each
    else:
        return
    if branch not in each.body:
        return
    here = {scope.source.text(part) for part in scope.source.block(node)}
    rest = each.body[each.body.index(branch) + 1 :]
    texts = dict.fromkeys(text for part in rest for text in _parts(part, scope) if text not in here)
    for text in list(texts)[:_MOST]:
        yield scope.source.before(node, [text], "statement", 0.3)


def _parts(node: ast.stmt, scope: Scope) -> Iterator[str]:
    """An assignment of names, and those of which it consists."""
    text = scope.source.text
    match node:
        case ast.Assign(targets=[*targets], value=value) if len(targets) > 1:
            yield from (f"{text(each)} = {text(value)}" for each in targets)
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            yield from (f"{text(one)} = {text(other)}" for one, other in zip(targets, values, strict=False))
    if isinstance(node, ast.Assign | ast.AugAssign) and node.lineno == node.end_lineno:
        yield text(node)
