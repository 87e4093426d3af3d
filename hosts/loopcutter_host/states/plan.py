"""Plan: ask the model what is wrong and where."""

from loopcutter_host.case import NO_ANSWER, Case
from loopcutter_host.connections import demand
from loopcutter_host.errors import ModelFailed
from loopcutter_host.table import Signal
from loopcutter_host.toolbox import use

TRACED_TESTS = 200
"""Passing tests whose coverage is recorded beside the failing ones'; tracing slows a run threefold."""


async def plan(case: Case) -> Signal:
    if case.model.needs_coverage and not case.coverage:
        case.coverage = await _trace(case)
    await case.show_code()
    try:
        case.plan = await case.model.plan(case.briefing(), case.tools)
    except ModelFailed as failure:
        case.note_attempt(f"{NO_ANSWER}: {failure}", kept=False)
        case.ended_because = f"{case.model.name} gave no usable plan: {failure}"
        return Signal.NO_PLAN
    targets = [f"{place.path}:{place.lines[0]} {place.symbol}".strip() for place in case.plan.targets[:5]]
    case.log.write("thought", model=case.model.name, text=case.plan.hypothesis, targets=targets)
    return Signal.PLANNED


async def _trace(case: Case) -> dict[str, dict[str, list[int]]]:
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
    )
    return dict(demand(report)["coverage"] or {})
