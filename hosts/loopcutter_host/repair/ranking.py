"""Which candidates to try first: suspicion of the line, prior of the template, likeness to the rest of the code."""

import ast
import math
from collections.abc import Iterator, Mapping, Sequence

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.codebase import Codebase
from loopcutter_host.repair.hints import Hints
from loopcutter_host.repair.likeness import Likeness
from loopcutter_host.repair.novelty import Novelty
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.source import Function, Source
from loopcutter_host.repair.spectrum import Lines
from loopcutter_host.repair.templates import TEMPLATES

SUSPICION = 1.0
"""Exponent of the suspicion."""
LIKENESS = 0.3
"""Weight of the gain in log-probability."""
CROWD = 0.15
"""How fast the further candidates of one template at one node fall behind its first."""
_MOST_LINES = 400


def ranked(
    sources: Mapping[str, Source],
    heats: Mapping[str, Lines],
    codebase: Codebase,
    likeness: Likeness,
    hints: Hints,
) -> Iterator[Candidate]:
    """All candidates that compile and differ from each other, the likeliest first. The same input, the same order."""
    scored = []
    hottest = _hottest(heats)
    for path in sorted(hottest):
        for candidate in candidates(sources[path], hottest[path], codebase, hints):
            score = _score(candidate, sources[path], hottest[path], likeness, hints)
            scored.append((-score, candidate.path, candidate.start, candidate.end, candidate.text, candidate))
    scored.sort(key=lambda each: each[:-1])
    is_new = Novelty()
    return (each[-1] for each in scored if is_new(each[-1], sources[each[-1].path]))


def candidates(source: Source, heat: Lines, codebase: Codebase, hints: Hints) -> Iterator[Candidate]:
    """What the templates have to say about the warm lines of a file."""
    scopes: dict[Function | None, Scope] = {}
    for node in ast.walk(source.tree):
        if heat.get(_line(node, source), 0) <= 0 or not source.trusted(node):
            continue
        function = node if isinstance(node, Function) else source.function(node)
        scope = scopes.setdefault(function, Scope(source, function, codebase, hints))
        for template in TEMPLATES:
            yield from _thinned(list(template(node, scope)))


def _thinned(crowd: Sequence[Candidate]) -> Iterator[Candidate]:
    """Many ways to change one node share their chance: each further one counts less."""
    for place, each in enumerate(sorted(crowd, key=lambda each: -each.prior)):
        prior = each.prior / (1 + CROWD * place)
        yield Candidate(each.path, each.start, each.end, each.text, each.template, each.line, prior)


def _hottest(heats: Mapping[str, Lines]) -> dict[str, Lines]:
    scores = sorted((score for lines in heats.values() for score in lines.values()), reverse=True)
    least = scores[_MOST_LINES - 1] if len(scores) > _MOST_LINES else 0
    kept = {path: {line: score for line, score in lines.items() if score >= least} for path, lines in heats.items()}
    return {path: lines for path, lines in kept.items() if lines}


def _line(node: ast.AST, source: Source) -> int:
    if isinstance(node, ast.comprehension):
        return node.target.lineno
    if isinstance(node, ast.arguments):
        return getattr(source.parents[node], "lineno", 0)
    return getattr(node, "lineno", 0)


def _score(candidate: Candidate, source: Source, heat: Lines, likeness: Likeness, hints: Hints) -> float:
    start = source.line_start(source.line_at(candidate.start))
    end = source.line_start(source.line_at(candidate.end) + 1)
    old = source.slice(start, end)
    new = source.slice(start, candidate.start) + candidate.text + source.slice(candidate.end, end)
    gain = min(max(likeness.gain(old, new), -4), 4)
    suspicion = heat.get(candidate.line, 0) or 0.01
    likelihood = candidate.prior * hints.boost(candidate.template) * math.exp(LIKENESS * gain)
    return float(suspicion**SUSPICION * likelihood)
