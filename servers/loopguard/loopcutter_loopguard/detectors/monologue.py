"""The same prose again, and nothing is done."""

import re

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step

_WORD = re.compile(r"[^\W\d_]+")
_ALIKE = 0.75


def monologue(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts the answers in a row that act on nothing and say much the same."""
    if now.action.kind not in ("prose", "condense"):
        return None
    said = _words(now.prose)
    alike = []
    for step in history.recent(4 * policy.monologue, before=now.number):
        if step.action.kind != now.action.kind or step.action.name != now.action.name:
            break
        if _likeness(said, _words(step.prose)) >= _ALIKE:
            alike.append(step)
    count = len(alike) + 1
    if count < policy.monologue - 1:
        return None
    return Finding(
        "block" if count >= policy.monologue else "warn",
        "monologue",
        f"call {now.action.key}",
        f"{count} answers in a row say much the same and do nothing",
        tuple(step.number for step in reversed(alike)),
        "a tool call, or a thought that was not there before",
    )


def _words(prose: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(prose[:20_000]))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    if not one or not other:
        return float(one == other)
    return len(one & other) / len(one | other)
