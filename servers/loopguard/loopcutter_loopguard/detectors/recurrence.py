"""The workspace is led back by edits to states that were there before and are known to be bad."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step

WINDOW = 40


def recurrence(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts returns to known states. Taking a new edit back is none: that is how one learns."""
    if now.answer is None or now.before == now.after or now.fresh:
        return None
    changes = [step for step in history.recent(WINDOW) if step.before != step.after and step.number > history.last_progress]
    returns = [
        step
        for step, previous in zip(changes, changes[1:], strict=False)
        if not step.fresh and not previous.fresh
    ]
    limit = policy.threshold - 1 if history.signature else policy.threshold + 1
    if not returns or returns[0].number != now.number or len(returns) < limit - 1:
        return None
    return Finding(
        "rollback" if len(returns) >= limit else "warn",
        "tree-return",
        f"call {now.action.key}",
        f"the workspace was led back to a state that was there before, {len(returns)} times, and nothing was learnt from it",
        tuple(step.number for step in reversed(returns)),
        "a state of the workspace that was not tried yet",
    )
