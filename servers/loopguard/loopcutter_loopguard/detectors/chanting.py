"""One answer that repeats a phrase over and over."""

from loopcutter_loopguard.chant import chants
from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step


def chanting(history: History, now: Step, policy: Policy) -> Finding | None:
    """Looks at what is said along with the call."""
    if now.action.kind == "user" or len(now.prose) < 100:
        return None
    phrase = chants(now.prose)
    if not phrase:
        return None
    return Finding(
        "block",
        "chanting",
        "prose",
        f"the answer repeats “{phrase[:80]}” over and over",
        (),
        "an answer that comes to an end",
    )
