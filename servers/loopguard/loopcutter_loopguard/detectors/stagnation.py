"""Attempt after attempt in one place, and always the same failure."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import Attempt, History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step


def stagnation(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts the attempts since the last progress that changed one place and ended alike."""
    if now.edit is not None or not history.attempts or now.answer is None:
        return None
    last = history.attempts[-1]
    if last.result is None or not last.failed or last.refused:
        return None
    here: list[Attempt] = []
    for attempt in reversed(history.attempts):
        if attempt.step <= max(history.last_progress, history.last_user):
            break
        if attempt.refused:
            continue
        if attempt.result != last.result or attempt.observer != last.observer or not attempt.edit.overlaps(last.edit):
            break
        if not here or here[-1].observed != attempt.observed:
            here.append(attempt)
    if len(here) < policy.stagnation - 1:
        return None
    return Finding(
        "rollback" if len(here) >= policy.stagnation else "warn",
        "stagnation",
        f"edit {', '.join(sorted(last.edit.paths))}",
        f"{len(here)} attempts in one place, and the failure is the same to the word",
        tuple(attempt.step for attempt in reversed(here)),
        "a failing test less, another failure, or an edit in another place",
    )
