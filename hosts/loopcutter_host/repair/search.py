"""Tries candidates in the sandbox, the likeliest first, until some pass or the budget is spent."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from loopcutter_host.model import Briefing
from loopcutter_host.repair.agreement import by_agreement, difference, judges, pairs, records
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.conduct import agreeing, conduct, order_kept
from loopcutter_host.repair.spectrum import Coverage
from loopcutter_host.repair.suspects import Suspects
from loopcutter_host.toolbox import Toolbox, use
from loopcutter_loopguard.events import Outcome

_BATCHES = (100, 300, 500)
"""The first is small: most patches are found in it, and what comes behind them need not be made. A batch costs a start
of the tests."""
_ENDLESS_S = 12.0
"""Wall time of a batch when a failing test never ends: the sandbox measures the unmodified tests for a sixth of it."""
_STOPPED_EARLY = "stopped early"
"""How the sandbox speaks of what it did not give the time that it would give to fewer."""
_COMPETITORS = 5
"""Passing candidates that are looked for beside the first."""
_COMPETITION = 150
"""Candidates that are tried for them."""
_MOST_TESTS = 60
"""Of the failing tests, and of the passing ones, that judge every candidate; the first to fail is the last to run."""
_FEW_TESTS = 120
_MOST_UNSTEADY = 6
_DOUBTFUL = 12
"""Candidates of a batch that get a second chance."""
_MOST_JURORS = 300
"""Tests that judge a candidate which passed those."""


@dataclass(frozen=True)
class _Verdicts:
    """What the sandbox says of a batch; the numbers are positions in it."""

    judged: frozenset[int] = frozenset()
    early: frozenset[int] = frozenset()
    """Stopped before it was clear whether they end."""
    passed: tuple[Candidate, ...] = ()
    doubtful: tuple[tuple[Candidate, str], ...] = ()
    """Those that failed by a test that passes without them, and that test."""


class Search:
    """The search for a patch of one tree; goes on where it stopped when asked again."""

    def __init__(self, briefing: Briefing, suspects: Suspects, most: int = 100_000) -> None:
        self.suspects = suspects
        self._most = most
        self.tried = suspects.tried
        """Candidates judged so far."""
        self.regressions = 0
        """Candidates that made the failing tests pass but broke others."""
        self.passing: list[Candidate] = []
        """Those that passed all they were judged by, in order of rank."""
        self.differences: dict[Candidate, str] = {}
        """For a passing candidate, an input on which another passing one gives another answer."""
        self.exhausted = False
        self.trouble = ""
        """Why the sandbox could not judge."""
        self._tree = briefing.tree
        self._failing = tuple(dict.fromkeys(each.test for each in briefing.failures))
        self._unsteady: set[str] = set()
        """Passing tests that don't pass in any order, or not without others."""
        self._chances = 2
        """How often it may be looked for those."""
        self._endless = any(each.exception == "Timeout" for each in briefing.failures)
        self._coverage = briefing.coverage
        place = {test: number for number, test in enumerate(briefing.coverage)}
        self._passing_tests = tuple(sorted(briefing.passing, key=lambda test: place.get(test, len(place))))
        """In the order in which they were traced, which is their own: some need what those before them did."""
        self._waiting: Iterator[Candidate] = suspects.waiting
        self._found = suspects.passed
        """What had passed before the search began."""
        self._batch: list[Candidate] = []
        self._slow: list[Candidate] = []
        """Without a verdict, because they ran too long: they come again in the third batch, and at the end."""
        self._last_call = False
        """Whether those came again because nothing else was left."""
        self._round = 0

    async def go_on(self, tools: Toolbox, seconds: float) -> None:
        """Search until a candidate passes and some of its neighbours were tried, none is left, or the time is over."""
        deadline = time.monotonic() + seconds
        found, self._found = self._found, ()
        self.passing += found
        while not self.passing and (left := deadline - time.monotonic()) > 1:
            if not self._batch:
                size = _BATCHES[min(self._round, len(_BATCHES) - 1)]
                size = max(0, min(size, self._most - self.tried))
                if self._round == len(_BATCHES) - 1:
                    self._batch, self._slow = self._slow, []
                self._batch += islice(self._waiting, max(0, size - len(self._batch)))
                self._round += 1
            if not self._batch and not self._last_call and self.tried < self._most:
                self._batch, self._slow, self._last_call = self._slow, [], True
            if not self._batch:
                self.exhausted = self.tried < self._most
                return
            if not await self._step(tools, len(self._batch), 1, left):
                return
        left = min(deadline - time.monotonic(), max(5.0, seconds / 4))
        if self.passing and left > 1:
            size = max(0, min(_COMPETITION, self._most - self.tried))
            self._batch += islice(self._waiting, max(0, size - len(self._batch)))
            await self._step(tools, size, _COMPETITORS, left)
        if len(self.passing) > 1:
            await self._weigh(tools, max(5.0, deadline - time.monotonic()))

    async def _without_regressions(
        self, tools: Toolbox, tests: Sequence[str], passed: Sequence[Candidate], seconds: float
    ) -> list[Candidate]:
        """Those that no test of the jury fails; a jury that can't sit (a test is not found again) decides nothing."""
        outcome = await self._asked(tools, tests, passed, len(passed), seconds)
        results = outcome.data["results"] if outcome.ok else ()
        guilty = {
            int(each["id"])
            for each in results
            if each["status"] in ("failed", "timeout", "invalid")
            and not str(each["detail"]).startswith(
                _STOPPED_EARLY
            )  # a jury that was not heard to the end decides nothing
        }
        self.regressions += len(guilty)
        return [each for number, each in enumerate(passed) if number not in guilty]

    async def _weigh(self, tools: Toolbox, seconds: float) -> None:
        """Put those first that are likeliest by rank, by agreement on made inputs, and by what they leave as it was."""
        passing, sources = self.passing, self.suspects.sources
        tests = judges(passing, sources, self._coverage, self._failing)
        duels, alone = pairs(passing, sources, len(tests)), records(passing, sources, len(tests))
        if not tests or not duels:
            return
        edits = [*alone.values(), *(each.edit for each in duels)]
        outcome = await self._asked(tools, tests, edits, len(edits) + 1, seconds)
        details = {int(each["id"]): str(each["detail"]) for each in (outcome.data["results"] if outcome.ok else ())}
        seen = {place: told for number, place in enumerate(alone) if (told := conduct(details.get(number, "")))}
        for number, pair in enumerate(duels, start=len(alone)):
            if apart := difference(details.get(number, "")):
                self.differences.setdefault(pair.other, apart)
                self.differences.setdefault(pair.one, apart)
        credits, fair = {}, all(each.cures for each in seen.values())
        for place, each in enumerate(passing):
            kept = order_kept(sources[each.path].slice(each.start, each.end), each.text)
            shown = seen.get(place, seen.get(0))  # where nothing was seen, rank decides between it and the first
            credits[place] = kept * (shown.credit(wanted=fair) if shown else 1.0)
        self.passing = by_agreement(passing, agreeing(seen), credits)

    async def _step(self, tools: Toolbox, most: int, enough: int, seconds: float) -> bool:
        """Try the first `most` of the batch until `enough` pass; False when that brought no answer at all."""
        deadline, batch = time.monotonic() + seconds, self._batch[:most]
        tests = self._judges()
        found = await self._try(tools, tests, batch, enough, seconds)
        if self.trouble and set(tests) > set(self._failing):
            self.trouble, tests = "", [*self._failing]  # perhaps a passing test is not found again: do without them
            found = await self._try(tools, tests, batch, enough, max(deadline - time.monotonic(), 5))
        passed = list(found.passed)
        some_left_out = len(tests) < len(self._failing) + len(self._passing_tests)
        if found.doubtful and some_left_out and not passed and not self.passing:
            passed = await self._second_chance(tools, tests, found.doubtful[:_DOUBTFUL], deadline - time.monotonic())
        if self.trouble or not found.judged | found.early:
            return False
        self.tried += len(found.judged)
        last = max(found.judged | found.early)
        self._slow += [each for number, each in enumerate(batch[: last + 1]) if number not in found.judged]
        self._batch = [*batch[last + 1 :], *self._batch[most:]]
        wider = self._jury(passed)
        if passed and not set(wider) <= set(tests):
            passed = await self._without_regressions(tools, wider, passed, max(deadline - time.monotonic(), 10))
        self.passing += passed
        return True

    async def _try(
        self, tools: Toolbox, tests: Sequence[str], batch: Sequence[Candidate], enough: int, seconds: float
    ) -> _Verdicts:
        if not batch:
            return _Verdicts()
        outcome = await self._asked(tools, tests, batch, enough, seconds)
        results = outcome.data["results"] if outcome.ok else ()
        early = frozenset(int(each["id"]) for each in results if str(each["detail"]).startswith(_STOPPED_EARLY))
        judged = frozenset(int(each["id"]) for each in results) - early
        if not outcome.ok or (len(judged) > 1 and all(each["status"] == "error" for each in results)):
            self.trouble = results[0].get("detail", "") if results else outcome.text
            return _Verdicts(judged, early)
        broke = [each for each in results if each["status"] == "failed" and _test(each) not in self._failing]
        passing = sorted(int(each) for each in outcome.data["passing"])
        doubtful = tuple((batch[int(each["id"])], _test(each)) for each in broke)
        return _Verdicts(judged, early, tuple(batch[number] for number in passing), doubtful)

    async def _second_chance(
        self, tools: Toolbox, tests: Sequence[str], doubtful: Sequence[tuple[Candidate, str]], seconds: float
    ) -> list[Candidate]:
        """Those that pass when the failing tests come last, and without tests that fail where nothing is changed.

        Some tests pass only after others, which may have been left out, or only before the failing ones, which judge
        first because that is quicker. Such tests are not asked any more.
        """
        if not self._chances or seconds < 5:
            return []
        self._chances -= 1
        deadline = time.monotonic() + seconds
        steady = await self._steady(tools, [test for test in tests if test not in self._failing], seconds)
        candidates, left = [each for each, _ in doubtful], max(deadline - time.monotonic(), 5)
        found = await self._try(tools, [*steady, *self._failing], candidates, 1, left)
        self._unsteady |= {test for each, test in doubtful if each in found.passed}
        return list(found.passed)

    async def _steady(self, tools: Toolbox, asked: list[str], seconds: float) -> list[str]:
        """Those of the passing tests that pass without the tests that were left out."""
        nothing = Candidate(next(iter(self.suspects.sources)), 0, 0, "", "nothing", 1, 0)
        for _ in range(_MOST_UNSTEADY):
            outcome = await self._asked(tools, asked, [nothing], 1, seconds)
            results = outcome.data["results"] if outcome.ok else ()
            guilty = {_test(each) for each in results if each["status"] == "failed"} & set(asked)
            if not guilty:
                break
            # Tests of a class often need each other; those of a module, rarely.
            classes = tuple(f"{owner}::" for test in guilty if "::" in (owner := test.rpartition("::")[0]))
            self._unsteady |= guilty | {test for test in asked if test.startswith(classes)}
            asked = [test for test in asked if test not in self._unsteady]
        return asked

    async def _asked(
        self, tools: Toolbox, tests: Sequence[str], batch: Sequence[Candidate], enough: int, seconds: float
    ) -> Outcome:
        wire = [
            {"id": str(number), "path": each.path, "start": each.start, "end": each.end, "text": each.text}
            for number, each in enumerate(batch)
        ]
        return await use(
            tools,
            "sandbox",
            "try_edits",
            tree=self._tree,
            tests=list(tests),
            candidates=wire,
            stop_after=enough,
            timeout_s=min(seconds, _ENDLESS_S) if self._endless else seconds,
        )

    def _judges(self) -> list[str]:
        """The tests for every candidate: all that have a say when they are few, which spares a second round."""
        everything = self._jury([*self.passing, *self._batch])
        return everything if len(everything) <= _FEW_TESTS else [*self._failing[:_MOST_TESTS], *self._sentinels()]

    def _sentinels(self) -> list[str]:
        """A few passing tests that run through the most suspicious lines, those that run through little else first."""
        hot = {
            (path, line) for path, lines in self.suspects.heats.items() for line, score in lines.items() if score > 0.7
        }
        sizes = []
        for test in (each for each in self._passing_tests if each not in self._unsteady):
            files = self._coverage.get(test, {})
            if any((path, line) in hot for path, lines in files.items() for line in lines):
                sizes.append((sum(map(len, files.values())), test))
        return [test for _, test in sorted(sizes)[:_MOST_TESTS]]

    def _jury(self, passed: Sequence[Candidate]) -> list[str]:
        """All failing tests, and the passing ones that execute what was changed."""
        paths = {each.path for each in passed}
        steady = [test for test in self._passing_tests if test not in self._unsteady]
        return [*self._failing, *touching(self._coverage, steady, paths)[:_MOST_JURORS]]


def _test(result: Mapping[str, Any]) -> str:
    """The test that decided, by what the sandbox says of it: `tests/test_it.py::test_it[a: b]: ValueError: …`."""
    return re.split(r": (?=\w[\w.]*: )", str(result["detail"]))[0]


def touching(coverage: Coverage, tests: Sequence[str], paths: set[str]) -> list[str]:
    """The tests that execute a file; those of which nothing is known count too."""
    return [test for test in tests if test not in coverage or not paths.isdisjoint(coverage[test])]
