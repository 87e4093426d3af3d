"""Reflect: learn from what happened, and decide whether to edit again, plan again, hand over or give up."""

from dataclasses import replace

from loopcutter_host.case import NO_ANSWER, Case
from loopcutter_host.errors import ModelFailed
from loopcutter_host.evidence import compare
from loopcutter_host.states.climb import hand_over
from loopcutter_host.table import Signal

_NEXT = {"edit": Signal.AGAIN, "plan": Signal.REPLAN}


async def reflect(case: Case) -> Signal:
    if len(case.attempts) >= case.limits.attempts:
        case.ended_because = f"the limit of {case.limits.attempts} attempts is reached"
        return Signal.GIVE_UP
    await _leave_worse_ground(case)
    if _is_speechless(case):
        return hand_over(case)
    try:
        reflection = await case.model.reflect(case.briefing(), case.tools)
    except ModelFailed as failure:
        case.log.write("reflection", model=case.model.name, text=f"no usable reflection: {failure}", next="plan")
        return Signal.REPLAN
    case.log.write("reflection", model=case.model.name, text=reflection.lesson, next=reflection.next)
    if case.attempts:
        case.attempts[-1] = replace(case.attempts[-1], lesson=reflection.lesson)
    if reflection.next == "stop":
        case.ended_because = reflection.lesson
        return hand_over(case)
    return _NEXT[reflection.next]


def _is_speechless(case: Case) -> bool:
    """Whether the model failed to give a usable answer twice running; a third time won't differ."""
    last = case.attempts[-2:]
    return len(last) == 2 and all(attempt.result.startswith(NO_ANSWER) for attempt in last)


async def _leave_worse_ground(case: Case) -> None:
    """An attempt that broke what worked is no ground to build on: go back to the best state that was tested."""
    if case.here != case.base and compare(case.baseline, case.now, case.targets).regressions:
        ground = case.best.checkpoint if case.best else case.base
        await case.roll_back(ground.id, "the attempt broke tests that passed before")
