"""Sample: after a rollback, draw several edits from a fresh context, test each, and let the tests choose.

Each is a checkpoint of its own, made from the same ground. The best is kept: no regression, then most of the wanted
tests, then most tests, then the smallest patch.
"""

import ast
import textwrap
from collections.abc import Mapping
from typing import Any

from loopcutter_host import ladder
from loopcutter_host.case import Case
from loopcutter_host.errors import RollbackForced
from loopcutter_host.model import Proposal
from loopcutter_host.standing import Standing
from loopcutter_host.states.attempting import judge, make
from loopcutter_host.states.climb import climb
from loopcutter_host.states.edit import propose, refuse
from loopcutter_host.table import Signal


async def sample(case: Case) -> Signal:
    await case.show_code()
    ground, before = case.here, tuple(case.attempts)
    forms: set[str] = set()
    reached: list[tuple[Standing, Proposal]] = []
    for _ in range(case.limits.samples):
        if len(case.attempts) >= case.limits.attempts:
            break
        case.log.span = f"attempt-{len(case.attempts) + 1}"
        if await propose(case) is not Signal.PLANNED or case.proposal is None:
            continue
        if (form := form_of(case.proposal)) in forms:
            continue  # nothing new came out, so nothing is spent on it
        forms.add(form)
        try:
            refused = await make(case)
        except RollbackForced as veto:
            if not any(standing.verified for standing, _ in reached):
                raise
            case.note_attempt(f"vetoed: {veto.verdict.reason}", kept=False)
            break
        if refused:
            case.note_attempt(f"refused: {refused}", kept=False)
        elif same := ladder.sameness(case, before):
            await refuse(case, ground.id, same)
        else:
            reached.append((await judge(case), case.proposal))
            await case.roll_back(ground.id, "the next sample starts from the same ground")
    if not reached:
        return await climb(case)
    case.rung = ""
    return await _choose(case, reached)


async def _choose(case: Case, reached: list[tuple[Standing, Proposal]]) -> Signal:
    best, proposal = max(reached, key=lambda pair: pair[0].rank)
    if best.verified:
        case.proposal = proposal
        await case.roll_back(best.checkpoint.id, f"attempt {best.attempt} is the best of {len(reached)} samples")
        return Signal.GREEN
    if best.comparison.mended and not best.comparison.regressions:
        await case.roll_back(best.checkpoint.id, f"attempt {best.attempt} is the best of {len(reached)} samples")
    return Signal.RED


def form_of(proposal: Proposal) -> str:
    """The edits without the dress of their code: two samples with one form are one."""
    return repr([_form(edit) for edit in proposal.edits])


def _form(edit: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(key, _bare(str(value))) for key, value in sorted(edit.items()) if key != "near_line"]


def _bare(text: str) -> str:
    try:
        return ast.dump(ast.parse(textwrap.dedent(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(text.split())
