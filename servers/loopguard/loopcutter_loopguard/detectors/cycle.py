"""Calls that go round: the same ones with the same answers, a third time, with any period up to 16 and with gaps."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step

_STALE_SHARE = 0.7


def cycle(history: History, now: Step, policy: Policy) -> Finding | None:
    """Looks for the third visit to this call and answer, with hardly anything new since the second."""
    if now.answer is None or now.seen is None or now.action.seconds or len(now.seen.same) < policy.repeats - 1:
        return None
    if now.answer.transient or now.answer.going_on or now.action.kind in ("prose", "user", "condense"):
        return None
    first, second = now.seen.same[-(policy.repeats - 1)], now.seen.same[-1]
    period = now.number - second
    if not 1 < period <= policy.longest_cycle + 4 or second - first > policy.longest_cycle + 4:
        return None
    between = [step for step in history.recent(period, before=now.number) if step.action.kind not in ("prose", "wait")]
    stale = sum(step.stale for step in between)
    if stale < _STALE_SHARE * len(between):
        return None
    return Finding(
        "block",
        "cycle",
        f"call {now.action.key}",
        f"the same {period} calls go round for the third time with the same answers",
        (first, second, now.number),
        "an answer that was not there in the last round",
    )
