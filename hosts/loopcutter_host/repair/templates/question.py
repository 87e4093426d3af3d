"""The wrong question to a value: whether it is true, whether it is there at all, whether it is in something."""

import ast
import itertools
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_VALUE = ast.Name | ast.Subscript | ast.Call | ast.Attribute


def question(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`x is not None` for `x` and back; something to ask where the answer is a constant."""
    for test in _asked(node):
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and isinstance(test.operand, _VALUE):
            text = scope.source.text(test.operand)
            for other, prior in ((f"{text} is None", 0.25), (f"{text} == 0", 0.06), (f"len({text}) <= 1", 0.06)):
                yield scope.source.put(test, other, "condition", prior)
        elif isinstance(test, _VALUE):
            text = scope.source.text(test)
            for other, prior in ((f"{text} is not None", 0.25), (f"{text} is None", 0.1), (f"len({text}) > 1", 0.06)):
                yield scope.source.put(test, other, "condition", prior)
        elif isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is | ast.IsNot):
            text = scope.source.text(test.left)
            yield scope.source.put(test, f"not {text}" if isinstance(test.ops[0], ast.Is) else text, "condition", 0.25)
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
        yield from _answered(node.value, scope)
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Name | ast.Call) and _last(node, scope):
        yield from _on_condition(node.value, scope)


def _asked(node: ast.AST) -> list[ast.expr]:
    """The expressions that are only asked whether they are true."""
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        return [node.test]
    if isinstance(node, ast.BoolOp):
        return node.values
    return node.ifs if isinstance(node, ast.comprehension) else []


def _answered(value: ast.Constant, scope: Scope) -> Iterator[Candidate]:
    """What the function knows, instead of always the same answer."""
    names = [each for each in scope.values(value) if each not in ("self", "cls")][:6]
    for name in names:
        yield scope.source.put(value, f"not {name}", "return", 0.2)
        yield scope.source.put(value, f"bool({name})", "return", 0.12)
    for one, other in itertools.combinations(names, 2):
        for relation in ("==", "<=", ">="):
            yield scope.source.put(value, f"{one} {relation} {other}", "return", 0.08)
    for test in scope.conditions[:6]:
        yield scope.source.put(value, test, "return", 0.12)
        yield scope.source.put(value, f"not ({test})", "return", 0.06)


def _on_condition(value: ast.Name | ast.Call, scope: Scope) -> Iterator[Candidate]:
    """The result only if nothing is left over."""
    text = scope.source.text(value)
    names = [each for each in scope.collections if each != text and each in scope.bound][:4]
    returned = [
        each.value for each in scope.nodes if isinstance(each, ast.Return) and isinstance(each.value, ast.Constant)
    ]
    for name in names:
        for other in dict.fromkeys([*(scope.source.text(each) for each in returned), "None", "False"]):
            yield scope.source.put(value, f"{text} if not {name} else {other}", "return", 0.1)
            yield scope.source.put(value, f"{text} if {name} else {other}", "return", 0.05)


def _last(node: ast.Return, scope: Scope) -> bool:
    return scope.function is not None and node is scope.function.body[-1]
