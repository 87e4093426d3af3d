"""A list that is kept in order by `heapq` or `bisect`, and a statement that forgets it."""

import ast
import functools
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.source import Source

_HEAP = ("heappush", "heappop", "heapify", "heapreplace", "heappushpop")
_SORTED = ("insort", "insort_left", "insort_right", "bisect", "bisect_left", "bisect_right")


def kept_in_order(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`heappush(x, item)` for `x.append(item)` where `x` is a heap elsewhere, `heappop(x)` for `x.pop()`, and back."""
    heaps, rows, can = _kept(scope.source)
    if not heaps and not rows:
        return
    text = scope.source.text
    match node:
        case ast.Call(func=ast.Attribute(value=receiver, attr=method), args=arguments, keywords=[]):
            name = text(receiver)
            if method in ("append", "appendleft", "insert") and arguments:
                for known, function in ((heaps, "heappush"), (rows, "insort")):
                    if name in known and function in can:
                        whole = f"{can[function]}({name}, {text(arguments[-1])})"
                        yield scope.source.put(node, whole, "call", 1.0)
            elif method in ("pop", "popleft") and name in heaps and "heappop" in can:
                yield scope.source.put(node, f"{can['heappop']}({name})", "call", 0.8)
        case ast.Assign(targets=[target], value=value) if text(target) in heaps and "heapify" in can:
            if isinstance(value, ast.ListComp | ast.Call | ast.Name | ast.Subscript) and scope.source.alone(node):
                yield scope.source.after(node, [f"{can['heapify']}({text(target)})"], "statement", 0.2)
    match node:
        case ast.Call(func=called, args=[heap, *rest], keywords=[]) if text(called) in can.values():
            if text(called).endswith(("heappush", "insort")) and rest:
                yield scope.source.put(node, f"{text(heap)}.append({text(rest[0])})", "call", 0.1)
            elif text(called).endswith("heappop"):
                for method in ("pop()", "pop(0)"):
                    yield scope.source.put(node, f"{text(heap)}.{method}", "call", 0.08)


@functools.lru_cache(maxsize=16)
def _kept(source: Source) -> tuple[frozenset[str], frozenset[str], dict[str, str]]:
    """What is a heap, what is a sorted list, and how the functions that keep them so are written."""
    heaps: set[str] = set()
    rows: set[str] = set()
    can: dict[str, str] = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                known = {"heapq": _HEAP, "bisect": _SORTED}.get(each.name, ())
                can |= {function: f"{each.asname or each.name}.{function}" for function in known}
        elif isinstance(node, ast.ImportFrom) and node.module in ("heapq", "bisect"):
            can |= {each.name: each.asname or each.name for each in node.names}
        elif isinstance(node, ast.Call) and node.args:
            function = source.text(node.func).rpartition(".")[2]
            if function in _HEAP:
                heaps.add(source.text(node.args[0]))
            elif function in _SORTED:
                rows.add(source.text(node.args[0]))
    return frozenset(heaps), frozenset(rows), can
