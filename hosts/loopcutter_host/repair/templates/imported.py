"""What is imported by name and then never used: something forgot it, `int(x)` for `ceil(x)`."""

import ast
import functools
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.source import Source

_MADE = ast.BinOp | ast.Call | ast.List | ast.Subscript | ast.GeneratorExp


def imported(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A function that the file imports from a module and never reads: instead of another, or around a value."""
    if not isinstance(node, ast.Call | ast.BinOp | ast.List | ast.Dict | ast.Subscript):
        return
    for name in _unread(scope.source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield scope.source.put(node.func, name, "name", 0.8)
        if name == "defaultdict":
            if isinstance(node, ast.Dict) and not node.keys:
                for made in ("list", "int", "set"):
                    yield scope.source.put(node, f"defaultdict({made})", "call", 0.6)
        elif isinstance(node, _MADE) and isinstance(scope.source.parents.get(node), ast.Assign | ast.Return):
            yield scope.source.put(node, f"{name}({scope.source.text(node)})", "call", 0.4)


@functools.lru_cache(maxsize=16)
def _unread(source: Source) -> tuple[str, ...]:
    """Names of functions from `from module import name` that nothing in the file mentions. `__all__` mentions some."""
    names = [
        each.asname or each.name
        for node in source.tree.body
        if isinstance(node, ast.ImportFrom) and node.module not in ("__future__", "typing", "collections.abc")
        for each in node.names
    ]
    read = {node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name)}
    exported = "__all__" in read or source.path.endswith("__init__.py")
    return () if exported else tuple(name for name in names if name not in read and not name.isupper())[:3]
