"""The workspace is led back by edits to states that were there before and are known to be bad."""

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
    changes: list[Step] = []
    for step in history.recent(WINDOW):
        if step.number != now.number and step.action.kind in _OBSERVING and not step.stale:
            break
        if step.before != step.after:
            changes.append(step)
            if not step.stale:
                break
    returns = [step for step, previous in zip(changes, changes[1:], strict=False) if previous.stale]
    limit = policy.threshold - 1 if history.signature else policy.threshold + 1
    if len(returns) < limit - 1:
        return None
    return Finding(
        "rollback" if len(returns) >= limit else "warn",
        "tree-return",
        f"call {now.action.key}",
        f"the workspace was led back to a state that was there before, {len(returns)} times, and nothing was learnt from it",
        tuple(step.number for step in reversed(returns)),
        "a state of the workspace that was not tried yet",
    )
