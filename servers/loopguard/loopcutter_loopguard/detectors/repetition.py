"""The same call with the same answer, again and again, while the workspace stays as it is."""

from itertools import pairwise

from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Answer, Step

WINDOW = 16
"""Steps within which a repeated call is one loop."""
FAR = 96
"""The same for polls, of which many are granted."""
MOST_NEWS = 4
"""Steps with news in between, up to which a failing call that is made again is still the same attempt."""
FEW_WORDS = 6
KEPT = 0.75
"""Share of the words of a failure that stay when it is the same one."""
_SILENT = ("prose", "condense", "wait")


def repetition(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts how often this call had one and the same answer lately."""
    if now.action.kind in ("prose", "user", "condense") or now.edit is not None or now.action.seconds:
        return None
    lately = [step for step in history.recent(FAR, before=now.number) if step.action.kind not in _SILENT]
    earlier = [step for step in lately if step.action.key == now.action.key and step.before == now.before]
    if now.answer is None:
        # Another spelling may well have another answer: that is for the answer to say.
        earlier = [step for step in earlier if step.action.raw == now.action.raw]
    answer = now.answer or (earlier[0].answer if earlier else None)
    same = [step for step in earlier if answer and step.answer and _equal(step.answer, answer)]
    if answer is None or not same:
        return None
    limit = _limit(answer, same, policy)
    if limit <= policy.retries:
        oldest = lately[:WINDOW][-1].number
        same = [step for step in same if step.number >= oldest]
        if not same:
            return None
    count = len(same) + 1
    limit += any(step.action.raw != now.action.raw for step in same)
    news = sum(not step.stale for step in lately if step.number > same[-1].number)
    if news > (MOST_NEWS if not answer.ok else 1):
        limit += 2
    if count < limit - 1:
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
    """The same answer. A gauge is the same when only figures differ, a failure when a few of its words do.

    What the same call says otherwise of the same state, when it fails, is what changes by itself.
    """
    if one.key == other.key:
        return True
    if one.ok or other.ok:
        return one.shape == other.shape and one.short
    if len(one.words) != len(other.words) or len(one.words) < FEW_WORDS:
        return one.shape == other.shape
    kept = sum(word == again for word, again in zip(one.words, other.words, strict=True))
    return kept >= KEPT * len(one.words)


def _limit(answer: Answer, same: list[Step], policy: Policy) -> int:
    if answer.transient:
        return policy.retries
    if answer.ok and _advances(answer, same):
        return 4 * policy.polls
    moving = answer.ok and any(step.answer and step.answer.key != answer.key for step in same)
    return policy.polls if answer.going_on or moving else policy.repeats


def _advances(answer: Answer, same: list[Step]) -> bool:
    """Whether a figure grew, or shrank, from each answer to the next, as the gauge of something that gets on does."""
    answers = [step.answer for step in same if step.answer]
    series = [one.figures for one in (answers if answers[0] is answer else [answer, *answers])]
    width = min(len(figures) for figures in series)
    columns = ([figures[column] for figures in series] for column in range(width))
    return len(series) > 2 and any(
        all(one > other for one, other in pairwise(column)) or all(one < other for one, other in pairwise(column))
        for column in columns
    )


def _nth(count: int) -> str:
    return {2: "second", 3: "third"}.get(count, f"{count}th")
