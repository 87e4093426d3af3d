"""A term that stands beside the same call elsewhere: `self.pending + max(…)`."""

import ast
import functools
from collections.abc import Iterator
from typing import NamedTuple

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.source import Source
from loopcutter_host.repair.templates.arithmetic import SYMBOLS

_PLAIN = ast.Name | ast.Attribute | ast.Constant | ast.Subscript
_MOST = 4


class _Beside(NamedTuple):
    """What stands beside a call, and on which side of the operator."""

    call: ast.Call
    head: str
    tail: str
    names: frozenset[str]


def as_elsewhere(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A call with what another call of the same function is added to, or multiplied by, in the file."""
    if not isinstance(node, ast.Call) or scope.function is None:
        return
    parent = scope.source.parents.get(node)
    if isinstance(parent, ast.BinOp | ast.Expr | ast.Attribute) or (
        isinstance(parent, ast.Call) and node is parent.func
    ):
        return
    own, over = scope.source.text(node), _over(node, scope.source)
    wholes: dict[str, float] = {}
    for each in _operands(scope.source).get(called(node), ()):
        if each.names <= scope.known:
            alike = bool(over) and over == _over(each.call, scope.source)
            whole = f"{each.head}{own}{each.tail}"
            wholes[whole] = max(wholes.get(whole, 0), 0.5 if alike else 0.12)
    for whole, prior in list(wholes.items())[:_MOST]:
        yield scope.source.put(node, whole, "expression", prior)


@functools.lru_cache(maxsize=16)
def _operands(source: Source) -> dict[str, list[_Beside]]:
    """Name of a function → what stands beside its calls."""
    found: dict[str, list[_Beside]] = {}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
            continue
        symbol = SYMBOLS[type(node.op)]
        for call, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(call, ast.Call) and isinstance(other, _PLAIN):
                text = source.text(other)
                head, tail = (f"{text} {symbol} ", "") if call is node.right else ("", f" {symbol} {text}")
                names = frozenset(each.id for each in ast.walk(other) if isinstance(each, ast.Name))
                found.setdefault(called(call), []).append(_Beside(call, head, tail, names))
    return found


def _over(node: ast.Call, source: Source) -> str:
    """What a call gathers from, as `self.halves` in `max(each.most for each in self.halves)`."""
    for each in node.args:
        if isinstance(each, ast.GeneratorExp | ast.ListComp):
            return source.text(each.generators[0].iter)
    return ""
