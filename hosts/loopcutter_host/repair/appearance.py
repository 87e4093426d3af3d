"""How a changed line looks beside the code around it: like other code, like its parallel, of kinds that fit.

This costs more than to make a candidate, and so is asked only of those that it may bring forward.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.kinds import Kinds, plausibility
from loopcutter_host.repair.likeness import Likeness
from loopcutter_host.repair.parallel import GAINED, Parallels
from loopcutter_host.repair.source import Source

LIKENESS = 0.2
"""Weight of the gain in log-probability."""
_LIKEST, _UNLIKEST = 3.0, -4.0
"""Bounds of that gain."""
_MOST_LIKE = math.exp(LIKENESS * _LIKEST)
MOST = _MOST_LIKE * GAINED
"""No factor is larger."""


class Appearance:
    """Judges candidates for some files by all that was read."""

    def __init__(self, sources: Mapping[str, Source], everything: Sequence[Source]) -> None:
        self._sources = sources
        texts = [source.data.decode() for source in everything]
        self._likeness = Likeness(texts)
        self._parallels = Parallels(texts)
        self._nearest: dict[tuple[str, int, int], str] = {}

    def factors(self, candidate: Candidate, kinds: Callable[[], Kinds]) -> Iterator[float]:
        """By how much its looks make a candidate likelier: bounds, each at most the one before, and last the factor."""
        source = self._sources[candidate.path]
        first, last = source.line_at(candidate.start), source.line_at(candidate.end)
        start, end = source.line_start(first), source.line_start(last + 1)
        old = source.slice(start, end)
        new = source.slice(start, candidate.start) + candidate.text + source.slice(candidate.end, end)
        before, after = self._beside(source, first, -1), self._beside(source, last, 1)
        parallel = self._parallels.factor(before, old, new, after)
        yield _MOST_LIKE * parallel
        gain = min(max(self._likeness.gain(old, new), _UNLIKEST), _LIKEST)
        looks = math.exp(LIKENESS * gain) * parallel
        yield looks
        yield looks * plausibility(old, new, kinds())

    def _beside(self, source: Source, line: int, step: int) -> str:
        """The nearest line with code before or after one."""
        place = source.path, line, step
        if place not in self._nearest:
            self._nearest[place] = _nearest(source, line + step, step)
        return self._nearest[place]


def _nearest(source: Source, line: int, step: int) -> str:
    while 0 < line <= len(source.starts):
        text = source.slice(source.line_start(line), source.line_start(line + 1))
        if text.strip() and not text.lstrip().startswith("#"):
            return text
        line += step
    return ""
