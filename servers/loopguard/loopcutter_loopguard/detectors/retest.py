"""The same tests on an unchanged workspace: the answer is known. One re-run is granted, to find a flaky test out."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step


def retest(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts the test runs in this state that had the same results, however they were called."""
    if now.answer is None or now.seen is None or now.before != now.after:
        return None
    count = len(now.seen.retested) + 1
    spellings = {step.action.raw for step in history.steps if step.number in now.seen.retested}
    limit = policy.repeats + (spellings != {now.action.raw})
    if count < limit - 1:
        return None
    return Finding(
        "block" if count >= limit else "warn",
        "retest",
        f"call {now.action.key}",
        f"this state was tested {count} times with the same results",
        (*now.seen.retested, now.number),
        "a change of the workspace before the next test run",
    )
