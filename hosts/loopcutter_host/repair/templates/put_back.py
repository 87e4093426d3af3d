"""What is taken from a heap and put back further on: `(cost + length, other)` after `cost, here = heappop(heap)`."""

import ast
import functools
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope

_TAKING = ("heappop", "pop", "popleft")
_PUTTING = ("heappush", "append", "appendleft")


def put_back(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A number of what is put back counted on from the one at the same place of what was taken, or not."""
    if not isinstance(node, ast.Call) or called(node) not in _PUTTING or not node.args or scope.function is None:
        return
    given = node.args[-1]
    if not isinstance(given, ast.Tuple):
        return
    row = scope.source.text(node.args[0] if called(node) == "heappush" else node.func)
    names = _taken(scope).get(row.rpartition(".")[0] if called(node) != "heappush" else row, [])
    for name, each in zip(names, given.elts, strict=False):
        if not name or scope.kinds.of(ast.Name(name, ast.Load())) not in ("", "number"):
            continue
        text = scope.source.text(each)
        inside = {part.id for part in ast.walk(each) if isinstance(part, ast.Name)}
        match each:
            case ast.Name() if text == name:
                yield scope.source.put(each, f"{name} + 1", "arithmetic", 0.4)
            case ast.Name() | ast.Subscript() | ast.Constant() | ast.Call() if name not in inside:
                first = each is given.elts[0]
                if first or scope.kinds.of(each) == "number":
                    yield scope.source.put(each, f"{name} + {text}", "arithmetic", 0.7 if first else 0.2)
            case ast.BinOp(left=left, op=ast.Add(), right=right) if scope.source.text(left) == name:
                yield scope.source.put(each, scope.source.text(right), "arithmetic", 0.4)


@functools.lru_cache(maxsize=64)
def _taken(scope: Scope) -> dict[str, list[str]]:
    """Heap or queue → the names that get the parts of what is taken from it, empty for what is no name."""
    found: dict[str, list[str]] = {}
    for each in scope.nodes:
        match each:
            case ast.Assign(targets=[ast.Tuple(elts=parts)], value=ast.Call() as call) if called(call) in _TAKING:
                row = (
                    call.args[0] if called(call) == "heappop" and call.args else getattr(call.func, "value", call.func)
                )
                names = [part.id if isinstance(part, ast.Name) else "" for part in parts]
                found.setdefault(scope.source.text(row), names)
    return found
