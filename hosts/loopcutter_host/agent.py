"""The agent's loop: take the step of the state, look up what follows; the guard's word is above the table."""

from collections.abc import Awaitable, Callable, Mapping

from loopcutter_host.case import Case
from loopcutter_host.errors import GuardStopped, RollbackForced
from loopcutter_host.states.edit import edit
from loopcutter_host.states.plan import plan
from loopcutter_host.states.read import read
from loopcutter_host.states.reflect import hand_over, reflect
from loopcutter_host.states.test import test
from loopcutter_host.table import TABLE, End, Signal, State
from loopcutter_loopguard.events import Verdict

STEPS: Mapping[State, Callable[[Case], Awaitable[Signal]]] = {
    State.READ: read,
    State.PLAN: plan,
    State.EDIT: edit,
    State.TEST: test,
    State.REFLECT: reflect,
}


async def work(case: Case) -> End:
    """Work on a case until it ends."""
    state: State | End = State.READ
    while isinstance(state, State):
        case.log.write("state", state=state, model=case.model.name)
        try:
            state = TABLE[state, await STEPS[state](case)]
        except RollbackForced as forced:
            state = await _change_approach(case, forced.verdict)
        except GuardStopped as stopped:
            case.ended_because = stopped.verdict.reason
            state = End.STOPPED
    return state


async def _change_approach(case: Case, verdict: Verdict) -> State | End:
    """Restore the checkpoint the guard names and go on as its directive says."""
    case.note_attempt(f"vetoed: {verdict.reason}", kept=False)
    await case.roll_back(verdict.rollback_to or case.base.id, verdict.reason)
    case.directive, case.rung = verdict.directive, verdict.rung or ""
    if verdict.rung == "template-repair" and hand_over(case) is Signal.GIVE_UP:
        case.ended_because = "template repair was tried already"
        return End.STOPPED
    return State.PLAN
