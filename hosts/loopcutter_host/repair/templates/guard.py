"""Missing guards against None and against nothing at all."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_RETURNS = ("return", "return []", "return 0", "return None", "return False", "return True", "return ''", "return {}")


def guard(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`if not x: return …` at the start of a function, before a statement; `x or default`."""
    if isinstance(node, ast.stmt) and scope.function is not None and node in scope.function.body[:2]:
        if not _is_docstring(node):
            yield from _early_return(node, scope)
    elif isinstance(node, ast.If | ast.While):
        yield from _not_empty(node.test, scope)
    elif isinstance(node, ast.For | ast.AsyncFor):
        yield scope.source.put(node.iter, f"{_grouped(node.iter, scope)} or []", "guard", 0.12)
    if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
        for test in (f"not {node.target.id}", f"{node.target.id} is None"):
            yield scope.source.before(node.body[0], [f"if {test}:", "    continue"], "guard", 0.12)
    if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign) and scope.function is not None:
        yield from _only_if(node, scope)


def _early_return(node: ast.stmt, scope: Scope) -> Iterator[Candidate]:
    names = [each for each in scope.parameters if each not in ("self", "cls")]
    returned = [f"return {name}" for name in names]
    seen = [scope.source.text(each) for each in scope.nodes if isinstance(each, ast.Return) and each.value]
    short = [each for each in seen if len(each) < 40 and "\n" not in each]
    for name in names[:4]:
        for test, weight in (
            (f"not {name}", 1.0),
            (f"{name} is None", 1.0),
            (f"{name} == 0", 0.7),
            (f"{name} <= 0", 0.5),
            (f"{name} == 1", 0.5),
            (f"len({name}) <= 1", 0.4),
        ):
            for answer in dict.fromkeys([*short, *_RETURNS, *returned]):
                prior = (0.2 if answer in short else 0.1) * weight
                yield scope.source.before(node, [f"if {test}:", f"    {answer}"], "guard", prior)


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
