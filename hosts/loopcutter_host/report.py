"""How a run ended, and what there is to show for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loopcutter_host.case import Case
from loopcutter_host.connections import demand
from loopcutter_host.evidence import compare
from loopcutter_host.locating import untouched
from loopcutter_host.meter import Spent
from loopcutter_host.model import Attempt
from loopcutter_host.repair.spectrum import is_test
from loopcutter_host.table import End
from loopcutter_host.toolbox import Toolbox, use

_LEARNT = 8
"""Attempts that a report tells of; the log has them all."""


@dataclass(frozen=True)
class Report:
    """What `run.end` says of a run that came to its end."""

    outcome: str
    reason: str
    patch: str
    """Unified diff from the user's tree to the best state reached; empty when nothing better was found."""
    mended: tuple[str, ...]
    open: tuple[str, ...]
    still_failing: tuple[str, ...]
    """Tests that failed before, that the run is not about, and that fail as before."""
    alternatives: tuple[str, ...]
    attempts: int
    seconds: float
    """At work: without the time the run was held, waited for a person, or had no host."""
    tokens: int
    test_runs: int
    isolation: str
    workspace: str
    checkpoint: str
    repository: str
    judged: str = ""
    """Which tests decided, in words."""
    learnt: tuple[str, ...] = ()
    """What was tried and what came of it, one line an attempt; of a run without a fix."""
    next_look: str = ""
    """Where a person should look next, in a sentence; of a run without a fix."""
    reproduction: str = ""
    """The test that was written to show the bug, and where it comes from."""
    tests_changed: tuple[str, ...] = ()
    """Files of tests that the patch changes: what decides was bent with it."""
    applied: tuple[str, ...] = ()
    branch: str = ""

    @property
    def verified(self) -> bool:
        return self.outcome == End.FIXED


async def report_on(case: Case, servers: Toolbox, end: str, reason: str, spent: Spent, repository: str) -> Report:
    """The report on a case whose work is over.

    `servers` are asked without the guard: what is done here tidies up, and is no doing of the agent.
    """
    known = case.base.tree in case.evidence
    outcome = compare(case.baseline, case.now, case.targets) if known else None
    shown = await _presentable(case, servers, _chosen(case, end))
    diff = {}
    if shown != case.untouched_start.id:
        diff = dict(demand(await use(servers, "vcs", "diff", workspace=case.workspace, to=shown)))
    fixed = end == End.FIXED
    return Report(
        outcome=end,
        reason=reason,
        patch=str(diff.get("unified", "")),
        mended=outcome.mended if outcome else (),
        open=outcome.open if outcome else (),
        still_failing=tuple(t for t in case.now.broken if t not in case.targets) if known and outcome else (),
        alternatives=_alternatives(case, fixed),
        attempts=len(case.attempts),
        seconds=spent.seconds,
        tokens=spent.tokens,
        test_runs=spent.test_runs,
        isolation=case.baseline.isolation if known else "",
        workspace=case.workspace,
        checkpoint=shown,
        repository=repository,
        judged=_judged(case) if known else "",
        learnt=() if fixed else tuple(_learnt(case.attempts)),
        next_look="" if fixed or not known else _next_look(case),
        reproduction=_reproduction(case),
        tests_changed=tuple(_tests_changed(case, diff)) if known else (),
    )


def _chosen(case: Case, end: str) -> str:
    """The checkpoint to show: where a fix stands, else the best state that was tested, else the beginning."""
    if end in (End.FIXED, End.PLANNED):
        return case.here.id
    return case.best.checkpoint.id if case.best else case.untouched_start.id


async def _presentable(case: Case, servers: Toolbox, shown: str) -> str:
    """`shown` without the test that was written for the run, unless that is to be kept."""
    if case.reproduction is None or case.keep_test or shown == case.untouched_start.id:
        return shown
    demand(await use(servers, "vcs", "rollback", workspace=case.workspace, checkpoint=shown))
    edits = [{"kind": "delete", "path": case.reproduction.path}]
    made = demand(await use(servers, "vcs", "edit", workspace=case.workspace, edits=edits))
    return str(made["checkpoint"]["id"])


def _alternatives(case: Case, fixed: bool) -> tuple[str, ...]:
    """Other patches as good as the one that is shown, as far as the tests can tell."""
    if case.best is None:
        return case.proposal.alternatives if case.proposal and fixed else ()
    as_good = [each for each in case.standings if each.rank[:2] == case.best.rank[:2] and each != case.best]
    offered = case.proposal.alternatives if case.proposal and fixed else ()
    return tuple(dict.fromkeys([*(each.why for each in as_good if each.why), *offered]))


def _judged(case: Case) -> str:
    """Which tests decided."""
    seen = case.now
    count = len(seen.passed) + len(seen.broken)
    if seen.scope == "targets":
        return f"only the {count} tests that the run is about"
    if seen.scope == "affected":
        return f"{count} tests that the change can affect, since the whole suite takes too long"
    return f"the whole suite, {count} tests"


def _learnt(attempts: Sequence[Attempt]) -> Iterator[str]:
    for attempt in attempts[-_LEARNT:]:
        what = attempt.why or attempt.hypothesis
        if not what:
            yield f"{attempt.number}. {attempt.result[:300]}"
            continue
        where = f" ({', '.join(symbol.replace('::', ' ').strip() for symbol in attempt.symbols[:3])})"
        lesson = f"; {attempt.lesson}" if attempt.lesson else ""
        yield f"{attempt.number}. {what[:200]}{where if attempt.symbols else ''}: {attempt.result[:200]}{lesson[:200]}"


def _next_look(case: Case) -> str:
    """The first suspicious place that nothing was tried in, else where the first open failure broke."""
    for place in untouched(case.places, case.attempts):
        where = f"{place.symbol} in {place.path}" if place.symbol else place.path
        return f"{where}, line {place.lines[0]}: nothing was tried there yet ({place.why or 'suspicious'})"
    failures = case.briefing().failures
    if failures and failures[0].frames:
        path, line, function = failures[0].frames[-1]
        return f"{path}:{line} in {function}, where {failures[0].test} breaks with {failures[0].exception}"
    return ""


def _reproduction(case: Case) -> str:
    if case.reproduction is None:
        return ""
    kept = "part of the patch" if case.keep_test else "no part of the patch"
    return f"{case.reproduction.path}, from {case.reproduction.how}, {kept}"


def _tests_changed(case: Case, diff: Mapping[str, Any]) -> Iterator[str]:
    judged = {test.split("::", 1)[0] for test in (*case.baseline.passed, *case.baseline.broken)}
    written = case.reproduction.path if case.reproduction else ""
    for file in diff.get("files", ()):
        if (file["path"] in judged or is_test(file["path"])) and file["path"] != written:
            yield str(file["path"])
