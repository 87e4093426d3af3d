"""Guess after guess at a name, and nothing is ever found."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step


def guessing(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts the searches in vain among the last steps, as long as nothing but looking around happened."""
    if now.answer is None or not _in_vain(now):
        return None
    vain = []
    for step in history.recent(policy.vain * 8 // 5):
        if step.action.kind in ("edit", "test"):
            break
        if _in_vain(step):
            vain.append(step)
    if len(vain) < policy.vain:
        return None
    return Finding(
        "block",
        "guessing",
        f"topic {now.action.topic}",
        f"{len(vain)} of the last searches found nothing",
        tuple(step.number for step in reversed(vain)),
        "a search that finds something, or a look at what is there",
    )


def _in_vain(step: Step) -> bool:
    return step.action.kind == "search" and step.answer is not None and step.answer.empty
