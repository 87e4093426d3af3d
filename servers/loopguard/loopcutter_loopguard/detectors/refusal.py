"""Other arguments, the same refusal: a token that expired, a program that isn't there, a text that isn't in the file."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step


def refusal(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts how often one tool refused in the same words while the workspace stayed as it is."""
    if now.answer is None or now.seen is None or not now.answer.complaint or now.action.seconds:
        return None
    count = len(now.seen.refused) + 1
    limit = policy.same_error + 2 if now.answer.transient else policy.same_error
    if count < limit - 1 or now.fresh:
        return None
    return Finding(
        "block" if count >= limit else "warn",
        "same-error",
        f"topic {now.action.topic}",
        f"{now.action.topic} was refused {count} times in the same words, whatever it was given",
        (*now.seen.refused, now.number),
        "another answer than this refusal, or a change that takes its cause away",
    )
