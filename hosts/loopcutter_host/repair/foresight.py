"""Looks at failing tests before candidates are tried, to weigh them by what they would come to.

A look is an edit that watches a function (`observation`); the sandbox runs it before most of the others, and tries
these in the order that it tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loopcutter_host.model import Briefing
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.observation import outermost, probe
from loopcutter_host.repair.source import Source

_FUNCTIONS = 4
"""Those of the likeliest candidates."""
_BEFORE = 5
"""Tests that pass, to see what a candidate would change in them."""


@dataclass(frozen=True)
class Look:
    """An edit that tells what others are worth."""

    edit: Candidate
    weighs: tuple[int, ...]
    """The numbers of these among the candidates."""
    tests: tuple[str, ...]
    """What has to run for it, in this order: some tests that pass, and one that fails."""


class Foresight:
    """What can be seen of the candidates for one briefing."""

    def __init__(self, briefing: Briefing) -> None:
        failing = [each for each in briefing.failures if each.test in briefing.coverage]
        size = {each.test: sum(map(len, briefing.coverage[each.test].values())) for each in failing}
        ending = [each for each in failing if each.exception != "Timeout"]
        self._ends = bool(ending)
        """Whether the failing test ends by itself; nothing runs before one that does not."""
        chosen = min(ending or failing, key=lambda each: (size[each.test], each.test), default=None)
        self._failing = chosen.test if chosen is not None else ""
        """The one that runs through least."""
        file = self._failing.split("::")[0]
        beside = {test for test in briefing.passing if test.split("::")[0] == file and test in briefing.coverage}
        self._beside = beside if self._ends else set()
        """Tests that pass, of the same file."""

    def tests(self, jury: Sequence[str]) -> list[str]:
        """What runs for a look, of those that judge; nothing where it can't be looked."""
        if self._failing not in jury:
            return []
        return [*[test for test in jury if test in self._beside][:_BEFORE], self._failing]

    def looks(self, candidates: Sequence[Candidate], sources: Mapping[str, Source], tests: Sequence[str]) -> list[Look]:
        """The edits to run first; `tests` as `tests` gives them."""
        if not tests:
            return []
        groups: dict[tuple[str, int], list[int]] = {}
        for number, each in enumerate(candidates):
            function = outermost(each, sources[each.path])
            if function is not None:
                groups.setdefault((each.path, function.lineno), []).append(number)
        file = self._failing.split("::")[0]
        looks = []
        for numbers in list(groups.values())[:_FUNCTIONS]:
            group = [candidates[number] for number in numbers]
            made = probe(group, sources[group[0].path], file, self._ends)
            if made is not None:
                edit, places = made
                looks.append(Look(edit, tuple(numbers[place] for place in places), tuple(tests)))
        return looks
