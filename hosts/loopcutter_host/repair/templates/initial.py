"""The wrong value to begin with."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_VALUES = ("0", "1", "-1", "None", "[]", "{}", "''", "True", "False", "set()", "float('inf')", "float('-inf')", "[[]]")


def initial_value(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Another first value of a variable, another default of a parameter."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _plain(node.value):
        yield from _instead(node.value, scope, 0.2)
        for name in scope.parameters:
            if name not in ("self", "cls"):
                yield scope.source.put(node.value, name, "initial-value", 0.12)
                yield scope.source.put(node.value, f"{name}[0]", "initial-value", 0.1)
    elif isinstance(node, ast.arguments):
        for default in [*node.defaults, *node.kw_defaults]:
            if default is not None and _plain(default):
                yield from _instead(default, scope, 0.15)


def never_set(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A first value for a variable that a failure says has none."""
    function = scope.function
    if function is None or not isinstance(node, ast.stmt) or node not in function.body or not scope.source.alone(node):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    for name in sorted(scope.hints.names & set(scope.bound)):
        if name not in scope.parameters and node.lineno <= scope.bound[name]:
            for value in _VALUES[:9]:
                yield scope.source.before(node, [f"{name} = {value}"], "initial-value", 0.5)


def _instead(value: ast.expr, scope: Scope, prior: float) -> Iterator[Candidate]:
    text = scope.source.text(value)
    for other in _VALUES:
        if other != text:
            yield scope.source.put(value, other, "initial-value", prior)


def _plain(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, str) or not node.value
    return isinstance(node, ast.List | ast.Dict | ast.Tuple | ast.Call) and not list(_parts(node))


def _parts(node: ast.List | ast.Dict | ast.Tuple | ast.Call) -> Iterator[ast.AST]:
    for part in ast.iter_child_nodes(node):
        if not isinstance(part, ast.expr_context) and part is not getattr(node, "func", None):
            yield part
