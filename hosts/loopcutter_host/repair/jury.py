"""Which tests judge candidates: all that have a say where they are few, and else some first and the rest afterwards."""

from collections.abc import Iterable, Mapping

from loopcutter_host.model import Briefing
from loopcutter_host.repair.spectrum import Coverage, Lines

_FEW = 120
"""Where no more tests have a say, all judge every candidate, which spares a second round."""
_MOST_FIRST = 60
"""Of the failing tests, and of the passing ones, that judge every candidate; the first to fail is the last to run."""
_MOST = 300
"""Passing tests that judge a candidate which passed those."""
_HOT = 0.7
"""The suspicion of lines through which the passing tests run that judge first."""


class Jury:
    """The tests of one briefing; those in `unsteady` are not asked."""

    def __init__(self, briefing: Briefing, heats: Mapping[str, Lines]) -> None:
        self.failing = tuple(dict.fromkeys(each.test for each in briefing.failures))
        self.unsteady: set[str] = set()
        """Passing tests that don't pass in any order, or not without others."""
        self._coverage: Coverage = briefing.coverage
        self._heats = heats
        place = {test: number for number, test in enumerate(briefing.coverage)}
        self._passing = tuple(sorted(briefing.passing, key=lambda test: place.get(test, len(place))))
        """In the order in which they were traced, which is their own: some need what those before them did."""

    def first(self, paths: Iterable[str]) -> list[str]:
        """The tests for every candidate that changes one of `paths`."""
        everything = self.whole(paths)
        return everything if len(everything) <= _FEW else [*self.failing[:_MOST_FIRST], *self._sentinels()]

    def whole(self, paths: Iterable[str]) -> list[str]:
        """All failing tests, and the passing ones that execute what was changed; of some nothing is known."""
        changed = set(paths)
        through = [
            test
            for test in self._steady()
            if test not in self._coverage or not changed.isdisjoint(self._coverage[test])
        ]
        return [*self.failing, *through[:_MOST]]

    def leaves_out(self, tests: Iterable[str]) -> bool:
        """Whether there are more tests than these."""
        return len(set(tests)) < len(self.failing) + len(self._passing)

    def _steady(self) -> list[str]:
        return [test for test in self._passing if test not in self.unsteady]

    def _sentinels(self) -> list[str]:
        """A few passing tests that run through the most suspicious lines, those that run through little else first."""
        hot = {(path, line) for path, lines in self._heats.items() for line, score in lines.items() if score > _HOT}
        sizes = []
        for test in self._steady():
            files = self._coverage.get(test, {})
            if any((path, line) in hot for path, lines in files.items() for line in lines):
                sizes.append((sum(map(len, files.values())), test))
        return [test for _, test in sorted(sizes)[:_MOST_FIRST]]
