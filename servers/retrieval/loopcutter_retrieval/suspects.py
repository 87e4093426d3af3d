"""Weighs the evidence for symbols: how suspicious each is, given how suspicious its file is.

Most symbols of a tree use no word of a query and are not looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.graph import surroundings
from loopcutter_retrieval.measures import Scores
from loopcutter_retrieval.named import Named
from loopcutter_retrieval.postings import FIRST, KIND, KINDS, LAST, OUTER
from loopcutter_retrieval.segment import Numbers
from loopcutter_retrieval.words import Words, best_of

SYMBOL_WEIGHTS: Mapping[str, float] = {
    "file": 3.8,
    "likely file": 0.6,
    "words": 0.45,
    "title": 0.4,
    "long words": 1.1,
    "long said": 0.85,
    "long title": 0.9,
    "best of file": 0.75,
    "first of file": 0.65,
    "name": 0.05,
    "name title": 0.4,
    "name covered": 1.0,
    "first name of file": 0.3,
    "class title": 0.55,
    "class name": 1.6,
    "message": 1.35,
    "symbols": 0.1,
    "dotted": 1.55,
    "trace": 2.0,
    "tested": 1.5,
    "size": 1.3,
    "called": 0.8,
    "called by named": 0.4,
    "similar": 1.0,
}
"""What each kind of evidence for a symbol counts."""

_OF_OTHERS = frozenset({"file", "likely file", "class title", "class name", "size"})
"""Kinds of evidence for a symbol that say nothing of the symbol itself."""

_SEEDS = 15
_DEPTH = 10.0
"""A file whose score is so much below the best one's lends its symbols nothing."""
_FRAME_SIZE = 0.3
"""The size of classes and files, as functions have theirs: what counts is their own text, which is short."""
_COUNTED = 600
"""Symbols that count for their files."""
_REACH = 8.0
"""Files whose symbols together are so much below those of the best file get nothing from them."""
_FUNCTIONS = tuple(KINDS.index(kind) for kind in ("function", "method"))


@dataclass(frozen=True)
class Suspects:
    """The symbols of one query in one corpus, weighed."""

    words: Words
    named: Named
    similar: Mapping[int, float]
    """Symbols that a vector search holds for similar, and what that is worth, 0 to 1; empty without vectors."""
    files: Scores
    """How suspicious each file is, without a look at its symbols."""
    roles: Scores
    """What is left of a symbol's score in each file: less in tests, examples and documents."""

    @property
    def corpus(self) -> Corpus:
        return self.words.corpus

    def evidence(self, symbols: Numbers) -> dict[str, Scores]:
        """Each kind of evidence for these symbols, in their order."""
        gains = {symbol: gain for symbol, (gain, _, _) in self.neighbours.items()}
        return self._own_evidence(symbols) | {"called": _filled(gains, symbols)}

    def _own_evidence(self, symbols: Numbers) -> dict[str, Scores]:
        """What speaks for them without a look at their neighbours."""
        corpus, named, by_words = self.corpus, self.named, self._by_words
        file, at = corpus.file_of[symbols], self.words.row_of[symbols]
        outer = corpus.shapes[symbols, OUTER] + corpus.starts[file]
        in_class = (corpus.shapes[outer, KIND] == KINDS.index("class")) & (outer != symbols)
        around = self.words.row_of[outer]
        frames = {symbol: 1 / (1 + depth) for depth, (_, symbol) in reversed(list(enumerate(named.frames)))}
        said = {name: one[at] for name, one in by_words.items()}
        return {
            **{name: one[file] for name, one in self._by_file.items()},
            **said,
            "class title": by_words["title"][around] * in_class,
            "class name": by_words["name title"][around] * in_class,
            "message": np.minimum(self.words.messages[symbols], 1.0),
            "symbols": _filled(named.symbols, symbols),
            "dotted": _filled(named.dotted, symbols),
            "trace": _filled(frames, symbols),
            "tested": _filled({symbol: sure for symbol, (sure, _) in named.tested.items()}, symbols),
            "called by named": _filled(named.called, symbols),
            "size": self._sizes(symbols),
            "similar": _filled(self.similar, symbols),
        }

    @cached_property
    def _by_file(self) -> dict[str, Scores]:
        """What each file lends its symbols."""
        below = self.files - self.files.max(initial=0.0)
        return {"file": np.maximum(1 + below / _DEPTH, 0.0), "likely file": np.exp(below)}

    @cached_property
    def _by_words(self) -> dict[str, Scores]:
        """What the words say of `words.symbols`, and 0 at the end for all others."""
        words = self.words
        main = self.corpus.main[words.files]
        own, name = words.per_symbol(), words.per_name("whole")
        best = best_of(own, words.files, len(self.corpus.files), 1)
        functions = np.isin(self.corpus.shapes[words.symbols, KIND], _FUNCTIONS)
        found = {
            "words": scaled(own, main),
            "title": scaled(words.per_symbol("title"), main),
            "long words": scaled(words.per_long_symbol("whole"), main),
            "long said": scaled(words.per_long_symbol("said"), main),
            "long title": scaled(words.per_long_symbol("title"), main),
            "best of file": own / np.maximum(best[words.files], 1e-9),
            "first of file": _order(own, words.files, functions),
            "name": scaled(name, main),
            "name title": scaled(words.per_name("title"), main),
            "name covered": words.name_covered("whole"),
            "first name of file": _order(name, words.files, functions),
        }
        return {kind: np.append(scores, 0.0) for kind, scores in found.items()}

    def _sizes(self, symbols: Numbers) -> Scores:
        """Long functions are changed more often."""
        shapes = self.corpus.shapes[symbols]
        lines = np.log1p(shapes[:, LAST] - shapes[:, FIRST]) / 6
        return np.where(np.isin(shapes[:, KIND], _FUNCTIONS), np.minimum(lines, 1.5), _FRAME_SIZE)

    @cached_property
    def _candidates(self) -> Numbers:
        """The symbols for which something may speak by itself, ascending."""
        named = self.named
        some = np.zeros(len(self.corpus.shapes), np.bool_)
        some[self.words.symbols] = True
        some |= self.words.messages > 0
        frames = (symbol for _, symbol in named.frames)
        some[[*named.symbols, *named.dotted, *frames, *named.tested, *named.called, *self.similar]] = True
        return np.flatnonzero(some)

    @cached_property
    def _own(self) -> tuple[Scores, npt.NDArray[np.bool_]]:
        """How suspicious each candidate is without its neighbours, and whether anything speaks for itself."""
        return _weighed(self._own_evidence(self._candidates), len(self._candidates))

    @cached_property
    def neighbours(self) -> Mapping[int, tuple[float, int, str]]:
        """Symbols that suspicious ones call or are derived from: how surely, 0 to 1, by which symbol, and how."""
        corpus, (own, speaking) = self.corpus, self._own
        scores = np.where(speaking, own * self.roles[corpus.file_of[self._candidates]], 0.0)
        best = scores.max(initial=0.0)
        seeds = {int(self._candidates[at]): float(scores[at]) for at in _highest(scores, _SEEDS)}
        found: dict[int, tuple[float, int, str]] = {}
        for user, used, facts in surroundings(self.named.resolver, seeds, 0).edges(data=True):
            how = "base of" if facts["how"] == "inherits" else "called by"
            gain = float(seeds[user] / best) * facts["sure"]
            if corpus.main[corpus.file_of[used]] and gain > found.get(used, (0.0,))[0]:
                found[used] = (gain, user, how)
        return found

    @cached_property
    def _ranked(self) -> tuple[Numbers, Scores]:
        """All symbols for which anything speaks, ascending, and how suspicious each is all in all."""
        others = np.array(sorted(set(self.neighbours) - set(self._candidates.tolist())), np.int64)
        apart, speaking = _weighed(self._own_evidence(others), len(others))
        own = np.append(self._own[0], apart)
        speaking = np.append(self._own[1], speaking)
        symbols = np.append(self._candidates, others)
        called = _filled({symbol: gain for symbol, (gain, _, _) in self.neighbours.items()}, symbols)
        scores = (own + SYMBOL_WEIGHTS["called"] * called) * self.roles[self.corpus.file_of[symbols]]
        order = np.argsort(symbols)
        return symbols[order], np.where(speaking | (called > 0), scores, 0.0)[order]

    @cached_property
    def per_file(self) -> Scores:
        """How much speaks for the symbols of each file beside the file itself: 1 for the best one, 0 for most.

        e to the power of a score is how likely a symbol is, so for a file those are added up, and the logarithm taken.
        """
        symbols, scores = self._ranked
        best = _highest(scores, _COUNTED)
        if not best:
            return np.zeros(len(self.files))
        file = self.corpus.file_of[symbols[best]]
        lent = sum((SYMBOL_WEIGHTS[name] * one for name, one in self._by_file.items()), np.zeros(len(self.files)))
        own = scores[best] - (lent * self.roles)[file]
        likely = np.bincount(file, np.exp(own - own.max()), len(self.files))
        return np.asarray(1 + np.log(np.maximum(likely / likely.max(), np.exp(-_REACH))) / _REACH)

    def best(self, limit: int) -> dict[int, float]:
        """The most suspicious symbols, best first, and how suspicious each is."""
        symbols, scores = self._ranked
        return {int(symbols[at]): float(scores[at]) for at in _highest(scores, limit)}


def _weighed(evidence: Mapping[str, Scores], size: int) -> tuple[Scores, npt.NDArray[np.bool_]]:
    """The weighed sum, and for which symbols something speaks beside their file and their class."""
    total, speaking = np.zeros(size), np.zeros(size, np.bool_)
    for name, one in evidence.items():
        total = total + SYMBOL_WEIGHTS[name] * one
        if name not in _OF_OTHERS:
            speaking |= one > 0
    return total, speaking


def _highest(scores: Scores, limit: int) -> list[int]:
    """Where the highest scores are that are more than nothing, highest first, of equal ones the first."""
    some = np.flatnonzero(scores > 0)
    if 0 < limit < len(some):
        least = np.partition(scores[some], -limit)[-limit]
        some = some[scores[some] >= least]
    return [int(at) for at in some[np.argsort(-scores[some], kind="stable")][:limit]]


def _order(scores: Scores, files: Numbers, functions: npt.NDArray[np.bool_]) -> Scores:
    """1 for the best function of each file, ½ for the second, ⅓ …; `files` ascend."""
    some = np.flatnonzero((scores > 0) & functions)
    order = some[np.lexsort((-scores[some], files[some]))]
    ordered = files[order]
    found = np.zeros(len(scores))
    found[order] = 1 / (1 + np.arange(len(order)) - np.searchsorted(ordered, ordered))
    return found


def scaled(scores: Scores, main: Scores) -> Scores:
    """The best of the code proper becomes 1, and nothing more than that."""
    top = (scores * main).max(initial=0.0) or scores.max(initial=0.0)
    return np.minimum(scores / top, 1.0) if top > 0 else scores


def _filled(found: Mapping[int, float], symbols: Numbers) -> Scores:
    """What is found of each of the symbols, which ascend or are few."""
    scores = np.zeros(len(symbols))
    if found and len(symbols):
        wanted = np.fromiter(found, np.int64, len(found))
        order = None if (symbols[1:] > symbols[:-1]).all() else np.argsort(symbols)
        at = np.searchsorted(symbols, wanted, sorter=order).clip(max=len(symbols) - 1)
        at = at if order is None else order[at]
        there = symbols[at] == wanted
        scores[at[there]] = np.minimum(np.fromiter(found.values(), np.float64, len(found)), 1.5)[there]
    return scores
