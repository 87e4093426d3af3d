"""Nothing new for too long: steps that only show again what was seen, in whatever order and period."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step

_NEUTRAL = ("prose", "condense", "wait")


def staleness(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts the steps in a row that brought nothing new, and the reads of one file that didn't."""
    if now.answer is None or not now.stale:
        return None
    return _in_a_row(history, now, policy) or _of_one_file(history, now, policy)


def _in_a_row(history: History, now: Step, policy: Policy) -> Finding | None:
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
    what = f"{len(steps)} steps in a row showed nothing that was not seen before"
    return _finding("reread" if looks else "no-progress", now, steps, len(steps) >= limit, what)


def _of_one_file(history: History, now: Step, policy: Policy) -> Finding | None:
    """Whatever is looked at in between: again and again the lines of one file that were all read before."""
    if now.action.kind != "read" or not now.action.spans:
        return None
    path = now.action.spans[0].path
    steps = [
        step
        for step in history.recent(4 * policy.rereads)
        if step.stale and step.before == now.before and step.action.spans and step.action.spans[0].path == path
    ]
    limit = policy.rereads + 2
    if len(steps) < limit:
        return None
    return _finding(
        "reread", now, steps, True, f"{path} was looked at {len(steps)} times for lines that were all read before"
    )


def _finding(kind: str, now: Step, steps: list[Step], over: bool, what: str) -> Finding:
    return Finding(
        "block" if over else "warn",
        kind,
        f"call {now.action.key}",
        what,
        tuple(step.number for step in reversed(steps)),
        "a line, a result or a state that was not there before",
    )
