"""The same call with the same answer, again and again, while the workspace stays as it is."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Answer, Step

WINDOW = 16


def repetition(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts how often this call had one and the same answer lately."""
    if now.action.kind in ("prose", "user", "condense", "edit") or now.action.seconds:
        return None
    earlier = [
        step
        for step in history.recent(WINDOW, before=now.number)
        if step.action.key == now.action.key and step.before == now.before and step.answer is not None
    ]
    answer = now.answer or (earlier[0].answer if earlier else None)
    if answer is None:
        return None
    same = [step for step in earlier if step.answer and _equal(step.answer, answer)]
    count = len(same) + 1
    limit = _limit(answer, same, policy)
    if count < limit - 1 or not same:
        return None
    return Finding(
        "block" if count >= limit else "warn",
        "repetition",
        f"call {now.action.key}",
        f"this call is made for the {_nth(count)} time; the answer was the same each time and nothing has changed",
        tuple(sorted(step.number for step in same)),
        "another answer, or a real change of the workspace before the next try",
    )


def _equal(one: Answer, other: Answer) -> bool:
    """The same answer; a failure or a gauge is the same when only figures differ."""
    return one.key == other.key or (one.shape == other.shape and (not one.ok or one.short))


def _limit(answer: Answer, same: list[Step], policy: Policy) -> int:
    if answer.transient:
        return policy.retries
    moving = answer.ok and any(step.answer and step.answer.key != answer.key for step in same)
    return policy.polls if answer.going_on or moving else policy.repeats


def _nth(count: int) -> str:
    return {2: "second", 3: "third"}.get(count, f"{count}th")
