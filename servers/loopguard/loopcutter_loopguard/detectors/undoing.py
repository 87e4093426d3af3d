"""Edits that are taken back before anything was tried out on them, over and over."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step

WINDOW = 40
_OBSERVING = ("test", "run", "other")


def undoing(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts the edits that were taken back unseen."""
    if now.answer is None or not now.action.restores or not now.answer.ok:
        return None
    undone = []
    taking_back: Step | None = None
    for step in history.recent(WINDOW):
        if step.action.restores and step.answer is not None and step.answer.ok:
            taking_back = step
        elif step.action.kind == "edit" and step.answer is not None and step.answer.ok:
            if taking_back is not None:
                undone.append(taking_back)
            taking_back = None
        elif step.action.kind == "test":
            break
        elif step.action.kind in _OBSERVING and not step.action.changes and taking_back is not None:
            taking_back = None
    if len(undone) < policy.threshold - 1 or undone[0].number != now.number:
        return None
    return Finding(
        "rollback" if len(undone) >= policy.threshold else "warn",
        "undone-edit",
        f"call {now.action.key}",
        f"{len(undone)} edits were taken back before anything was tried out on them",
        tuple(step.number for step in reversed(undone)),
        "a test run of an edit before it is taken back",
    )
