"""The same idea again: an edit that differs from earlier ones in dress only, after they all had the same result."""

from loopcutter_loopguard.edit import Edit
from loopcutter_loopguard.finding import Finding
from loopcutter_loopguard.history import Attempt, History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step


def near_identical(history: History, now: Step, policy: Policy) -> Finding | None:
    """Counts the earlier attempts at this idea since the last progress that ended alike."""
    edit = now.edit
    if edit is None:
        return None
    alike = _alike(history, now, edit, policy)
    count = len(alike) + 1
    # What fails nowhere may be polish: it takes one attempt more, unless it is the same to the letter.
    polish = alike and not alike[0].failed and not all(attempt.edit.to_the_letter(edit) for attempt in alike)
    limit = policy.threshold + 1 if polish else policy.threshold
    if count < max(2, limit - 1):
        return None
    steps = tuple(attempt.step for attempt in reversed(alike))
    paths = ", ".join(sorted(edit.paths)) or "one place"
    return Finding(
        "rollback" if count >= limit else "warn",
        "near-identical-edit",
        f"edit {paths}",
        f"attempt {count} at the same idea in {paths}: only its dress differs from step{'s' * (len(steps) > 1)} "
        f"{', '.join(map(str, steps))}, with the same result each time",
        steps,
        "another place, another normalised change, or another failure than before",
    )


def _alike(history: History, now: Step, edit: Edit, policy: Policy) -> list[Attempt]:
    found: list[Attempt] = []
    for attempt in reversed(history.attempts):
        if attempt.step <= max(history.last_progress, history.last_user):
            break
        if attempt.step >= now.number or not _same_idea(attempt, now, edit, policy):
            continue
        if not found and attempt.failed and not attempt.refused and history.failing_so_since > attempt.observed:
            break  # it fails in a new way since: what was learnt then need not hold now
        if found and _elsewhere(found[-1], attempt):
            break
        if found and found[-1].result is not None and attempt.result is not None:
            if found[-1].result != attempt.result:
                break
            if found[-1].observed == attempt.observed:
                continue  # edits that were tried out together are one attempt
        found.append(attempt)
    return found


def _elsewhere(one: Attempt, other: Attempt) -> bool:
    """Whether the same words changed two places: a tool that replaces the first occurrence, called for each."""
    return one.diff is not None and other.diff is not None and not one.failed and not one.diff.overlaps(other.diff)


def _same_idea(attempt: Attempt, now: Step, edit: Edit, policy: Policy) -> bool:
    if attempt.refused:
        # What was refused may have been refused for its layout: only the letter counts.
        return attempt.edit.to_the_letter(edit)
    if attempt.result is None or (not attempt.failed and attempt.tested):
        # Nothing failed: only the very same edit at the very same place is a repetition.
        if attempt.diff is not None and now.diff is not None and not attempt.diff.overlaps(now.diff):
            return False
        return attempt.edit.to_the_letter(edit)
    if attempt.edit.near(edit, policy.similarity):
        return True
    # Asked for in another form, a line here and a whole function there, it may still come to the same.
    return attempt.diff is not None and now.diff is not None and attempt.diff.near(now.diff, policy.similarity)
