"""Waiting is no loop, but it has an end: a budget of time, and none for what is over already."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step


def waiting(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts the seconds and the polls since the last news."""
    if not now.action.seconds or now.answer is None:
        return None
    same = []
    for step in history.recent(history.memory):
        if step.action.key != now.action.key:
            continue
        if step.answer is None or step.answer.key != now.answer.key:
            break
        same.append(step)
    seconds = sum(step.action.seconds for step in same)
    over = now.answer.over and len(same) >= policy.repeats
    if not over and seconds <= policy.wait_seconds and len(same) < 3 * policy.polls:
        return None
    what = "what is waited for is over already" if over else f"{seconds:.0f} seconds were waited and nothing moved"
    return Finding(
        "block",
        "waiting",
        f"call {now.action.key}",
        what,
        tuple(step.number for step in reversed(same)),
        "another answer, or another way to find out",
    )
