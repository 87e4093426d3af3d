"""Reproduce: no test fails, so make one that shows the bug, and believe it only once it fails as it says it will.

Tried in this order, since what the user wrote is worth more than what a model makes of it: the code in the issue, then
a small test written by the model. It stands in the workspace while the run lasts, and is no part of the patch.
"""

from dataclasses import replace

from loopcutter_host import reproduction
from loopcutter_host.case import Case, Checkpoint, Reproduction
from loopcutter_host.connections import demand
from loopcutter_host.errors import ModelFailed, RollbackForced
from loopcutter_host.evidence import Evidence, of_report
from loopcutter_host.model import Draft, Tester
from loopcutter_host.states.read import find_places, understood
from loopcutter_host.table import Signal
from loopcutter_host.toolbox import use

_TRIES = 3
"""Tests that a model may write before it is given up."""


async def reproduce(case: Case) -> Signal:
    before = case.baseline
    if case.may_write_tests:
        for draft in reproduction.of_issue(case.issue):
            if not await believe(case, draft, "the issue's code"):
                return await understood(case)
        if await _written_by_model(case):
            return await understood(case)
    looked = "; no test could be made that shows it" if case.may_write_tests else ""
    case.ended_because = (
        f"no test fails ({before.summary()}), so a fix could not be verified{looked}: "
        "add a test that shows the bug, or name the command that does with --test"
    )
    return Signal.NOTHING_FAILS


async def _written_by_model(case: Case) -> bool:
    """Whether the model wrote a test that is believed."""
    if not isinstance(case.model, Tester):
        return False
    if not case.places:
        await find_places(case)
    refused: tuple[str, ...] = ()
    for _ in range(_TRIES):
        try:
            draft = await case.model.write_test(case.briefing(), case.tools, refused)
        except ModelFailed as failure:
            case.log.write("thought", model=case.model.name, text=f"no usable test: {failure}")
            return False
        ground = case.here
        try:
            doubt = await believe(case, draft, case.model.name)
        except RollbackForced as veto:  # the same test once more: this model has no other
            await case.roll_back(ground.id, veto.verdict.reason)
            return False
        if not doubt:
            return True
        refused = (*refused, doubt)
    return False


async def believe(case: Case, draft: Draft, how: str) -> str:
    """Put a test into the workspace and keep it there if it shows the bug. Returns why it does not."""
    ground = case.here
    path = reproduction.path_for(sorted(case.baseline.passed))
    doubt, seen = await _tried(case, draft, path)
    case.log.write(
        "thought", model=how, text=f"a test that {'does not show the bug: ' + doubt if doubt else 'shows it'}"
    )
    if doubt:
        await case.roll_back(ground.id, f"the test is not believed: {doubt}")
        return doubt
    known = case.baseline
    case.base = case.here
    case.targets = seen.broken
    case.evidence[case.here.tree] = replace(
        known,
        status="failed",
        passed=known.passed | seen.passed,
        broken=(*known.broken, *seen.broken),
        failures=(*known.failures, *seen.failures),
        isolation=seen.isolation,
    )
    case.reproduction = Reproduction(path, seen.broken, how)
    return ""


async def _tried(case: Case, draft: Draft, path: str) -> tuple[str, Evidence]:
    """(why the test is doubted, what running it showed)."""
    nothing = Evidence("no-tests", frozenset(), (), (), 0.0, "")
    made = await case.vcs("edit", edits=[{"kind": "create", "path": path, "content": draft.source}])
    if not made.ok:
        return made.text, nothing
    case.here = Checkpoint(made.data["checkpoint"]["id"], made.data["checkpoint"]["tree"])
    case.log.write("edit", tree=case.here.tree, why=draft.why or "a test that shows the bug",
                   diff=made.data["diff"], changed=[path])  # fmt: skip
    await case.publish("sandbox")
    ran = await use(
        case.tools,
        "sandbox",
        "run_tests",
        tree=case.here.tree,
        command="",
        tests=[path],
        coverage=True,
        timeout_s=case.limits.test_timeout_s,
    )
    if not ran.ok:
        return ran.text, nothing
    seen = of_report(demand(ran), scope="targets", asked=[path])
    case.log.write("test", tree=case.here.tree, status=seen.status, summary=seen.summary(), tests=[path])
    return reproduction.doubt(draft, path, seen, ran.data.get("coverage")), seen


async def observe(case: Case) -> str:
    """Have the model shrink the failing test to a smaller one, run it, and tell what it showed; empty when in vain.

    The workspace stays as it is: the smaller test is looked at and taken away again.
    """
    if not isinstance(case.model, Tester):
        return ""
    ground = case.here
    refused: tuple[str, ...] = ()
    for _ in range(2):
        try:
            draft = await case.model.write_test(case.briefing(), case.tools, refused)
        except ModelFailed:
            return ""
        path = reproduction.path_for(sorted(case.baseline.passed))
        path = path if case.reproduction is None else path.replace(reproduction.NAME, "test_loopcutter_smaller.py")
        try:
            doubt, seen = await _tried(case, draft, path)
        except RollbackForced as veto:
            await case.roll_back(ground.id, veto.verdict.reason)
            return ""
        await case.roll_back(ground.id, "the smaller test was looked at")
        if not doubt:
            failure = seen.failures[0]
            return f"{draft.source.strip()}\n\nIt fails: {failure.exception}: {failure.message[:500]}"
        refused = (*refused, doubt)
    return ""
