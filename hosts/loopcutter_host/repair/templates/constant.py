"""The wrong constant: a flag, a number, a string."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.templates.resemblance import resemblance

_MOST = 16


def constant(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Another constant of the same kind."""
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield scope.source.put(node, str(not value), "constant", 0.8 if _decides(node, scope) else 0.15)
        yield scope.source.put(node, "None", "constant", 0.1)
    elif value is None:
        for text in ("True", "False", "0", "''", "[]", "{}"):
            yield scope.source.put(node, text, "constant", 0.12)
    elif isinstance(value, int | float):
        yield from _number(node, value, scope)
    elif isinstance(value, str | bytes) and not _docstring(node, scope):
        yield from _string(node, value, scope)


def _number(node: ast.Constant, value: int | float, scope: Scope) -> Iterator[Candidate]:
    choices: dict[object, float] = {-value: 0.3, 0: 0.25, 1: 0.25, 2: 0.12, -1: 0.12}
    if isinstance(value, int):
        choices |= {value * 10: 0.1, value // 10: 0.1, value * 2: 0.06, value // 2: 0.06}
    else:
        choices |= {value * 10: 0.12, value / 10: 0.12, value + 1: 0.2, value - 1: 0.2, 1 - value: 0.1, 0.5: 0.1}
    for position, other in enumerate(scope.constants(type(value))):
        if position >= _MOST:
            break
        choices.setdefault(other, 0.15)
    for literal in scope.hints.literals:
        if type(literal) is type(value):
            choices[literal] = max(choices.get(literal, 0), 0.15)
    choices.pop(value, None)
    for other, prior in choices.items():
        yield scope.source.put(node, repr(other), "constant", prior)
    yield scope.source.put(node, "None", "constant", 0.06)


def _string(node: ast.Constant, value: str | bytes, scope: Scope) -> Iterator[Candidate]:
    if any(isinstance(each, ast.JoinedStr) for each in scope.source.ancestors(node)):
        return
    choices: dict[object, float] = {}
    if isinstance(value, str):
        choices |= {value.lower(): 0.2, value.upper(): 0.15, value.capitalize(): 0.12, value.strip(): 0.15, "": 0.1}
        choices |= {
            f"{value} ": 0.06,
            f" {value}": 0.05,
            f"{value}\n": 0.05,
            value[1:]: 0.1,
            value[:-1]: 0.1,
            " ": 0.08,
        }
        if value.isdecimal() and value.isascii():
            choices |= {str(int(value) + 1): 0.3, str(abs(int(value) - 1)): 0.3}
        choices |= {value.replace(old, new): 0.6 for old, new in scope.hints.rewrites if old and old in value}
        choices |= {value + new: 0.2 for old, new in scope.hints.rewrites if not old}
        for literal in scope.hints.literals:
            if isinstance(literal, str):
                choices.setdefault(literal, 0.1)
    for position, other in enumerate(scope.constants(type(value))):
        if position >= 60:
            break
        if isinstance(other, str | bytes) and len(other) <= 2 * len(value) + 12:
            likeness = resemblance(str(value), str(other))
            choices.setdefault(other, (0.2 if position < _MOST else 0.08) * likeness**2)
    choices.pop(value, None)
    for other, prior in choices.items():
        yield scope.source.put(node, _quoted(other, scope.source.text(node)), "constant", prior)


def _quoted(value: object, like: str) -> str:
    """A literal in the quotes the old one has, where that is easy."""
    text = repr(value)
    plain = isinstance(value, str) and value.isprintable() and not any(each in value for each in "\"'\\")
    return f'"{value}"' if plain and like.endswith('"') else text


def _decides(node: ast.Constant, scope: Scope) -> bool:
    """Whether something else than its opposite is given too: a function that always says the same asks nothing."""
    if scope.function is None or not isinstance(scope.source.parents.get(node), ast.Return):
        return True
    given = [each.value for each in scope.nodes if isinstance(each, ast.Return) and each.value is not node]
    return not given or not all(isinstance(each, ast.Constant) and each.value is (not node.value) for each in given)


def _docstring(node: ast.Constant, scope: Scope) -> bool:
    return isinstance(scope.source.parents.get(node), ast.Expr)
