"""Names that a function forgets: worked out and never read, or read in a loop and never changed.

Whoever lost a use of such a name left it behind: a change that uses it again is likelier than others.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.source import Source
from loopcutter_host.repair.templates.assigned import assigned

_READ, _CHANGED = 2.5, 2.5
"""Factors for a change that reads the one, or sets the other."""
_LOOP = ast.For | ast.AsyncFor | ast.While


class Forgotten:
    """Those names of one function."""

    def __init__(self, scope: Scope) -> None:
        self._read = _pattern(scope.unused - set(scope.parameters) - _counting(scope), "")
        self._set = _pattern(_unchanged(scope), r"\s*(?:[-+*/%&|^]|//|<<|>>)?=(?!=)")

    def factor(self, candidate: Candidate, source: Source) -> float:
        """More than 1 for a change that brings such a name back."""
        if self._read is None and self._set is None:
            return 1.0
        start = source.line_start(source.line_at(candidate.start))
        end = source.line_start(source.line_at(candidate.end) + 1)
        old = source.slice(start, end)
        new = source.slice(start, candidate.start) + candidate.text + source.slice(candidate.end, end)
        remembers = self._read is not None and self._read.search(new) and not self._read.search(old)
        changes = self._set is not None and self._set.search(new) and not self._set.search(old)
        return (_READ if remembers else 1.0) * (_CHANGED if changes else 1.0)


def _pattern(names: Iterable[str], behind: str) -> re.Pattern[str] | None:
    words = "|".join(map(re.escape, sorted(names)))
    return re.compile(rf"(?<![.\w])(?:{words})\b{behind}") if words else None


def _counting(scope: Scope) -> set[str]:
    """Variables of loops over a `range`, which often only count."""
    return {
        each.target.id
        for each in scope.nodes
        if isinstance(each, ast.For | ast.comprehension) and isinstance(each.target, ast.Name)
        if isinstance(each.iter, ast.Call) and getattr(each.iter.func, "id", "") == "range"
    }


def _unchanged(scope: Scope) -> set[str]:
    """Names that begin as a number, are read in a loop, and stay what they are."""
    if scope.function is None:
        return set()
    stores = Counter(each.id for each in scope.nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))
    begun = {name for name, value in assigned(scope.nodes) if _is_number(value)}
    loops = [each for each in scope.nodes if isinstance(each, _LOOP)]
    inside = [part for loop in loops for part in ast.walk(loop) if isinstance(part, ast.Name)]
    read = {each.id for each in inside if isinstance(each.ctx, ast.Load)}
    return {name for name in begun & read if stores[name] == 1 and not name.isupper()}


def _is_number(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, int)
