"""One too many, one too few: bounds, indices, counts."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope

_ROUNDING = ("isqrt", "floor", "ceil", "int", "log2")
_ORDER = ast.Lt | ast.LtE | ast.Gt | ast.GtE


def off_by_one(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`n + 1` or `n - 1` instead of `n`, and back."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        weight = _weight(node, scope)
        for value, prior in ((node.value - 1, 0.55), (node.value + 1, 0.55)):
            if value >= 0 or weight > 0.5:
                yield scope.source.put(node, str(value), "off-by-one", prior * max(weight, 0.5))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and _is_one(node.right):
        yield scope.source.put(node, scope.source.text(node.left), "off-by-one", 0.6)
    elif isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.BinOp | ast.Subscript):
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return
        weight = max(_weight(node, scope), 0.5 * _deeper(node, scope))
        if weight:
            text = scope.source.text(node)
            for operator in "+-":
                yield scope.source.put(node, f"{text} {operator} 1", "off-by-one", 0.45 * weight)
    if isinstance(node, ast.Call) and called(node) == "range":
        yield from _range(node, scope)
    elif isinstance(node, ast.Call) and called(node) == "enumerate" and len(node.args) == 1 and not node.keywords:
        end = scope.source.span(node.args[0])[1]
        yield scope.source.change(end, end, ", 1", "off-by-one", 0.3)


def _deeper(node: ast.AST, scope: Scope) -> bool:
    """Whether it is what the function finds one level further down: that level may have to be counted."""
    if scope.function is None or not isinstance(node, ast.Call) or called(node) != scope.function.name:
        return False
    parent = scope.source.parents.get(node)
    given = isinstance(parent, ast.Call) and called(parent) in ("max", "min")
    return given or isinstance(parent, ast.Return | ast.Assign | ast.ListComp | ast.GeneratorExp)


def _range(node: ast.Call, scope: Scope) -> Iterator[Candidate]:
    texts = [scope.source.text(each) for each in node.args]
    if len(texts) == 1:
        yield scope.source.put(node, f"range(1, {texts[0]})", "off-by-one", 0.35)
        yield scope.source.put(node, f"range(1, {texts[0]} + 1)", "off-by-one", 0.2)
        for name in [each for each in scope.values(node) if each in scope.numbers and each != texts[0]][:3]:
            yield scope.source.put(node, f"range({name}, {texts[0]})", "off-by-one", 0.12)
            yield scope.source.put(node, f"range({name} + 1, {texts[0]})", "off-by-one", 0.15)
    elif len(texts) == 2:
        yield scope.source.put(node, f"range({texts[1]})", "off-by-one", 0.3)
        for step in ("-1", "2"):
            yield scope.source.put(node, f"range({texts[0]}, {texts[1]}, {step})", "off-by-one", 0.08)


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1 and type(node.value) is int


def _weight(node: ast.AST, scope: Scope) -> float:
    """How much the place looks like a bound or an index."""
    parent = scope.source.parents.get(node)
    if isinstance(parent, ast.Call):
        if node is parent.func:
            return 0
        if called(parent) == "range":
            return 1
        return 0.3 if isinstance(node, ast.Name | ast.BinOp | ast.Constant) else 0.1
    if isinstance(parent, ast.Slice):
        return 0.9
    if isinstance(parent, ast.Subscript):
        return 0.8 if node is parent.slice and not isinstance(node, ast.Attribute) else 0
    if isinstance(parent, ast.Compare):
        return 0.7 if any(isinstance(each, _ORDER) for each in parent.ops) else 0.2
    if isinstance(parent, ast.BinOp):
        return _in_arithmetic(node, parent)
    if isinstance(parent, ast.Tuple | ast.List | ast.Dict | ast.keyword | ast.IfExp | ast.DictComp | ast.ListComp):
        return 0.35 if isinstance(node, ast.Name | ast.Constant | ast.Subscript) else 0.15
    if isinstance(node, ast.Call) and called(node) in ("min", "max") and isinstance(parent, ast.Assign | ast.Return):
        return 0.5
    if isinstance(parent, ast.Return | ast.AugAssign):
        return 0.35
    if isinstance(parent, ast.Assign):
        if isinstance(node, ast.Call) and called(node) in _ROUNDING:
            return 0.7
        return 0.2 if isinstance(node, ast.Attribute | ast.Call) else 0.45
    return 0


def _in_arithmetic(node: ast.AST, parent: ast.BinOp) -> float:
    if isinstance(parent.op, ast.Mod):
        return 0.3 if node is parent.left and isinstance(node, ast.Name | ast.Attribute | ast.Subscript) else 0.1
    if isinstance(parent.op, ast.Add | ast.Sub | ast.FloorDiv | ast.Mult):
        return 0.25 if isinstance(node, ast.Constant | ast.Name) else 0.1
    return 0
