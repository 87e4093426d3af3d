"""The agent's loop: take the step of the state, look up what follows; the guard's word is above the table."""

from collections.abc import Awaitable, Callable, Mapping

from loopcutter_host.case import Case
from loopcutter_host.errors import GuardStopped, RollbackForced
from loopcutter_host.states.climb import climb
from loopcutter_host.states.edit import edit
from loopcutter_host.states.plan import plan
from loopcutter_host.states.read import read
from loopcutter_host.states.reflect import reflect
from loopcutter_host.states.repair import repair
from loopcutter_host.states.reproduce import reproduce
from loopcutter_host.states.sample import sample
from loopcutter_host.states.test import test
from loopcutter_host.table import TABLE, End, Signal, State, Table
from loopcutter_loopguard.events import Verdict

STEPS: Mapping[State, Callable[[Case], Awaitable[Signal]]] = {
    State.READ: read,
    State.REPRODUCE: reproduce,
    State.REPAIR: repair,
    State.PLAN: plan,
    State.EDIT: edit,
    State.SAMPLE: sample,
    State.TEST: test,
    State.REFLECT: reflect,
}


def _unobserved(state: State | End) -> None:
    """Nobody wants to know where the run stands."""


async def work(
    case: Case,
    state: State | End = State.READ,
    *,
    table: Table = TABLE,
    entering: Callable[[State | End], None] = _unobserved,
) -> End:
    """Work on a case until it ends, from `state` on. `entering` is told each state before it is begun, and the end."""
    while True:
        entering(state)
        if isinstance(state, End):
            return state
        case.log.write("state", state=state, model=case.model.name)
        try:
            state = table[state, await STEPS[state](case)]
        except RollbackForced as forced:
            state = await _change_approach(case, forced.verdict)
        except GuardStopped as stopped:
            case.ended_because = stopped.verdict.reason
            state = End.STOPPED


async def _change_approach(case: Case, verdict: Verdict) -> State | End:
    """Restore the checkpoint the guard names and climb to the next rung of the ladder."""
    while True:
        case.diff = ""  # what was vetoed never reached the workspace
        case.note_attempt(f"vetoed: {verdict.reason}", kept=False)
        try:
            await case.roll_back(verdict.rollback_to or case.base.id, verdict.reason)
            signal = await climb(case, verdict.rung or "", verdict.directive)
        except RollbackForced as again:  # what a rung needs can be vetoed too; then it is not taken
            verdict = again.verdict
            continue
        except GuardStopped as stopped:
            case.ended_because = stopped.verdict.reason
            return End.STOPPED
        return State.PLAN if signal is Signal.REPLAN else End.STOPPED
