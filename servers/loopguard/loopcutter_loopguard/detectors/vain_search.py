"""A search whose answer is known: the same words were looked for there, or in a wider place, and nothing was found."""

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step

WINDOW = 16


def vain_search(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts the searches that covered this one and found nothing."""
    query = now.action.query
    if query is None or (now.answer is not None and not now.answer.empty):
        return None
    known = tuple(step for step in history.ledger.searched(now.before, query) if step != now.number)
    count = len(known) + 1
    learnt = known and any(
        not step.stale and step.number > known[0] for step in history.recent(WINDOW, before=now.number)
    )
    limit = policy.repeats + 1 if learnt else policy.repeats
    if count < limit - 1:
        return None
    return Finding(
        "block" if count >= limit else "warn",
        "vain-search",
        f"call {now.action.key}",
        f"{' '.join(sorted(query.words))[:80]} was looked for {len(known)} times where it would have "
        f"to be, and isn't there",
        known[-8:],
        "other words, or another place",
    )
