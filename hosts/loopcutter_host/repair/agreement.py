"""Which of several passing patches to prefer: those that agree with each other on inputs no test has.

Tests decide only where they look. Patches of one function are compared on the arguments that tests give it and on
mutations of them (`duel`). Patches that give the same answers support each other: the class goes first whose members
are likeliest taken together, so that two far-fetched patches do not outvote the obvious one, and how well each keeps
what was right before (`conduct`) counts as well. The others are not wrong by that: they are shown, with an input that
tells them apart.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.observation import outermost
from loopcutter_host.repair.source import Function, Source
from loopcutter_host.repair.spectrum import Coverage

_DUEL = Path(__file__).with_name("duel.py")
_CALLS = 5
_FAILED = 2
"""Of these, by tests that failed, where enough passed."""
_LONGEST = 150_000
"""Characters of a file that is sent whole for every pair."""
_APART = re.compile(r"apart: (.*)", re.DOTALL)


@dataclass(frozen=True)
class Pair:
    """Two passing candidates, and the edit that compares them: both are in one file with one stand-in."""

    one: Candidate
    other: Candidate
    edit: Candidate


def pairs(passing: Sequence[Candidate], sources: Mapping[str, Source], calls: int) -> list[Pair]:
    """The first with each that changes the same function, as far as it can be called with made arguments."""
    one, *others = passing
    found = []
    for other in others:
        if one.path == other.path:
            source = sources[one.path]
            function = outermost(one, source)
            if function is not None and function is outermost(other, source):
                text = _put(one, _version(other, function, source), source, "duel", min(calls, _CALLS))
                if text:
                    found.append(Pair(one, other, _whole(source, text)))
    return found


def records(passing: Sequence[Candidate], sources: Mapping[str, Source], calls: int) -> dict[int, Candidate]:
    """The edits that tell how each behaves beside the code as it was, by its number, as far as one function tells it.

    What is called is the function by which the file is entered, where that is clear: what an object holds after one
    call shows in the next.
    """
    found: dict[int, Candidate] = {}
    path = passing[0].path
    first = outermost(passing[0], sources[path])
    if first is None:
        return found
    front = _front(first, sources[path])
    for number, each in enumerate(passing):
        source = sources[each.path]
        function = outermost(each, source)
        if function is not None and each.path == path and _front(function, source) is front:
            nothing = Candidate(each.path, each.start, each.end, source.slice(each.start, each.end), "nothing", 1, 0)
            version = _version(nothing, function, source) if front is function else source.slice(0, len(source.data))
            text = _put(each, version, source, "record", min(calls, _CALLS), front)
            if text:
                found[number] = _whole(source, text)
    return found


def _front(function: Function, source: Source) -> Function:
    """The only function of the module that leads to this one and that nothing else leads to; else itself."""
    node, seen = function, {function}
    while True:
        name = node.name
        callers = [
            each
            for each in source.functions
            if each not in seen
            and any(name in (getattr(part, "id", None), getattr(part, "attr", None)) for part in ast.walk(each))
        ]
        if len(callers) != 1:
            return node if not callers and node in source.tree.body else function
        node = callers[0]
        seen.add(node)


def judges(
    passing: Sequence[Candidate], sources: Mapping[str, Source], coverage: Coverage, failing: Sequence[str] = ()
) -> list[str]:
    """Tests that run through what was changed, so that each calls it at least once.

    Some that failed, and some that passed: those say what a repair must keep.
    """
    first = passing[0]
    function = outermost(first, sources[first.path])
    if function is None:
        return []
    lines = set(range(function.body[0].lineno, (function.end_lineno or 0) + 1))
    through = [test for test, files in coverage.items() if not lines.isdisjoint(files.get(first.path, ()))]
    failed = [test for test in through if test in failing]
    passed = [test for test in through if test not in failing][: _CALLS - len(failed[:_FAILED])]
    return [*failed[: _CALLS - len(passed)], *passed]


def by_agreement(
    passing: Sequence[Candidate], alike: set[tuple[int, int]], credits: Mapping[int, float] | None = None
) -> list[Candidate]:
    """The members of the likeliest class first; else as they were. `alike` holds pairs of positions that agree."""
    classes = {number: {number} for number in range(len(passing))}
    for one, other in alike:
        together = classes[one] | classes[other]
        classes |= dict.fromkeys(together, together)
    chances = [each.prior * (credits or {}).get(number, 1.0) for number, each in enumerate(passing)]
    weight = {number: sum(chances[one] for one in members) for number, members in classes.items()}
    order = sorted(classes, key=lambda number: (-weight[number], min(classes[number]), -chances[number], number))
    return [passing[number] for number in order]


def difference(detail: str) -> str:
    """What a failed duel says, e.g. `total([3], 0): gives 3 or gives 0`; empty when it was not a difference."""
    match = _APART.search(detail)
    return match.group(1).strip() if match else ""


def _put(one: Candidate, version: str, source: Source, what: str, calls: int, front: Function | None = None) -> str:
    """The patched file with a stand-in that compares its function with a version; empty where there can be none."""
    function = front or outermost(one, source)
    if function is None or function.decorator_list or isinstance(function, ast.AsyncFunctionDef):
        return ""
    if "super()" in version:
        return ""
    name = source.qualified_name(function)
    patched = source.slice(0, one.start) + one.text + source.slice(one.end, len(source.data))
    told = f"{name!r}, {calls}" if what == "duel" else f"{calls}"
    put = (
        f"_loopcutter = {{'__name__': 'loopcutter_duel'}}\n"
        f"exec({_DUEL.read_text('utf-8')!r}, _loopcutter)\n"
        f"_loopcutter_other = dict(globals())\n"
        f"exec({version!r}, _loopcutter_other)\n"
        f"{name} = _loopcutter[{what!r}]({name}, _loopcutter_other[{function.name!r}], {told})\n"
    )
    text = f"{patched}\n\n{put}"
    return text if len(text) <= _LONGEST else ""


def _whole(source: Source, text: str) -> Candidate:
    return Candidate(source.path, 0, len(source.data), text, "duel", 1, 0)


def _version(candidate: Candidate, function: Function, source: Source) -> str:
    start, end = source.line_start(function.lineno), source.line_start((function.end_lineno or 0) + 1)
    text = source.slice(start, candidate.start) + candidate.text + source.slice(candidate.end, end)
    return dedent(text)
