"""Which candidates to try first: suspicion of the line, prior of the template, likeness to the rest of the code."""

import ast
import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import Codebase
from loopcutter_host.repair.hints import Hints
from loopcutter_host.repair.likeness import Likeness
from loopcutter_host.repair.novelty import Novelty
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.source import Function, Source
from loopcutter_host.repair.spectrum import Lines
from loopcutter_host.repair.templates import TEMPLATES

SUSPICION = 1.4
"""Exponent of the suspicion."""
LIKENESS = 0.25
"""Weight of the gain in log-probability."""
CROWD = 0.15
"""How fast the further candidates of one template at one node fall behind its first."""
_LIKEST, _UNLIKEST = 3.0, -4.0
"""Bounds of that gain."""
_MOST_OFFERS = 16000
"""Candidates that are made, from the hottest lines on."""

_Offer = tuple[float, Candidate]


class Ranking:
    """Puts the candidates for several files in order; the same input gives the same order."""

    def __init__(self, sources: Mapping[str, Source], heats: Mapping[str, Lines], neighbours: Sequence[Source]) -> None:
        self._sources = sources
        self._heats = heats
        everything = [*sources.values(), *neighbours]
        self._codebase = Codebase(everything)
        self._likeness = Likeness(source.data.decode() for source in everything)

    def candidates(self, hints: Hints) -> Iterator[Candidate]:
        """All that compile and differ from each other, the likeliest first."""
        offers: list[_Offer] = []
        scopes: dict[tuple[str, Function | None], Scope] = {}
        boosts = dict(hints.boosts)
        for source, node in self._hottest_nodes():
            function = node if isinstance(node, Function) else source.function(node)
            scope = scopes.get((source.path, function)) or Scope(source, function, self._codebase, hints)
            scopes[source.path, function] = scope
            heats = self._heats[source.path]
            for prior, each in _offers(node, scope):
                suspicion = heats.get(each.line, 0) or 0.01
                offers.append((suspicion**SUSPICION * prior * boosts.get(each.template, 1.0), each))
            if len(offers) > _MOST_OFFERS:
                break
        is_new = Novelty()
        return (each for each in self._ranked(offers) if is_new(each, self._sources[each.path]))

    def _ranked(self, offers: list[_Offer]) -> Iterator[Candidate]:
        """By score and likeness. Likeness costs most, so it is asked only as far as it can still change the order."""
        most = math.exp(LIKENESS * _LIKEST)
        waiting: list[tuple[tuple[float, str, int, int, str], int, Candidate]] = []
        for number, (base, each) in enumerate(sorted(offers, key=_order)):
            while waiting and -waiting[0][0][0] > base * most:
                yield heapq.heappop(waiting)[2]
            score = base * self._likely(each)
            heapq.heappush(waiting, (_order((score, each)), number, replace(each, prior=score)))
        while waiting:
            yield heapq.heappop(waiting)[2]

    def _hottest_nodes(self) -> Iterator[tuple[Source, ast.AST]]:
        nodes = [
            (-score, path, line, number, node)
            for path, source in self._sources.items()
            for number, node in enumerate(ast.walk(source.tree))
            if (score := self._heats[path].get(line := _line(node, source), 0)) > 0
        ]
        for _, path, _, _, node in sorted(nodes, key=lambda each: each[:-1]):
            if self._sources[path].trusted(node):
                yield self._sources[path], node

    def _likely(self, candidate: Candidate) -> float:
        source = self._sources[candidate.path]
        start = source.line_start(source.line_at(candidate.start))
        end = source.line_start(source.line_at(candidate.end) + 1)
        old = source.slice(start, end)
        new = source.slice(start, candidate.start) + candidate.text + source.slice(candidate.end, end)
        gain = min(max(self._likeness.gain(old, new), _UNLIKEST), _LIKEST)
        return math.exp(LIKENESS * gain)


def _order(scored: _Offer) -> tuple[float, str, int, int, str]:
    score, each = scored
    return -score, each.path, each.start, each.end, each.text


def _offers(node: ast.AST, scope: Scope) -> Iterator[_Offer]:
    """What the templates have to say. Many ways to change one node share their chance: each further counts less."""
    for template in TEMPLATES:
        offers = sorted(template(node, scope), key=lambda each: -each.prior)
        for place, each in enumerate(offers):
            yield each.prior / (1 + CROWD * place), each


def _line(node: ast.AST, source: Source) -> int:
    if isinstance(node, ast.comprehension):
        return node.target.lineno
    if isinstance(node, ast.arguments):
        return int(getattr(source.parents[node], "lineno", 0))
    return int(getattr(node, "lineno", 0))
