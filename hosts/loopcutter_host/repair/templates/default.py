"""A default that all calls share: `def add(item, to=[])`."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import parameters
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.source import Function


def mutable_default(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`None`, and the empty collection made anew in the body."""
    if not isinstance(node, Function):
        return
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(node.body) > 1:
        first = node.body[1]
    if first.lineno == node.lineno:
        return
    positional = parameters(node)[: len(node.args.posonlyargs) + len(node.args.args)]
    named = list(zip(positional[len(positional) - len(node.args.defaults) :], node.args.defaults, strict=True))
    named += [
        (each.arg, value) for each, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if value
    ]
    for name, default in named:
        if not isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call):
            continue
        start, after = scope.source.span(default)
        end = scope.source.line_start(first.lineno)
        indent = scope.source.indent(first.lineno)
        inserted = f"{indent}if {name} is None:\n{indent}    {name} = {scope.source.text(default)}\n"
        text = "None" + scope.source.slice(after, end) + inserted
        yield scope.source.change(start, end, text, "mutable-default", 0.6, first.lineno)
