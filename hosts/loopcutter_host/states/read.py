"""Read: run the tests as they are, choose which failing ones the run is about, find the places that matter."""

import re
from collections.abc import Sequence

from loopcutter_host import locating
from loopcutter_host.case import Case
from loopcutter_host.connections import demand
from loopcutter_host.errors import NotSolved
from loopcutter_host.evidence import Evidence
from loopcutter_host.model import Tester
from loopcutter_host.table import Signal
from loopcutter_host.toolbox import use

TRACED_TESTS = 200
"""Passing tests whose coverage is recorded beside the failing ones'; tracing slows a run threefold."""
_PATIENCE = 1 / 12
"""What a single test may take, as a share of what all may take, once the run of all did not end."""
_GREEDY_S = 2.0
"""The same once a run took too much memory: a loop that never ends and stores something is told by its time."""
_TRACED_S = 30.0
"""A suite that takes longer is not traced for a language model, which gets on without."""
_RELATED = 40
"""Tests that stand for a suite which does not end in time."""

_UNUSABLE = {
    "no-tests": ("no tests were found.", "Name the command that shows the bug with --test."),
    "timeout": (
        "the tests did not end within {limit:.0f} s.",
        "Narrow them with --test, or raise limits.test_timeout_s.",
    ),
    "crashed": (
        "the test run crashed before it could report: {output}",
        "Try the command by hand, then name it with --test.",
    ),
    "killed": ("the test run was killed: {output}", "Try the command by hand, then name it with --test."),
    "out-of-memory": (
        "the tests need more memory than the sandbox grants.",
        "Narrow them with --test.",
    ),
}


async def read(case: Case) -> Signal:
    case.start = case.here
    seen = await case.run_tests()
    if seen.status in ("timeout", "out-of-memory"):
        case.patience_s = case.limits.test_timeout_s * _PATIENCE
        if seen.status == "out-of-memory":
            case.patience_s = min(case.patience_s, _GREEDY_S)
        seen = await (case.run_tests() if case.test_command else _related_instead(case))
    case.evidence[case.here.tree] = seen
    if seen.status in _UNUSABLE and not (seen.status == "no-tests" and case.may_write_tests):
        happened, remedy = _UNUSABLE[seen.status]
        last = seen.output.strip().splitlines()[-1:] or ["it said nothing"]
        raise NotSolved(happened.format(limit=case.limits.test_timeout_s, output=last[0][:300]), remedy)
    if not seen.broken:
        return Signal.NOTHING_FAILS
    case.targets = choose_targets(case.issue, seen)
    return await understood(case)


async def _related_instead(case: Case) -> Evidence:
    """What the tests say that retrieval relates to the issue, or all, when the whole suite does not end in time."""
    await case.show_code()
    tests = await related_tests(case)
    if not tests:
        return await case.run_tests()
    case.suite = tests
    case.log.write(
        "thought", model=case.model.name, text=f"the suite does not end in time; {len(tests)} tests stand in"
    )
    return await case.run_tests(scope="affected")


async def related_tests(case: Case) -> tuple[str, ...]:
    """Ids of the tests that retrieval finds for the issue, or that the graph connects with its places."""
    found = await use(case.tools, "retrieval", "search", tree=case.here.tree, query=case.issue, limit=30)
    near = list(found.data.get("places", ())) if found.ok else []
    for place in (await locating.locate(case.tools, case.here.tree, case.issue, limit=3)).places[:3]:
        if place.symbol:
            symbol = f"{place.path}::{place.symbol}"
            around = await use(case.tools, "retrieval", "neighbors", tree=case.here.tree, symbol=symbol)
            near += around.data.get("tests", ()) if around.ok else ()
    ids = [f"{item['path']}::{str(item['symbol']).replace('.', '::')}" for item in near if _is_test(item)]
    return tuple(dict.fromkeys(ids))[:_RELATED]


def _is_test(place: dict[str, object]) -> bool:
    return str(place.get("symbol", "")).rpartition(".")[2].startswith("test") and "test" in str(place.get("path", ""))


async def understood(case: Case) -> Signal:
    """Look for the places that matter, now that a test fails; and say what comes next."""
    await find_places(case)
    return Signal.UNDERSTOOD if case.prepass is None else Signal.REPAIRABLE


async def find_places(case: Case) -> None:
    """The places to look at, most suspicious first, by the issue, the failures' frames and the spectrum of lines."""
    await case.show_code()
    failures = case.baseline.about(case.targets)
    located = await locating.locate(case.tools, case.here.tree, case.issue, failures)
    case.places, case.paths = located.places, located.paths
    case.traces = locating.traces_in_words(locating.issue_traces(case.issue, case.places))
    wanted = case.model.needs_coverage or isinstance(case.model, Tester)
    if wanted and not case.coverage and case.baseline.duration_s <= _TRACED_S:
        case.coverage = await trace(case)
    case.suspicion = locating.suspicion(failures, case.coverage, case.places)
    if not case.model.needs_coverage:  # who does, reads the same files and ranks by itself
        case.places = await locating.ranked(case.tools, case.here.tree, case.places, case.suspicion)


async def trace(case: Case) -> dict[str, dict[str, list[int]]]:
    """Which lines each test executes, for the failing tests and the passing ones nearest to them."""
    files = {test.split("::", 1)[0] for test in case.targets}
    near = sorted(case.now.passed, key=lambda test: (test.split("::", 1)[0] not in files, test))
    report = await use(
        case.tools,
        "sandbox",
        "run_tests",
        tree=case.here.tree,
        command=case.test_command,
        tests=[*case.targets, *near[:TRACED_TESTS]],
        coverage=True,
        timeout_s=case.limits.test_timeout_s * 4,
        test_timeout_s=case.patience_s,
    )
    return dict(demand(report)["coverage"] or {})


def choose_targets(issue: str, seen: Evidence) -> tuple[str, ...]:
    """The failing tests that the issue names, else all that fail."""
    words: Sequence[str] = re.findall(r"\w+", issue)
    named = tuple(test for test in seen.broken if _function(test) in words)
    return named or seen.broken


def _function(test: str) -> str:
    return test.rsplit("::", 1)[-1].split("[", 1)[0]
