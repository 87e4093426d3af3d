"""Tries candidates in the sandbox, the likeliest first, until some pass or the budget is spent."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice

from loopcutter_host.model import Briefing
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.spectrum import Coverage
from loopcutter_host.repair.suspects import Suspects
from loopcutter_host.toolbox import Toolbox, use

_BATCHES = (40, 200, 500)
"""Small at first: most repairs that are found at all are found early, and a batch has to be sent whole."""
_MOST_TESTS = 12
"""Of the failing tests, and of the passing ones, that judge every candidate."""
_MOST_JURORS = 300
"""Tests that judge a candidate which passed those."""


class Search:
    """The search for a patch of one tree; goes on where it stopped when asked again."""

    def __init__(self, briefing: Briefing, suspects: Suspects) -> None:
        self.suspects = suspects
        self.tried = 0
        """Candidates judged so far."""
        self.regressions = 0
        """Candidates that made the failing tests pass but broke others."""
        self.passing: list[Candidate] = []
        """Those that passed all they were judged by, in order of rank."""
        self.exhausted = False
        self.trouble = ""
        """Why the sandbox could not judge."""
        self._failing = tuple(dict.fromkeys(each.test for each in briefing.failures))
        self._coverage = briefing.coverage
        self._passing_tests = briefing.passing
        self._waiting: Iterator[Candidate] = suspects.candidates(briefing)
        self._batch: list[Candidate] = []
        self._round = 0

    async def go_on(self, tools: Toolbox, tree: str, seconds: float) -> None:
        """Search until a candidate passes, none is left, or the time is over."""
        deadline = time.monotonic() + seconds
        while not self.passing and (left := deadline - time.monotonic()) > 1:
            if not self._batch:
                self._batch = list(islice(self._waiting, _BATCHES[min(self._round, len(_BATCHES) - 1)]))
                self._round += 1
            if not self._batch:
                self.exhausted = True
                return
            tests = [*self._failing[:_MOST_TESTS], *self._sentinels()]
            judged, passed = await self._try(tools, tree, tests, self._batch, left)
            if self.trouble or not judged:
                return
            self.tried += len(judged)
            self._batch = [each for number, each in enumerate(self._batch) if number not in judged]
            wider = self._jury(passed)
            if passed and not set(wider) <= set(tests):
                _, kept = await self._try(tools, tree, wider, passed, max(deadline - time.monotonic(), 10))
                self.regressions += len(passed) - len(kept)
                passed = kept
            self.passing += passed

    async def _try(
        self, tools: Toolbox, tree: str, tests: Sequence[str], batch: Sequence[Candidate], seconds: float
    ) -> tuple[set[int], list[Candidate]]:
        """Which of the batch were judged, and those that passed."""
        wire = [
            {"id": str(number), "path": each.path, "start": each.start, "end": each.end, "text": each.text}
            for number, each in enumerate(batch)
        ]
        outcome = await use(
            tools,
            "sandbox",
            "try_edits",
            tree=tree,
            tests=list(tests),
            candidates=wire,
            stop_after=3 if self._round <= 1 else 1,
            timeout_s=seconds,
        )
        results = outcome.data["results"] if outcome.ok else ()
        judged = {int(each["id"]) for each in results}
        if not outcome.ok or (len(judged) > 1 and all(each["status"] == "error" for each in results)):
            self.trouble = results[0].get("detail", "") if results else outcome.text
        return judged, [batch[number] for number in sorted(int(each) for each in outcome.data["passing"])]

    def _sentinels(self) -> list[str]:
        """A few passing tests that run through the most suspicious lines, those that run through little else first."""
        hot = {
            (path, line) for path, lines in self.suspects.heats.items() for line, score in lines.items() if score > 0.7
        }
        sizes = []
        for test in self._passing_tests:
            files = self._coverage.get(test, {})
            if any((path, line) in hot for path, lines in files.items() for line in lines):
                sizes.append((sum(map(len, files.values())), test))
        return [test for _, test in sorted(sizes)[:_MOST_TESTS]]

    def _jury(self, passed: Sequence[Candidate]) -> list[str]:
        """All failing tests, and the passing ones that execute what was changed."""
        paths = {each.path for each in passed}
        return [*self._failing, *touching(self._coverage, self._passing_tests, paths)[:_MOST_JURORS]]


def touching(coverage: Coverage, tests: Sequence[str], paths: set[str]) -> list[str]:
    """The tests that execute a file; those of which nothing is known count too."""
    return [test for test in tests if test not in coverage or not paths.isdisjoint(coverage[test])]
