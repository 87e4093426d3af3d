"""Other arguments, the same refusal: a token that expired, a program that isn't there, a text no file holds."""

from collections.abc import Iterator

from loopcutter_loopguard.failure import names_a_cause
from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step

WINDOW = 40


def refusal(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts how often one tool refused in the same words while the workspace stayed as it is."""
    if now.answer is None or now.seen is None or not now.answer.complaint or now.action.seconds or now.fresh:
        return None
    if now.action.kind == "trial":
        return None
    earlier = list(_since_it_worked(history, now))
    alike = [step.number for step in earlier if step.number in now.seen.refused]
    limit = policy.same_error
    if now.answer.transient or (now.action.kind in ("run", "test") and not names_a_cause(now.answer.complaint)):
        limit += 2
    what = f"{now.action.topic} was refused {len(alike) + 1} times in the same words, whatever it was given"
    if now.action.kind == "edit" and len(alike) + 1 < limit and not now.answer.ran:
        # Whatever the words: so many edits of one file that never got in.
        alike = [step.number for step in earlier if step.answer and not step.answer.ok and not step.answer.ran]
        limit = policy.same_error + 1
        what = f"{len(alike) + 1} edits of one file in a row were refused"
    if len(alike) + 1 < limit - 1:
        return None
    return Finding(
        "block" if len(alike) + 1 >= limit else "warn",
        "same-error",
        f"topic {now.action.topic}",
        what,
        (*reversed(alike), now.number),
        "another answer than this refusal, or a change that takes its cause away",
    )


def _since_it_worked(history: History, now: Step) -> Iterator[Step]:
    """The latest calls of the same tool, newest first, back to the last one that brought something."""
    for step in history.recent(WINDOW, before=now.number):
        if now.action.kind == "prose" and step.action.kind != "prose":
            return
        if step.action.topic == now.action.topic:
            if step.answer is not None and step.answer.ok and not step.stale:
                return
            yield step
