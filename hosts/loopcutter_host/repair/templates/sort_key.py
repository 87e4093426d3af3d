"""By what things are put in order: a sign, a second criterion, a key at all; in sorts and in heaps."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope

_ORDERING = ("sorted", "sort", "min", "max")


def sort_key(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`-x` for `x` in a key or in what is pushed on a heap, `(x, y)` for `x` in a key, a key where there is none."""
    if not isinstance(node, ast.Call):
        return
    name = called(node)
    if name == "heappush" and len(node.args) == 2:
        yield from _negated(node.args[1], scope, 0.6 if _some_negative(scope) else 0.15)
    elif name == "heappop" and _some_negative(scope) and not _is_negative(scope.source.parents.get(node)):
        yield scope.source.put(node, f"-{scope.source.text(node)}", "arithmetic", 0.3)
    elif name in _ORDERING:
        keys = [each for each in node.keywords if each.arg == "key"]
        for each in keys:
            if isinstance(each.value, ast.Lambda):
                yield from _other_key(each.value, scope)
        if not keys and (len(node.args) == 1 or (name == "sort" and not node.args)):
            yield from _some_key(node, scope)


def _negated(item: ast.expr, scope: Scope, prior: float) -> Iterator[Candidate]:
    first = item.elts[0] if isinstance(item, ast.Tuple) and item.elts else item
    if isinstance(first, ast.Tuple | ast.UnaryOp | ast.List | ast.Starred):
        return
    text = scope.source.text(first)
    yield scope.source.put(first, f"-({text})" if isinstance(first, ast.BinOp) else f"-{text}", "arithmetic", prior)


def _some_negative(scope: Scope) -> bool:
    """Whether the function turns signs: that is how the largest of a heap comes first."""
    return any(_is_negative(each) and not isinstance(each.operand, ast.Constant) for each in scope.nodes)  # type: ignore[attr-defined]


def _is_negative(node: ast.AST | None) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


def _other_key(key: ast.Lambda, scope: Scope) -> Iterator[Candidate]:
    body, text = key.body, scope.source.text(key.body)
    parts = body.elts if isinstance(body, ast.Tuple) else [body]
    for part in parts:
        yield from _negated(part, scope, 0.15)
    if len(key.args.args) != 1 or isinstance(body, ast.Tuple):
        return
    parameter = key.args.args[0].arg
    for second, prior in ((parameter, 0.2), (f"{parameter}[0]", 0.25), (f"{parameter}[1]", 0.2)):
        if second not in (text, text.removeprefix("-")):
            yield scope.source.put(body, f"({text}, {second})", "expression", prior)


def _some_key(node: ast.Call, scope: Scope) -> Iterator[Candidate]:
    given = node.args[0] if node.args else None
    keys = {"len": 0.08, "lambda each: each[1]": 0.12, "lambda each: each[0]": 0.06}
    if isinstance(given, ast.Name | ast.Attribute):
        text = scope.source.text(given)
        if scope.collections.get(text) or f"{text}.get" in scope.expressions:
            keys |= {f"{text}.get": 0.2, f"lambda each: ({text}[each], each)": 0.12}
    for table in [each for each, places in scope.collections.items() if places][:3]:
        keys.setdefault(f"lambda each: {table}[each]", 0.08)
    end = scope.source.span(node)[1] - 1
    for key, prior in keys.items():
        yield scope.source.change(end, end, f"{', ' if node.args else ''}key={key}", "argument", prior)
    if given is not None and called(node) in ("min", "max") and "ValueError" in scope.hints.raised:
        yield scope.source.change(end, end, ", default=0", "argument", 0.5)
