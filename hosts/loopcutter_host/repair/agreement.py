"""Which of several passing patches to prefer: those that agree with each other on inputs no test has.

Tests decide only where they look. Patches of one function are compared on the arguments that tests give it and on
mutations of them (`duel`). Patches that give the same answers support each other: the class goes first whose members
are likeliest taken together, so that two far-fetched patches do not outvote the obvious one. The others are not wrong
by that: they are shown, with an input that tells them apart.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from textwrap import dedent

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.source import Function, Source
from loopcutter_host.repair.spectrum import Coverage

_DUEL = Path(__file__).with_name("duel.py")
_CALLS = 5
_LONGEST = 150_000
"""Characters of a file that is sent whole for every pair."""
_APART = re.compile(r"apart: (.*)", re.DOTALL)


@dataclass(frozen=True)
class Pair:
    """Two passing candidates, and the edit that compares them: both are in one file with one stand-in."""

    one: Candidate
    other: Candidate
    edit: Candidate


def pairs(passing: Sequence[Candidate], sources: dict[str, Source], calls: int) -> list[Pair]:
    """Every two that change the same function, as far as it can be called with made arguments."""
    found = []
    for one, other in combinations(passing, 2):
        if one.path == other.path:
            text = _both(one, other, sources[one.path], min(calls, _CALLS))
            if text:
                whole = Candidate(one.path, 0, len(sources[one.path].data), text, "duel", 1, 0)
                found.append(Pair(one, other, whole))
    return found


def judges(passing: Sequence[Candidate], sources: dict[str, Source], coverage: Coverage) -> list[str]:
    """The tests that run through what was changed: each calls it at least once."""
    first = passing[0]
    function = _function(first, sources[first.path])
    if function is None:
        return []
    lines = set(range(function.body[0].lineno, (function.end_lineno or 0) + 1))
    return [test for test, files in coverage.items() if not lines.isdisjoint(files.get(first.path, ()))][:_CALLS]


def by_agreement(passing: Sequence[Candidate], alike: set[tuple[int, int]]) -> list[Candidate]:
    """The members of the likeliest class first; else as they were. `alike` holds pairs of positions that agree."""
    classes = {number: {number} for number in range(len(passing))}
    for one, other in alike:
        together = classes[one] | classes[other]
        classes |= dict.fromkeys(together, together)
    weight = {number: sum(passing[one].prior for one in members) for number, members in classes.items()}
    order = sorted(classes, key=lambda number: (-weight[number], min(classes[number]), number))
    return [passing[number] for number in order]


def difference(detail: str) -> str:
    """What a failed duel says, e.g. `total([3], 0): gives 3 or gives 0`; empty when it was not a difference."""
    match = _APART.search(detail)
    return match.group(1).strip() if match else ""


def _both(one: Candidate, other: Candidate, source: Source, calls: int) -> str:
    function = _function(one, source)
    if function is None or function is not _function(other, source):
        return ""
    name = source.qualified_name(function)
    version = _version(other, function, source)
    if function.decorator_list or isinstance(function, ast.AsyncFunctionDef) or "super()" in version:
        return ""
    patched = source.slice(0, one.start) + one.text + source.slice(one.end, len(source.data))
    put = (
        f"_loopcutter = {{'__name__': 'loopcutter_duel'}}\n"
        f"exec({_DUEL.read_text('utf-8')!r}, _loopcutter)\n"
        f"_loopcutter_other = dict(globals())\n"
        f"exec({version!r}, _loopcutter_other)\n"
        f"{name} = _loopcutter['duel']({name}, _loopcutter_other[{function.name!r}], {name!r}, {calls})\n"
    )
    text = f"{patched}\n\n{put}"
    return text if len(text) <= _LONGEST else ""


def _function(candidate: Candidate, source: Source) -> Function | None:
    """The outermost function that holds the change, when it stands in the module or in a class of it."""
    for node in source.functions:
        start, end = source.line_start(node.lineno), source.line_start((node.end_lineno or node.lineno) + 1)
        outer = [each for each in source.ancestors(node) if not isinstance(each, ast.ClassDef | ast.Module)]
        if start <= candidate.start and candidate.end <= end and not outer:
            return node
    return None


def _version(candidate: Candidate, function: Function, source: Source) -> str:
    start, end = source.line_start(function.lineno), source.line_start((function.end_lineno or 0) + 1)
    text = source.slice(start, candidate.start) + candidate.text + source.slice(candidate.end, end)
    return dedent(text)
