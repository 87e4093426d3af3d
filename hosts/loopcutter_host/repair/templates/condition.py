"""A condition that is missing, too much, or belongs to another kind of statement."""

import ast
import itertools
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_MOST = 10


def condition(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A test with more or less in it; `if` for `while`; a body without its `if`."""
    put, text = scope.source.put, scope.source.text
    if isinstance(node, ast.If | ast.While):
        yield from _other_tests(node.test, scope)
    if isinstance(node, ast.If):
        yield from _unguarded(node, scope)
    if isinstance(node, ast.IfExp):
        yield put(node, text(node.body), "condition", 0.2)
        yield put(node, text(node.orelse), "condition", 0.2)
    if isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield put(test, "True", "condition", 0.15)
        if not node.ifs:
            yield from _filtered(node, scope)


def _other_tests(test: ast.expr, scope: Scope) -> Iterator[Candidate]:
    text = scope.source.text(test)
    if isinstance(test, ast.Constant):
        yield from _decided(test, scope)
    for constant in ("True", "False"):
        yield scope.source.put(test, constant, "condition", 0.12)
    names = [each for each in scope.values(test) if each not in ("self", text)]
    parts = [each for each in scope.conditions if each != text and each not in text][:_MOST]
    left = f"({text})" if isinstance(test, ast.BoolOp | ast.IfExp | ast.NamedExpr) else text
    for part, prior in [(name, 0.12) for name in names[:_MOST]] + [(part, 0.1) for part in parts]:
        right = f"({part})" if " and " in part or " or " in part else part
        for joint in ("and", "or"):
            yield scope.source.put(test, f"{left} {joint} {right}", "condition", prior)
        yield scope.source.put(test, f"{right} and {left}", "condition", prior * 0.6)
        yield scope.source.put(test, f"{left} and not {right}", "condition", prior * 0.5)
        yield scope.source.put(test, f"{left} or not {right}", "condition", prior * 0.5)
        yield scope.source.put(test, part, "condition", prior * 0.7)


def keyword(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """`while` for `if`, `elif` for `if`, and back."""
    if isinstance(node, ast.If | ast.While):
        yield from _keyword(node, scope)


def flag(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A test that also asks a variable which is only ever true or false."""
    if not isinstance(node, ast.If | ast.While):
        return
    text = scope.source.text(node.test)
    left = f"({text})" if isinstance(node.test, ast.BoolOp | ast.IfExp | ast.NamedExpr) else text
    for name in scope.flags:
        if name not in text:
            for question in (f"not {name}", name):
                yield scope.source.put(node.test, f"{left} and {question}", "condition", 0.3)
                yield scope.source.put(node.test, f"{left} or {question}", "condition", 0.15)


def _decided(test: ast.Constant, scope: Scope) -> Iterator[Candidate]:
    """Something to ask where nothing is asked: one name, or two compared."""
    names = [each for each in scope.values(test) if each != "self"][:7]
    for name in names:
        for question in (name, f"not {name}", f"{name} is None", f"{name} is not None"):
            yield scope.source.put(test, question, "condition", 0.2)
    for one, other in itertools.permutations(names, 2):
        for relation in ("==", "<", "<=", "!=", "in", "not in") if one < other else ("<", "<=", "in", "not in"):
            yield scope.source.put(test, f"{one} {relation} {other}", "condition", 0.1)
    for part in scope.conditions:
        yield scope.source.put(test, part, "condition", 0.2)


def _keyword(node: ast.If | ast.While, scope: Scope) -> Iterator[Candidate]:
    start, _ = scope.source.span(node)
    word = scope.source.slice(start, start + 5)
    if isinstance(node, ast.While) and not node.orelse:
        yield scope.source.change(start, start + 5, "if", "condition", 0.12)
    elif word.startswith("elif"):
        yield scope.source.change(start, start + 4, "if", "condition", 0.1)
    elif word.startswith("if") and isinstance(node, ast.If):
        if not node.orelse:
            yield scope.source.change(start, start + 2, "while", "condition", 0.25)
        block = scope.source.block(node)
        position = block.index(node)
        if position and isinstance(block[position - 1], ast.If):
            yield scope.source.change(start, start + 2, "elif", "condition", 0.12)


def _unguarded(node: ast.If, scope: Scope) -> Iterator[Candidate]:
    """The body without its `if`: one step less indented."""
    start, _ = scope.source.span(node)
    if node.orelse or not scope.source.slice(start, start + 3).startswith("if"):
        return
    if not scope.source.alone(node) or not all(scope.source.alone(each) for each in node.body):
        return
    first, last = node.body[0].lineno, node.body[-1].end_lineno or node.lineno
    outer, inner = scope.source.indent(node.lineno), scope.source.indent(first)
    whole = scope.source.slice(scope.source.line_start(first), scope.source.line_start(last + 1))
    body = "".join(outer + line.removeprefix(inner) if line.strip() else line for line in whole.splitlines(True))
    begin, end = scope.source.line_start(node.lineno), scope.source.line_start(last + 1)
    yield scope.source.change(begin, end, body, "condition", 0.12, node.lineno)


def _filtered(node: ast.comprehension, scope: Scope) -> Iterator[Candidate]:
    end = scope.source.span(node.iter)[1]
    names = [each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)]
    for test in names + [f"{each} is not None" for each in names]:
        yield scope.source.change(end, end, f" if {test}", "condition", 0.12)
