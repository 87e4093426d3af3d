"""What is counted and never read, put to what is given: `return a << shift` for `return a`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.precedence import binding
from loopcutter_host.repair.scope import Scope

_NAMES = 3
_SYMBOLS = (("+", 10, 0.3), ("-", 10, 0.2), ("*", 11, 0.25), ("<<", 9, 0.2), ("//", 11, 0.08))
"""An operator, how tightly it binds, and how likely it is."""


def unread(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A returned number with a local one that nothing reads."""
    if not isinstance(node, ast.Return) or node.value is None or scope.function is None:
        return
    text = scope.source.text(node.value)
    if scope.kinds.of(node.value) not in ("", "number") or isinstance(node.value, ast.Constant | ast.Tuple):
        return
    for name in sorted(scope.unused - set(scope.parameters))[:_NAMES]:
        if scope.kinds.of(ast.Name(name, ast.Load())) != "number":
            continue
        for symbol, tight, prior in _SYMBOLS:
            one = text if binding(node.value) >= tight else f"({text})"
            yield scope.source.put(node.value, f"{one} {symbol} {name}", "arithmetic", prior)
