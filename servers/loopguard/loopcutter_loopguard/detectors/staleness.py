"""Nothing new for too long: steps that only show again what was seen, in whatever order and period."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step

_NEUTRAL = ("prose", "condense", "wait")


def staleness(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts the steps in a row that brought nothing new."""
    if now.answer is None or not now.stale:
        return None
    steps = []
    for step in history.recent(4 * policy.stale_run):
        if step.action.kind in _NEUTRAL or step.action.seconds:
            continue
        if not step.stale:
            break
        steps.append(step)
    looks = all(step.action.kind in ("read", "search", "list") for step in steps)
    limit = policy.rereads if looks else policy.stale_run
    if len(steps) < limit - 1:
        return None
    return Finding(
        "block" if len(steps) >= limit else "warn",
        "reread" if looks else "no-progress",
        f"call {now.action.key}",
        f"{len(steps)} steps in a row showed nothing that was not seen before",
        tuple(step.number for step in reversed(steps)),
        "a line, a result or a state that was not there before",
    )
