"""The workspace is led back by edits to states that were there before and are known to be bad."""

from itertools import pairwise

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step

_OBSERVING = ("test", "run", "other")
WINDOW = 60


def recurrence(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts the returns to known states since the last run that showed anything new.

    Taking a new edit back is no such return: that is how one learns.
    """
    if now.answer is None or now.before == now.after or not now.stale:
        return None
    returns = _returns(history)
    limit = policy.threshold - 1 if history.signature else policy.threshold + 1
    if len(returns) < limit - 1:
        return None
    return Finding(
        "rollback" if len(returns) >= limit else "warn",
        "tree-return",
        f"call {now.action.key}",
        f"the workspace was led back to a state that was there before, {len(returns)} times, and "
        f"nothing was learnt from it",
        tuple(step.number for step in reversed(returns)),
        "a state of the workspace that was not tried yet",
    )


def _returns(history: History) -> list[Step]:
    """Changes that led back, each looked at before the next one, newest first."""
    changes: list[Step] = []
    looked, over = True, False
    for step in history.recent(WINDOW):
        if step.before != step.after:
            if looked:
                changes.append(step)
            elif not step.stale:
                changes[-1] = step
            looked = False
            if over or not step.stale:
                break
        elif step.action.kind in _OBSERVING:
            looked = True
            over = over or not step.stale
    return [step for step, previous in pairwise(changes) if previous.stale]
