"""The other side by the example of two lines that differ in names alone: `there[a] = b` and `back[b] = a`."""

import ast
import functools
import itertools
import re
from collections.abc import Iterator, Mapping

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

_NAME = re.compile(r"[A-Za-z_]\w*")
_SIMPLE = ast.Assign | ast.AugAssign | ast.Expr
_MOST_LINES = 30
_MOST = 4
Names = Mapping[str, str]


def other_side(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """A clause of a condition, or a statement, once more with the names of the other side."""
    if scope.function is None:
        return
    function = scope.source.text(scope.function)
    if isinstance(node, ast.If | ast.While):
        jumps = isinstance(node.body[0], ast.Return | ast.Raise | ast.Continue | ast.Break)
        words = (("or", 0.7), ("and", 0.2)) if jumps else (("and", 0.5), ("or", 0.2))
        clauses = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
        for clause in clauses:
            text = scope.source.text(clause)
            for line in _turned(text, scope):
                if line not in function:
                    for word, prior in words:
                        yield scope.source.put(clause, f"{text} {word} {line}", "condition", prior)
    elif isinstance(node, ast.Return | ast.Assign) and isinstance(node.value, ast.Compare):
        text = scope.source.text(node.value)
        for line in _turned(text, scope):
            if line not in function:
                for word, prior in (("and", 0.4), ("or", 0.3)):
                    yield scope.source.put(node.value, f"{text} {word} {line}", "condition", prior)
    if isinstance(node, _SIMPLE) and scope.source.alone(node) and node.lineno == node.end_lineno:
        for line in _turned(scope.source.text(node), scope):
            if line not in function:
                yield scope.source.after(node, [line], "statement", 0.3)


def _turned(text: str, scope: Scope) -> Iterator[str]:
    """The text by each renaming that changes all of the names that tell the sides apart."""
    inside = set(_NAME.findall(text))
    seen = {text}
    for names in _renamings(scope):
        if len(inside & set(names)) >= min(2, len(names)):
            line = _renamed(text, names)
            if line not in seen:
                seen.add(line)
                yield line


def _renamed(text: str, names: Names) -> str:
    return _NAME.sub(lambda match: names.get(match.group(), match.group()), text)


@functools.lru_cache(maxsize=64)
def _renamings(scope: Scope) -> list[Names]:
    """The names that stand for each other in pairs of lines or clauses that are alike in all else, both ways."""
    lines = [
        scope.source.text(each)
        for each in scope.nodes
        if isinstance(each, _SIMPLE | ast.Compare) and getattr(each, "lineno", 0) == getattr(each, "end_lineno", 0)
    ]
    shapes: dict[str, list[str]] = {}
    for line in dict.fromkeys(lines[: 2 * _MOST_LINES]):
        shapes.setdefault(_NAME.sub("$", line), []).append(line)
    found: dict[tuple[tuple[str, str], ...], Names] = {}
    for alike in shapes.values():
        for one, other in itertools.combinations(alike[:6], 2):
            names = _renaming(_NAME.findall(one), _NAME.findall(other))
            if names:
                found.setdefault(tuple(sorted(names.items())), names)
    return list(found.values())[:_MOST]


def _renaming(ones: list[str], others: list[str]) -> Names:
    """What each name becomes; empty where that can't be said, or fewer than two change."""
    names: dict[str, str] = {}
    for one, other in zip(ones, others, strict=True):
        for key, value in ((one, other), (other, one)):
            if names.setdefault(key, value) != value:
                return {}
    changed = {key: value for key, value in names.items() if key != value}
    return changed if len(changed) > 3 else {}
