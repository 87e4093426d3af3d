"""The files a repair looks at, with the suspicion of their lines, and the candidates they give, in order."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from loopcutter_host.model import Briefing, Place
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.hints import hints
from loopcutter_host.repair.named import raised
from loopcutter_host.repair.ranking import Ranking
from loopcutter_host.repair.reading import Reading
from loopcutter_host.repair.relocation import relocated
from loopcutter_host.repair.source import Source
from loopcutter_host.repair.spectrum import Lines, heat, is_test, led_up, spectrum
from loopcutter_host.toolbox import Toolbox

NEXT_PLACE = "next-place"
"""The rung of the ladder that demands a change elsewhere."""
_MOST_SUSPECTS = 12
"""Files that may be changed."""
_MOST_NEIGHBOURS = 20
"""Further files, read only for what code looks like here."""
_LONGEST = 400_000
"""Bytes; generated tables are longer, and no template helps them."""


@dataclass(frozen=True)
class Suspects:
    """What was read, and how suspicious it is."""

    sources: dict[str, Source]
    heats: dict[str, Lines]
    neighbours: tuple[Source, ...] = ()

    def ranked(self, briefing: Briefing) -> Iterator[Candidate]:
        """Everything the templates have to offer, the likeliest first; nothing in places that are closed."""
        passing = passing_through(briefing)
        offers = Ranking(self.sources, self.heats, self.neighbours, passing).candidates(hints(briefing.failures))
        shut = closed(briefing)
        return (each for each in offers if not shut or self._symbol(each) not in shut)

    def _symbol(self, candidate: Candidate) -> str:
        source = self.sources[candidate.path]
        line = source.line_at(candidate.start)
        within = [each for each in source.functions if each.lineno <= line <= (each.end_lineno or line)]
        return f"{candidate.path}::{source.qualified_name(within[-1]) if within else ''}"

    def places(self, most: int = 3, shut: frozenset[str] = frozenset()) -> tuple[Place, ...]:
        """The most suspicious functions, each with its hottest lines; those in `shut` (`path::symbol`) left out."""
        found: dict[tuple[str, str], Place] = {}
        lines = [(-score, path, line) for path, heats in self.heats.items() for line, score in heats.items()]
        for negative, path, line in sorted(lines):
            source = self.sources[path]
            within = [each for each in source.functions if each.lineno <= line <= (each.end_lineno or line)]
            symbol = source.qualified_name(within[-1]) if within else ""
            if f"{path}::{symbol}" in shut:
                continue
            last = (within[-1].end_lineno or line) if within else line
            place = Place(path, symbol, (within[-1].lineno if within else line, last), -negative, f"line {line}")
            found.setdefault((path, symbol), place)
            if len(found) == most:
                break
        return tuple(found.values())


def passing_through(briefing: Briefing) -> dict[str, Counter[int]]:
    """Path → line → how many passing tests run through it; nothing where the lines are those of another tree."""
    found: dict[str, Counter[int]] = {}
    if briefing.tree == briefing.base_tree:
        for test in briefing.passing:
            for path, lines in briefing.coverage.get(test, {}).items():
                found.setdefault(path, Counter()).update(lines)
    return found


def closed(briefing: Briefing) -> frozenset[str]:
    """The places (`path::symbol`) that were changed before, when another one is asked for."""
    if briefing.rung != NEXT_PLACE:
        return frozenset()
    return frozenset(symbol for attempt in briefing.attempts for symbol in attempt.symbols)


async def suspects(briefing: Briefing, tools: Toolbox) -> Suspects:
    """Read the files that failing tests ran through, and some that other tests ran through."""
    now, before = Reading(tools, briefing.tree), Reading(tools, briefing.base_tree)
    suspicion = spectrum(briefing.failures, briefing.coverage, briefing.places)
    by_heat = sorted(suspicion, key=lambda path: (-max(suspicion[path].values()), path))
    sources: dict[str, Source] = {}
    heats: dict[str, Lines] = {}
    for path in by_heat[:_MOST_SUSPECTS]:
        source = await now.source(path)
        if source is None or len(source.data) > _LONGEST:
            continue
        lines = suspicion[path]
        if briefing.tree != briefing.base_tree:
            lines = relocated(lines, await before.text(path) or "", source.data.decode())
        hot = heat(source, led_up(source, lines, briefing.failures))
        sources[path], heats[path] = source, raised(hot, path, source, briefing.words)
    others = {path for files in briefing.coverage.values() for path in files} - set(sources)
    neighbours = []
    for path in sorted(each for each in others if not is_test(each))[:_MOST_NEIGHBOURS]:
        neighbour = await now.source(path)
        if neighbour is not None and len(neighbour.data) <= _LONGEST:
            neighbours.append(neighbour)
    return Suspects(sources, heats, tuple(neighbours))
