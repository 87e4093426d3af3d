"""Repair: template repair has a short while to itself before a language model is asked anything.

What is quickly found need not be thought about. What it finds is one attempt, however many candidates were tried for
it, and is tested like any other; when it finds nothing, no attempt was made.
"""

from loopcutter_host.case import Case
from loopcutter_host.errors import RollbackForced
from loopcutter_host.states.attempting import make
from loopcutter_host.table import Signal


async def repair(case: Case) -> Signal:
    assert case.prepass is not None
    language, case.model = case.model, case.prepass
    try:
        return await _tried(case)
    except RollbackForced as veto:  # its one attempt is over then; the ladder is for the language model
        case.note_attempt(f"vetoed: {veto.verdict.reason}", kept=False)
        await case.roll_back(veto.verdict.rollback_to or case.base.id, veto.verdict.reason)
        return Signal.REFUSED
    finally:
        case.model = language


async def _tried(case: Case) -> Signal:
    case.log.span = f"attempt-{len(case.attempts) + 1}"
    plan = await case.model.plan(case.briefing(), case.tools)
    proposal = await case.model.edit(case.briefing(), case.tools)
    case.log.write("thought", model=case.model.name, text=proposal.why, alternatives=proposal.alternatives)
    if not proposal.edits:
        return Signal.NOTHING
    case.plan, case.proposal, case.author = plan, proposal, case.model.name
    if refused := await make(case):
        case.note_attempt(f"refused: {refused}", kept=False)
        return Signal.REFUSED
    return Signal.EDITED
