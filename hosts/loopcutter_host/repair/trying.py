"""Has candidates tried by the sandbox, and reads what it says of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.foresight import Look
from loopcutter_host.toolbox import Toolbox, use
from loopcutter_loopguard.events import Outcome

_UNSEEN = 4
"""The likeliest candidates, which are tried before it is looked at the others: of easy bugs most need no look."""
_ENDLESS_S = 12.0
"""Wall time of a batch when a failing test never ends: the sandbox measures the unmodified tests for a sixth of it."""
_STOPPED_EARLY = "stopped early"
"""How the sandbox speaks of what it did not give the time that it would give to fewer."""


@dataclass(frozen=True)
class Verdicts:
    """What the sandbox says of a batch."""

    judged: int = 0
    early: tuple[Candidate, ...] = ()
    """Stopped before it was clear whether they end."""
    left: tuple[Candidate, ...] = ()
    """Not tried, those first that are the likeliest by now."""
    hopeless: tuple[Candidate, ...] = ()
    """Not tried, as they would change nothing in the failing test, or have it fail sooner."""
    passed: tuple[Candidate, ...] = ()
    """The likeliest first."""
    failed: tuple[tuple[Candidate, str], ...] = ()
    """Those that ran and failed, with the test that decided."""
    ended: tuple[Candidate, ...] = ()
    """Those that never ended, or can't be compiled."""
    trouble: str = ""
    """Why it could not judge."""


class Trying:
    """Tries candidates in one tree."""

    def __init__(self, tree: str, endless: bool) -> None:
        self._tree = tree
        self._endless = endless
        """Whether a failing test never ends."""

    async def tried(
        self,
        tools: Toolbox,
        tests: Sequence[str],
        batch: Sequence[Candidate],
        enough: int,
        seconds: float,
        looks: Sequence[Look] = (),
    ) -> Verdicts:
        """Try a batch until `enough` have passed, in its order or in that which `looks` bring."""
        if not batch:
            return Verdicts()
        outcome = await self.asked(tools, tests, batch, enough, seconds, looks)
        results = _results(outcome)
        if not outcome.ok or (len(results) > 1 and all(each["status"] == "error" for each in results.values())):
            trouble = next((str(each["detail"]) for each in results.values()), outcome.text)
            return Verdicts(left=tuple(batch), trouble=trouble or "it gave no reason")
        weights = {int(name): weight for name, weight in outcome.data.get("weights", {}).items()}
        seen = [each._replace(prior=weights.get(number, each.prior)) for number, each in enumerate(batch)]
        early = {number for number, each in results.items() if _is_early(each)}
        status = {number: str(each["status"]) for number, each in results.items() if number not in early}
        untried = [number for number in range(len(batch)) if number not in results]
        return Verdicts(
            judged=len(status),
            early=tuple(batch[number] for number in sorted(early)),
            left=_by_prior(seen[number] for number in untried if seen[number].prior > 0),
            hopeless=tuple(batch[number] for number in untried if seen[number].prior <= 0),
            passed=_by_prior(seen[int(name)] for name in outcome.data["passing"]),
            failed=tuple((seen[number], _test(results[number])) for number in status if status[number] == "failed"),
            ended=tuple(seen[number] for number in status if status[number] in ("timeout", "invalid")),
        )

    async def asked(
        self,
        tools: Toolbox,
        tests: Sequence[str],
        batch: Sequence[Candidate],
        enough: int,
        seconds: float,
        looks: Sequence[Look] = (),
    ) -> Outcome:
        """The sandbox's own answer; the ids are the numbers in the batch."""
        wire = [_edit(str(number), each) for number, each in enumerate(batch)]
        if looks:
            wire = [{**edit, "weight": each.prior} for edit, each in zip(wire, batch, strict=True)]
        looking = [_look(number, each) for number, each in enumerate(looks)]
        return await use(
            tools,
            "sandbox",
            "try_edits",
            tree=self._tree,
            tests=list(tests),
            candidates=[*wire[:_UNSEEN], *looking, *wire[_UNSEEN:]],
            stop_after=enough,
            timeout_s=min(seconds, _ENDLESS_S) if self._endless else seconds,
        )


def _edit(name: str, each: Candidate) -> dict[str, Any]:
    return {"id": name, "path": each.path, "start": each.start, "end": each.end, "text": each.text}


def _look(number: int, look: Look) -> dict[str, Any]:
    return {**_edit(f"look {number}", look.edit), "weighs": list(map(str, look.weighs)), "tests": list(look.tests)}


def _results(outcome: Outcome) -> dict[int, Mapping[str, Any]]:
    results = outcome.data["results"] if outcome.ok else ()
    return {int(each["id"]): each for each in results if each["id"].isdigit()}


def _is_early(result: Mapping[str, Any]) -> bool:
    return str(result["detail"]).startswith(_STOPPED_EARLY)


def _by_prior(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(candidates, key=lambda each: -each.prior))


def _test(result: Mapping[str, Any]) -> str:
    """The test that decided, by what the sandbox says of it: `tests/test_it.py::test_it[a: b]: ValueError: …`."""
    return re.split(r": (?=\w[\w.]*: )", str(result["detail"]))[0]
