"""A call too many or too few: `len(x)` for `x`, `x` for `x.strip()`, `f` for `f()`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope

_COMMON = ("len", "list", "int", "str", "sorted", "set", "abs", "reversed", "tuple", "bool", "float", "sum", "iter")
_UNORDERED = ("set", "frozenset")
"""Looped over they come in another order in each run: a patch that passes by luck."""
_KEEPERS = ("append", "appendleft", "add", "insert", "setdefault")
_STRANGE: dict[str, frozenset[str]] = {
    "number": frozenset(("len", "list", "sorted", "set", "reversed", "tuple", "sum", "iter")),
    "collection": frozenset(("int", "abs", "float")),
    "text": frozenset(("abs", "sum", "float")),
    "truth": frozenset(("len", "list", "sorted", "set", "reversed", "tuple", "sum", "iter", "abs", "float")),
}
"""Kind of a thing → what hardly anyone calls with it."""
_TEXT_METHODS = ("strip", "lower", "copy", "items", "values", "keys", "upper", "rstrip", "split")


def call(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """An argument without its call, a value in a call, a function called or not."""
    if not isinstance(node, ast.expr) or isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
        return
    if isinstance(node, ast.Call):
        yield from _unwrapped(node, scope)
    if isinstance(node, ast.Tuple):
        yield from _applied(node, scope)
    parent = scope.source.parents.get(node)
    if isinstance(parent, ast.Call) and parent.func is node:
        return
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.GeneratorExp | ast.ListComp):
        yield from _wrapped(node, parent, scope)


def _applied(node: ast.Tuple, scope: Scope) -> Iterator[Candidate]:
    """`zip(a, b)` for the tuple `a, b`."""
    items = ", ".join(scope.source.text(each) for each in node.elts)
    for name, _ in scope.codebase.called.most_common(40):
        if scope.codebase.arity[name] == len(node.elts):
            yield scope.source.put(node, f"{name}({items})", "call", 0.1)


def _unwrapped(node: ast.Call, scope: Scope) -> Iterator[Candidate]:
    text = scope.source.text
    kept = isinstance(node.func, ast.Attribute) and node.func.attr in _KEEPERS and len(node.args) == 1
    for argument in node.args:
        if kept or text(argument) in scope.changing:
            yield from _copied(argument, scope, kept)
    for argument in node.args[:2]:
        if not isinstance(argument, ast.Starred):
            yield scope.source.put(node, text(argument), "call", 0.3 if len(node.args) == 1 else 0.12)
        if isinstance(argument, ast.Call) and len(argument.args) == 1 and not isinstance(argument.args[0], ast.Starred):
            yield scope.source.put(node, text(argument.args[0]), "call", 0.15)
    if isinstance(node.func, ast.Attribute):
        yield scope.source.put(node, text(node.func.value), "call", 0.2)
    if not node.args and not node.keywords:
        yield scope.source.put(node, text(node.func), "call", 0.2)


def _copied(argument: ast.expr, scope: Scope, kept: bool) -> Iterator[Candidate]:
    """What is kept while it goes on changing has to be copied first."""
    if isinstance(argument, ast.Name | ast.Attribute):
        text = scope.source.text(argument)
        weight = 3 if kept and text in scope.changing else 1
        for copy, prior in ((f"list({text})", 0.3), (f"{text}[:]", 0.2), (f"dict({text})", 0.1), (f"set({text})", 0.1)):
            yield scope.source.put(argument, copy, "call", prior * weight)


def _wrapped(node: ast.expr, parent: ast.AST | None, scope: Scope) -> Iterator[Candidate]:
    if isinstance(node, ast.Name) and (node.id in scope.globals or node.id in ("self", "cls")) and node.id.isupper():
        return
    text = scope.source.text(node)
    if isinstance(node, ast.Name | ast.Attribute):
        known = node.id if isinstance(node, ast.Name) else node.attr
        yield scope.source.put(node, f"{text}()", "call", 0.3 if known in scope.codebase.signatures else 0.05)
    if isinstance(parent, ast.Attribute) or (
        isinstance(node, ast.Attribute) and isinstance(parent, ast.Call | ast.Attribute)
    ):
        return
    weight = 0.15 if isinstance(node, ast.Name | ast.Call) else 0.1
    wrappers = [name for name, _ in scope.codebase.wrappers.most_common(16)]
    wrappers = [
        name
        for name in wrappers
        if (name not in scope.bound or name in scope.codebase.signatures) and ("." not in name or scope.owner)
    ]
    kind = scope.kinds.of(node)
    for name in sorted(scope.hints.conversions - _STRANGE.get(kind, frozenset())):
        if isinstance(parent, ast.Return | ast.Yield | ast.Assign | ast.IfExp | ast.BoolOp):
            yield scope.source.put(node, f"{name}({text})", "call", 0.8 if isinstance(parent, ast.Return) else 0.3)
    if (
        isinstance(parent, ast.Call)
        and called(parent) == "join"
        and isinstance(node, ast.Name)
        and kind != "collection"
    ):
        for name, prior in (("sorted", 0.5), ("reversed", 0.3)):  # to join the letters of a text changes nothing
            yield scope.source.put(node, f"{name}({text})", "call", prior)
    looped = isinstance(parent, ast.For | ast.AsyncFor | ast.comprehension) and parent.iter is node
    for name in dict.fromkeys([*wrappers, *_COMMON]):
        strange = name in _STRANGE.get(kind, ()) or (looped and name in _UNORDERED)
        if not text.startswith(f"{name}(") and not strange:
            yield scope.source.put(node, f"{name}({text})", "call", weight * (1 if name in wrappers else 0.5))
    for name in _TEXT_METHODS if kind in ("", "text") else ("copy", "items", "values", "keys"):
        yield scope.source.put(node, f"{text}.{name}()", "call", weight * (1 if scope.codebase.methods[name] else 0.2))
