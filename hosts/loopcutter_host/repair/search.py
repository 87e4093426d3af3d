"""Tries candidates in the sandbox, the likeliest first, until some pass or the budget is spent."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice

from loopcutter_host.model import Briefing
from loopcutter_host.repair.agreement import by_agreement, difference, judges, pairs, records
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.collecting import uncollected
from loopcutter_host.repair.conduct import agreeing, conduct, order_kept
from loopcutter_host.repair.foresight import Foresight
from loopcutter_host.repair.jury import Jury
from loopcutter_host.repair.suspects import Suspects
from loopcutter_host.repair.trying import Trying
from loopcutter_host.toolbox import Toolbox

_BATCHES = (150, 300, 500)
"""The first is small: most patches are found in it, and what comes behind them need not be made. A batch costs a start
of the tests."""
_COMPETITORS = 5
"""Passing candidates that are looked for beside the first."""
_COMPETITION = 150
"""Candidates that are tried for them."""
_MOST_UNSTEADY = 6
_DOUBTFUL = 12
"""Candidates of a batch that get a second chance."""


class Search:
    """The search for a patch of one tree; goes on where it stopped when asked again."""

    def __init__(self, briefing: Briefing, suspects: Suspects, most: int = 100_000) -> None:
        self.suspects = suspects
        self._most = most
        self.tried = 0
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
        self._jury = Jury(briefing, suspects.heats)
        self._chances = 2
        """How often it may be looked for tests that are not steady."""
        self._coverage = briefing.coverage
        self._trying = Trying(briefing.tree, any(each.exception == "Timeout" for each in briefing.failures))
        self._foresight = Foresight(briefing)
        with uncollected():
            self._waiting: Iterator[Candidate] = suspects.ranked(briefing)
        self._batch: list[Candidate] = []
        self._late: list[Candidate] = []
        """Without a verdict, because they ran too long: they come again in the third batch, and at the end."""
        self._hopeless: list[Candidate] = []
        """Not tried, because nothing can come of them: they come at the end."""
        self._last_call = False
        """Whether those came because nothing else was left."""
        self._round = 0

    async def go_on(self, tools: Toolbox, seconds: float) -> None:
        """Search until a candidate passes and some of its neighbours were tried, none is left, or the time is over."""
        deadline = time.monotonic() + seconds
        while not self.passing and (left := deadline - time.monotonic()) > 1:
            if not self._batch:
                self._next_batch()
            if not self._batch:
                self.exhausted = self.tried < self._most
                return
            if not await self._step(tools, len(self._batch), 1, left):
                return
        left = min(deadline - time.monotonic(), max(5.0, seconds / 4))
        if self.passing and left > 1:
            size = max(0, min(_COMPETITION, self._most - self.tried))
            self._draw(size)
            await self._step(tools, size, _COMPETITORS, left)
        if len(self.passing) > 1:
            await self._weigh(tools, max(5.0, deadline - time.monotonic()))

    def _next_batch(self) -> None:
        last = len(_BATCHES) - 1
        if self._round == last:
            self._batch, self._late = self._late, []
        self._draw(max(0, min(_BATCHES[min(self._round, last)], self._most - self.tried)))
        self._round += 1
        if not self._batch and not self._last_call and self.tried < self._most:
            self._batch = [*self._late, *self._hopeless][: self._most - self.tried]
            self._late, self._hopeless, self._last_call = [], [], True

    def _draw(self, size: int) -> None:
        """Have so many in the batch, if there are as many."""
        with uncollected():
            self._batch += islice(self._waiting, max(0, size - len(self._batch)))

    async def _without_regressions(
        self, tools: Toolbox, tests: Sequence[str], passed: Sequence[Candidate], seconds: float
    ) -> list[Candidate]:
        """Those that no test of the whole jury fails; a jury that can't sit, or not to its end, decides nothing."""
        found = await self._trying.tried(tools, tests, passed, len(passed), seconds)
        guilty = {*found.ended, *(each for each, _ in found.failed)}
        self.regressions += len(guilty)
        return [each for each in passed if each not in guilty]

    async def _weigh(self, tools: Toolbox, seconds: float) -> None:
        """Put those first that are likeliest by rank, by agreement on made inputs, and by what they leave as it was."""
        passing, sources = self.passing, self.suspects.sources
        tests = judges(passing, sources, self._coverage, self._jury.failing)
        duels, alone = pairs(passing, sources, len(tests)), records(passing, sources, len(tests))
        if not tests or not duels:
            return
        edits = [*alone.values(), *(each.edit for each in duels)]
        outcome = await self._trying.asked(tools, tests, edits, len(edits) + 1, seconds)
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
        tests = self._jury.first(each.path for each in [*self.passing, *self._batch])
        looking = enough == 1 and not self._last_call
        looks = self._foresight.looks(batch, self.suspects.sources, self._foresight.tests(tests)) if looking else ()
        found = await self._trying.tried(tools, tests, batch, enough, seconds, looks)
        if found.trouble and set(tests) > set(self._jury.failing):
            tests = [*self._jury.failing]  # perhaps a passing test is not found again: do without them
            found = await self._trying.tried(tools, tests, batch, enough, max(deadline - time.monotonic(), 5))
        self.trouble = found.trouble
        if found.trouble or len(found.left) == len(batch):
            return False
        self.tried += found.judged
        self._late += found.early
        self._hopeless += found.hopeless
        self._batch = [*found.left, *self._batch[most:]]
        passed = list(found.passed)
        doubtful = [(each, test) for each, test in found.failed if test not in self._jury.failing]
        if doubtful and self._jury.leaves_out(tests) and not passed and not self.passing:
            passed = await self._second_chance(tools, tests, doubtful[:_DOUBTFUL], deadline - time.monotonic())
        wider = self._jury.whole(each.path for each in passed)
        if passed and not set(wider) <= set(tests):
            passed = await self._without_regressions(tools, wider, passed, max(deadline - time.monotonic(), 10))
        self.passing += passed
        return True

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
        failing = self._jury.failing
        steady = await self._steady(tools, [test for test in tests if test not in failing], seconds)
        candidates, left = [each for each, _ in doubtful], max(deadline - time.monotonic(), 5)
        found = await self._trying.tried(tools, [*steady, *failing], candidates, 1, left)
        self._jury.unsteady |= {test for each, test in doubtful if each in found.passed}
        return list(found.passed)

    async def _steady(self, tools: Toolbox, asked: list[str], seconds: float) -> list[str]:
        """Those of the passing tests that pass without the tests that were left out."""
        nothing = Candidate(next(iter(self.suspects.sources)), 0, 0, "", "nothing", 1, 0)
        for _ in range(_MOST_UNSTEADY):
            found = await self._trying.tried(tools, asked, [nothing], 1, seconds)
            guilty = {test for _, test in found.failed} & set(asked)
            if not guilty:
                break
            # Tests of a class often need each other; those of a module, rarely.
            classes = tuple(f"{owner}::" for test in guilty if "::" in (owner := test.rpartition("::")[0]))
            self._jury.unsteady |= guilty | {test for test in asked if test.startswith(classes)}
            asked = [test for test in asked if test not in self._jury.unsteady]
        return asked
