"""The ladder of different approaches: which the host can execute, which comes next, and whether an edit differs.

A rung counts only if the host can measure the difference before it spends a test run: another normalised patch than all
that were tried, and besides, as the rung demands, another symbol, another size of edit or another model.
"""

from collections.abc import Sequence

from loopcutter_host.case import Case
from loopcutter_host.model import Attempt, Model, Tester
from loopcutter_host.prompts import Prompts

FRESH, NEXT, REPRODUCE, OTHER, REPAIR = (
    "fresh-context",
    "next-place",
    "reproduce-first",
    "other-granularity",
    "template-repair",
)


def executable(wanted: Sequence[str], model: Model, second: Model | None, fallback: Model | None) -> tuple[str, ...]:
    """The rungs of `wanted` that can be executed with these models, in its order."""
    speaks = isinstance(model, Tester)
    able = {
        FRESH: True,
        NEXT: True,
        REPRODUCE: speaks,
        OTHER: speaks or second is not None,
        REPAIR: fallback is not None,
    }
    return tuple(rung for rung in dict.fromkeys(wanted) if able.get(rung, False))


def next_rung(ladder: Sequence[str], climbed: Sequence[str], wanted: str = "") -> str:
    """The rung to take: the wanted one, if it was not taken yet, else the first one left. Empty when none is."""
    left = [rung for rung in ladder if rung not in climbed]
    return wanted if wanted in left else next(iter(left), "")


def words(rung: str, model: str, place: str = "") -> str:
    """What the rung demands, in words for the model."""
    return Prompts(model).get(f"rungs/{rung}", place=place).text


def sameness(case: Case, before: Sequence[Attempt]) -> str:
    """In what the edit just made is no different approach, in words for the model; empty when it is one.

    `before` are the attempts that it has to differ from.
    """
    change, rung = case.change, case.rung
    if not rung or change is None:
        return ""
    if not change.patch:
        return "the edit changes nothing but comments and formatting"
    if twin := next((attempt for attempt in before if attempt.patch == change.patch), None):
        return f"the edit is the same as attempt {twin.number}, but for its dress"
    if rung == NEXT and (again := sorted(_touched(before) & set(change.symbols))):
        return f"the edit changes {', '.join(map(_named, again))} again, and another place was asked for"
    if rung == OTHER and _same_size(case, before):
        return f"the edit is of the same size as the one before ({', '.join(before[-1].kinds)})"
    return ""


def _touched(attempts: Sequence[Attempt]) -> set[str]:
    return {symbol for attempt in attempts for symbol in attempt.symbols}


def _named(symbol: str) -> str:
    path, _, name = symbol.partition("::")
    return f"`{name}` in {path}" if name else path


def _same_size(case: Case, before: Sequence[Attempt]) -> bool:
    mine = tuple(dict.fromkeys(str(edit.get("kind", "")) for edit in (case.proposal.edits if case.proposal else ())))
    last = next((attempt for attempt in reversed(before) if attempt.kinds), None)
    return last is not None and last.model == case.model.name and last.kinds == mine
