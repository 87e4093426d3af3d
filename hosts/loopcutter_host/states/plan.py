"""Plan: ask the model what is wrong and where, unless the host chose the place."""

from loopcutter_host import ladder
from loopcutter_host.case import NO_ANSWER, Case
from loopcutter_host.errors import ModelFailed
from loopcutter_host.model import Tester
from loopcutter_host.states.read import trace
from loopcutter_host.states.test import read_failure
from loopcutter_host.table import Signal


async def plan(case: Case) -> Signal:
    if case.model.needs_coverage and not case.coverage:
        case.coverage = await trace(case)
    await case.show_code()
    if case.focus is not None:
        return _planned(case)
    await read_failure(case)
    try:
        case.plan = await case.model.plan(case.briefing(), case.tools)
    except ModelFailed as failure:
        case.note_attempt(f"{NO_ANSWER}: {failure}", kept=False)
        case.ended_because = f"no usable plan: {failure}"
        return Signal.NO_PLAN
    return _planned(case)


def _planned(case: Case) -> Signal:
    assert case.plan is not None
    targets = [f"{place.path}:{place.lines[0]} {place.symbol}".strip() for place in case.plan.targets[:5]]
    case.log.write("thought", model=case.model.name, text=case.plan.hypothesis, targets=targets)
    several = case.rung == ladder.FRESH and case.limits.samples > 1 and isinstance(case.model, Tester)
    return Signal.SEVERAL if several else Signal.PLANNED
