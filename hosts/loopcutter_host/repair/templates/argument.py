"""Arguments swapped, left out or one too many; the same for tuples."""

import ast
from collections.abc import Iterator
from itertools import combinations

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import called
from loopcutter_host.repair.scope import Scope


def argument(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Another order or number of arguments."""
    if isinstance(node, ast.Call):
        yield from _swapped(node.args, scope, 0.4)
        yield from _fewer(node, scope)
        yield from _more(node, scope)
        yield from _keywords(node, scope)
    elif isinstance(node, ast.Tuple):
        yield from _swapped(node.elts, scope, 0.25)
    elif isinstance(node, ast.List):
        yield from _swapped(node.elts, scope, 0.1)
    elif isinstance(node, ast.Dict) and len(node.keys) == 1 and node.keys[0]:
        yield from _swapped([node.keys[0], node.values[0]], scope, 0.2)
    elif isinstance(node, ast.DictComp):
        yield from _swapped([node.key, node.value], scope, 0.3)
    elif isinstance(node, ast.IfExp):
        yield from _swapped([node.body, node.orelse], scope, 0.4)


def recursion(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """What a function hands on to itself: with what it was given, where that is lost."""
    if not isinstance(node, ast.Call) or scope.function is None or called(node) != scope.function.name:
        return
    names = [each for each in scope.parameters if each not in ("self", "cls")]
    for parameter, given in zip(names, node.args, strict=False):
        text = scope.source.text(given)
        inside = {each.id for each in ast.walk(given) if isinstance(each, ast.Name)}
        if parameter in inside or isinstance(given, ast.Starred | ast.BoolOp | ast.IfExp | ast.Lambda):
            continue
        wrapped = f"({text})" if isinstance(given, ast.Compare | ast.BinOp | ast.UnaryOp) else text
        for whole, prior in ((f"{parameter} + {wrapped}", 0.25), (f"{wrapped} + {parameter}", 0.15)):
            yield scope.source.put(given, whole, "argument", prior)
        yield scope.source.put(given, f"{parameter} - {wrapped}", "argument", 0.15)
        match given:
            case ast.Compare() | ast.UnaryOp(op=ast.Not()):  # what held before has to hold still, or holds for ever
                for word, prior in (("and", 0.6), ("or", 0.3)):
                    yield scope.source.put(given, f"{parameter} {word} {text}", "argument", prior)
            case ast.List(elts=[_, *rest]) if rest:  # all that came before, and not the last of it alone
                last = ", ".join(map(scope.source.text, rest))
                yield scope.source.put(given, f"[*{parameter}, {last}]", "argument", 0.5)
            case ast.Tuple(elts=[_, *rest]) if rest:
                last = ", ".join(map(scope.source.text, rest))
                yield scope.source.put(given, f"(*{parameter}, {last})", "argument", 0.5)


def _swapped(items: list[ast.expr], scope: Scope, prior: float) -> Iterator[Candidate]:
    pairs = combinations(range(len(items)), 2) if len(items) <= 3 else ((i, i + 1) for i in range(len(items) - 1))
    for first, second in pairs:
        one, other = items[first], items[second]
        start, end = scope.source.span(one)[0], scope.source.span(other)[1]
        between = scope.source.slice(scope.source.span(one)[1], scope.source.span(other)[0])
        text = scope.source.text(other) + between + scope.source.text(one)
        yield scope.source.change(start, end, text, "argument", prior * (1 if second == first + 1 else 0.6))


def _fewer(node: ast.Call, scope: Scope) -> Iterator[Candidate]:
    parts: list[ast.expr | ast.keyword] = sorted([*node.args, *node.keywords], key=scope.source.span)
    for position, part in enumerate(parts):
        start, end = scope.source.span(part)
        if position:
            start = scope.source.span(parts[position - 1])[1]
        elif len(parts) > 1:
            end = scope.source.span(parts[1])[0]
        if scope.source.slice(start, end).count("(") == scope.source.slice(start, end).count(")"):
            key = isinstance(part, ast.keyword) and part.arg == "key"
            yield scope.source.change(start, end, "", "argument", 0.3 if key else 0.15 if part is parts[-1] else 0.08)


def _more(node: ast.Call, scope: Scope) -> Iterator[Candidate]:
    """Parameters the callee has and the call does not give, from names in scope."""
    signature = scope.codebase.signatures.get(called(node), [])
    if isinstance(node.func, ast.Attribute) and signature[:1] in (["self"], ["cls"]):
        signature = signature[1:]
    given = {each.arg for each in node.keywords}
    values = scope.values(node)[:12]
    for position, parameter in enumerate(signature[len(node.args) :]):
        if parameter in given:
            continue
        if parameter in values:
            keyword = parameter if position == 0 and not node.keywords else f"{parameter}={parameter}"
            yield _appended(node, scope, keyword, 0.6 if parameter in scope.unused else 0.35)
        if position == 0 and not node.keywords:
            for value in values:
                yield _appended(node, scope, value, 0.12 * (2 if value in scope.unused else 1))
    known = called(node) in scope.codebase.signatures
    wanting = len(node.args) < (len(signature) if known else scope.codebase.arity.get(called(node), 0))
    for value in values:
        if not known and (wanting or value in scope.unused):
            yield _appended(node, scope, value, 0.25 if value in scope.unused else 0.12)
        if wanting and node.args:
            start, _ = scope.source.span(node.args[0])
            yield scope.source.change(start, start, f"{value}, ", "argument", 0.25 if value in scope.unused else 0.12)


def _keywords(node: ast.Call, scope: Scope) -> Iterator[Candidate]:
    """Keyword arguments that other calls of the same function give."""
    given = {each.arg for each in node.keywords}
    for (keyword, value), count in scope.codebase.keywords.get(called(node), {}).items():
        if keyword not in given:
            yield _appended(node, scope, f"{keyword}={value}", 0.15 if count > 1 else 0.1)
    if called(node) in ("sorted", "sort", "max", "min") and "reverse" not in given and called(node).startswith("sort"):
        yield _appended(node, scope, "reverse=True", 0.2)
    for each in node.keywords:
        for other in scope.codebase.signatures.get(called(node), ()):
            if each.arg and other not in given and other not in ("self", "cls"):
                start, _ = scope.source.span(each)
                yield scope.source.change(start, start + len(each.arg.encode()), other, "argument", 0.15)


def _appended(node: ast.Call, scope: Scope, text: str, prior: float) -> Candidate:
    parts = [*node.args, *node.keywords]
    if not parts:
        end = scope.source.span(node)[1] - 1
        return scope.source.change(end, end, text, "argument", prior)
    end = max(scope.source.span(each)[1] for each in parts)
    return scope.source.change(end, end, f", {text}", "argument", prior)
