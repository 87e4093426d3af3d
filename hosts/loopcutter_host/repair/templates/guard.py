"""Missing guards against None and against nothing at all."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope

_ANSWERS = ("", "[]", "0", "None", "False", "True", "''", "{}", "1")
_NOTHING = (("not {}", 1.0), ("{} is None", 0.5), ("len({}) <= 1", 0.4))
"""Tests of a parameter that is used as a collection, and how likely they are."""
_NUMBER = (("not {}", 0.7), ("{} is None", 0.7), ("{} == 0", 0.7), ("{} <= 0", 0.5), ("{} == 1", 0.5), ("{} <= 1", 0.3))
"""The same of any other parameter."""


def guard(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Before a statement, around it, in a test; `x or default`."""
    if isinstance(node, ast.If | ast.While):
        yield from _not_empty(node.test, scope)
    elif isinstance(node, ast.For | ast.AsyncFor):
        yield scope.source.put(node.iter, f"{_grouped(node.iter, scope)} or []", "guard", 0.12)
    if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
        for test in (f"not {node.target.id}", f"{node.target.id} is None"):
            yield scope.source.before(node.body[0], [f"if {test}:", "    continue"], "guard", 0.12)
    if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign) and scope.function is not None:
        yield from _only_if(node, scope)


def base_case(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`if not items: return …` at the start of a function: the answer where there is nothing to do."""
    if not isinstance(node, ast.stmt) or scope.function is None or node not in scope.function.body[:2]:
        return
    if _is_docstring(node):
        return
    names = [each for each in scope.parameters if each not in ("self", "cls")]
    seen = [scope.source.text(each.value) for each in scope.nodes if isinstance(each, ast.Return) and each.value]
    answers = dict.fromkeys([each for each in seen if len(each) < 40 and "\n" not in each], 0.2)
    for answer in (*_ANSWERS, *names):
        answers.setdefault(answer, 0.12 if answer in names else 0.08)
    itself = any(isinstance(each, ast.Call) and called(each) == scope.function.name for each in scope.nodes)
    for name in names[:4]:
        for test, weight in _NOTHING if name in scope.collections else _NUMBER:
            for answer, prior in answers.items():
                lines = [f"if {test.format(name)}:", f"    return {answer}".rstrip()]
                yield scope.source.before(node, lines, "guard", prior * weight * (1.5 if itself else 1))


def _not_empty(test: ast.expr, scope: Scope) -> Iterator[Candidate]:
    """`x and x[0] …`: an empty collection is asked about before its parts are, and None before its attributes."""
    text = scope.source.text(test)
    guarded = f"({text})" if isinstance(test, ast.BoolOp | ast.IfExp | ast.NamedExpr) else text
    receivers = [
        scope.source.text(each.value)
        for each in ast.walk(test)
        if isinstance(each, ast.Subscript | ast.Attribute) and isinstance(each.value, ast.Name | ast.Attribute)
    ]
    for receiver in dict.fromkeys(receivers):
        if receiver not in ("self", "cls"):
            yield scope.source.put(test, f"{receiver} and {guarded}", "guard", 0.25)
            yield scope.source.put(test, f"not {receiver} or {guarded}", "guard", 0.15)


def _only_if(node: ast.Expr | ast.Assign | ast.AugAssign, scope: Scope) -> Iterator[Candidate]:
    """The statement under a condition on what it uses."""
    if not scope.source.alone(node):
        return
    names = {each.id: None for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    tests = [name for name in names if name in scope.bound and name != "self"][:3]
    tests += [f"{name} is not None" for name in tests]
    body = scope.source.text(node)
    if "\n" in body:
        return
    indent = scope.source.indent(node.lineno)
    for test in tests + scope.conditions[:4]:
        text = f"if {test}:\n{indent}    {body}"
        yield scope.source.change(*scope.source.span(node), text, "guard", 0.1)


def _grouped(node: ast.expr, scope: Scope) -> str:
    text = scope.source.text(node)
    return f"({text})" if isinstance(node, ast.IfExp | ast.Lambda | ast.Tuple) else text


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
