"""Test: run the tests on the edited workspace; more than the failing ones before anything is called fixed."""

from loopcutter_host.case import Case
from loopcutter_host.errors import ModelFailed
from loopcutter_host.model import Tester
from loopcutter_host.states.attempting import judge
from loopcutter_host.table import Signal


async def test(case: Case) -> Signal:
    reached = await judge(case)
    if reached.verified:
        return Signal.GREEN
    await read_failure(case)
    return Signal.RED


async def read_failure(case: Case) -> None:
    """Let a model that can say what the first open failure shows; once for each way of failing."""
    failures = case.briefing().failures
    if not failures or not isinstance(case.model, Tester) or failures[0].signature in case.readings:
        return
    try:
        reading = await case.model.read_test(case.briefing(), case.tools)
    except ModelFailed as failure:
        case.readings[failures[0].signature] = None
        case.log.write("thought", model=case.model.name, text=f"no usable reading of the failure: {failure}")
        return
    case.readings[failures[0].signature] = reading
    case.log.write("thought", model=case.model.name, text=f"reads: {reading.hypothesis}", reading=reading.words())
