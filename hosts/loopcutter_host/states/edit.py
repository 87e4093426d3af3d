"""Edit: ask the model for the next attempt and make it, if the guard lets it through and it differs as it has to."""

from loopcutter_host import ladder
from loopcutter_host.case import NO_ANSWER, Case
from loopcutter_host.errors import ModelFailed
from loopcutter_host.model import Tester
from loopcutter_host.states.attempting import make
from loopcutter_host.states.climb import climb
from loopcutter_host.table import Signal

_CHANCES = 2
"""How often a forced approach is asked for before the next rung is taken."""


async def edit(case: Case) -> Signal:
    case.log.span = f"attempt-{len(case.attempts) + 1}"
    await case.show_code()
    before = tuple(case.attempts)
    for _ in range(_CHANCES if case.rung else 1):
        signal = await propose(case)
        if signal is not Signal.PLANNED:
            # A language model that has nothing for this approach may have something for the next.
            return await climb(case) if case.rung and isinstance(case.model, Tester) else signal
        ground = case.here
        if refused := await make(case):
            case.note_attempt(f"refused: {refused}", kept=False)
            return Signal.REFUSED
        same = ladder.sameness(case, before)
        if not same:
            case.rung, case.focus = "", None  # from here on the model may look at its own last change again
            return Signal.EDITED
        await refuse(case, ground.id, same)
    return await climb(case)


async def propose(case: Case) -> Signal:
    """Ask for the next edits. `PLANNED` when there are some."""
    case.diff, case.change, case.proposal, case.author = "", None, None, case.model.name
    try:
        case.proposal = await case.model.edit(case.briefing(), case.tools)
    except ModelFailed as failure:
        case.note_attempt(f"{NO_ANSWER}: {failure}", kept=False)
        case.ended_because = f"no usable edit: {failure}"
        return Signal.NOTHING
    case.log.write("thought", model=case.model.name, text=case.proposal.why, alternatives=case.proposal.alternatives)
    if case.proposal.edits:
        return Signal.PLANNED
    case.note_attempt(f"nothing proposed: {case.proposal.why}", kept=False)
    case.ended_because = case.proposal.why
    return Signal.NOTHING


async def refuse(case: Case, ground: str, same: str) -> None:
    """Take back an edit that is no different approach, before a test run is spent on it, and say so to the model."""
    case.note_attempt(f"refused: {same}", kept=False)
    await case.roll_back(ground, same)
    told = f"Your last answer was refused: {same}."
    case.directive = "\n".join(
        [*(line for line in case.directive.splitlines() if not line.startswith(told[:24])), told]
    )
