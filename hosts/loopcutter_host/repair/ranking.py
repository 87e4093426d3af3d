"""Which candidates to try first: suspicion of the line, prior of the template, likeness to the rest of the code."""

import ast
import functools
import heapq
import itertools
from collections.abc import Iterator, Mapping, Sequence

from loopcutter_host.repair.appearance import MOST, Appearance
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import Codebase
from loopcutter_host.repair.forgotten import Forgotten
from loopcutter_host.repair.hints import Hints
from loopcutter_host.repair.kinds import Kinds
from loopcutter_host.repair.novelty import Novelty
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.source import Function, Source
from loopcutter_host.repair.spectrum import Lines
from loopcutter_host.repair.survival import survival
from loopcutter_host.repair.templates import TEMPLATES

SUSPICION = 2.0
"""Exponent of the suspicion."""
PRIOR = 1.5
"""Exponent of what a template says."""
SEVERAL_LINES = 0.6
"""Factor for a change that brings lines of its own."""
CROWD = 0.15
"""How fast the further candidates of one template at one node fall behind its first."""
_MOST_OFFERS = 16000
"""Candidates that are made, from the hottest lines on."""

_Offer = tuple[float, Candidate]
_Order = tuple[float, str, int, int, str]
_Waiting = tuple[_Order, int, float, Candidate, Iterator[float]]
"""The order by the best score it can still have, a number, the score without appearance, and what comes of that."""


class Ranking:
    """Puts the candidates for several files in order; the same input gives the same order."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        heats: Mapping[str, Lines],
        neighbours: Sequence[Source],
        passing: Mapping[str, Mapping[int, int]] | None = None,
    ) -> None:
        self._sources = sources
        self._heats = heats
        self._passing = passing or {}
        """Path → line → how many passing tests run through it."""
        everything = [*sources.values(), *neighbours]
        self._codebase = Codebase(everything)
        self._appearance = Appearance(sources, everything)
        self._scopes: dict[tuple[str, Function | None], Scope] = {}
        self._names: dict[tuple[str, Function | None], Forgotten] = {}

    def candidates(self, hints: Hints) -> Iterator[Candidate]:
        """All that compile and differ from each other, the likeliest first."""
        offers: list[_Offer] = []
        boosts = dict(hints.boosts)
        for source, node in self._hottest_nodes():
            function = node if isinstance(node, Function) else source.function(node)
            scope = self._scope(source, function, hints)
            forgotten = self._forgotten(scope)
            heats = self._heats[source.path]
            for prior, each in _offers(node, scope):
                suspicion = heats.get(each.line, 0) or 0.01
                chance = suspicion**SUSPICION * prior**PRIOR * boosts.get(each.template, 1.0)
                passing = self._passing.get(source.path, {}).get(each.line, 0)
                chance *= survival(each, source.slice(each.start, each.end), passing)
                chance *= forgotten.factor(each, source)
                offers.append((chance * (SEVERAL_LINES if "\n" in each.text else 1), each))
            if len(offers) > _MOST_OFFERS:
                break
        is_new = Novelty()
        return (each for each in self._ranked(offers, hints) if is_new(each, self._sources[each.path]))

    def _ranked(self, offers: list[_Offer], hints: Hints) -> Iterator[Candidate]:
        """By score and appearance, of which no more is asked than can still change the order."""
        coming = iter(sorted(offers, key=_order))
        upcoming = next(coming, None)
        waiting: list[_Waiting] = []
        numbers = itertools.count()
        while waiting or upcoming:
            while upcoming and (not waiting or upcoming[0] * MOST >= -waiting[0][0][0]):
                base, each = upcoming
                factors = self._appearance.factors(each, functools.partial(self._kinds, each, hints))
                key = _order((base * MOST, each))
                heapq.heappush(waiting, (key, next(numbers), base, each, factors))
                upcoming = next(coming, None)
            key, number, base, each, factors = waiting[0]
            factor = next(factors, None)
            if factor is None:
                heapq.heappop(waiting)
                yield each._replace(prior=-key[0])
            else:
                heapq.heapreplace(waiting, (_order((base * factor, each)), number, base, each, factors))

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

    def _kinds(self, candidate: Candidate, hints: Hints) -> Kinds:
        source = self._sources[candidate.path]
        line = source.line_at(candidate.start)
        around = [each for each in source.functions if each.lineno <= line <= (each.end_lineno or line)]
        return self._scope(source, max(around, key=lambda each: each.lineno, default=None), hints).kinds

    def _forgotten(self, scope: Scope) -> Forgotten:
        where = scope.source.path, scope.function
        if where not in self._names:
            self._names[where] = Forgotten(scope)
        return self._names[where]

    def _scope(self, source: Source, function: Function | None, hints: Hints) -> Scope:
        where = source.path, function
        if where not in self._scopes:
            self._scopes[where] = Scope(source, function, self._codebase, hints)
        return self._scopes[where]


def _order(scored: _Offer) -> _Order:
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
