"""Weighs all evidence: how suspicious each file and each symbol of a tree is, and why.

Two sums, of one kind: evidence is scaled to 0…1, weighed and added up; nothing else happens. The weights were learnt
on solved issues of a dozen projects (`benchmarks/retrieval/learn.py`), so that e to the power of a file's score is how
likely it is the one. Files come first; a function is as suspicious as its file and its own text make it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.corpus import Corpus, Scores
from loopcutter_retrieval.graph import surroundings
from loopcutter_retrieval.named import Named
from loopcutter_retrieval.past import NOTHING, Past
from loopcutter_retrieval.postings import FIRST, LAST
from loopcutter_retrieval.related import beside, imported
from loopcutter_retrieval.words import Words, best_of

WEIGHTS: Mapping[str, float] = {
    "title": 2.2,
    "code": 0.4,
    "prose": 0.5,
    "prose title": 0.8,
    "piece": 1.5,
    "pieces": 0.9,
    "piece said": 0.4,
    "names": 0.6,
    "name": 0.6,
    "name covered": 0.8,
    "path": 0.8,
    "path title": 0.5,
    "path said": 0.4,
    "quoted path": 1.3,
    "trace": 0.25,
    "dotted": 1.0,
    "symbols": 0.3,
    "base": 0.1,
    "message": 0.5,
    "tested": 1.0,
    "history": 0.9,
    "history title": 0.4,
    "imported": 1.0,
    "beside": 0.25,
}
"""What each kind of evidence for a file counts."""

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
    "similar": 0.3,
}
"""What each kind of evidence for a symbol counts."""

OUTRIGHT = frozenset({"quoted path", "trace", "dotted", "base", "message", "tested"})
"""Kinds that mean something by themselves. The others only rank the files of one tree against each other."""

_OF_OTHERS = frozenset({"file", "likely file", "class title", "class name", "size"})
"""Kinds of evidence for a symbol that say nothing of the symbol itself."""

_ASIDE = {"test": 0.35, "example": 0.35, "document": 0.35, "tooling": 0.6}
_SEEDS = 15
_DEPTH = 10.0
"""A file whose score is so much below the best one's lends its symbols nothing."""
_SHARPNESS = 2.0
"""How much the neighbourhood listens to the likeliest files alone."""
_FRAME_SIZE = 0.3
"""The size of classes and files, as functions have theirs: what counts is their own text, which is short."""


@dataclass(frozen=True)
class Ranking:
    """The evidence of one query in one corpus, weighed."""

    words: Words
    named: Named
    similar: Mapping[int, float]
    """Symbols that a vector search holds for similar, 0 to 1; empty when there are no vectors."""
    past: Past = NOTHING

    @property
    def corpus(self) -> Corpus:
        return self.words.corpus

    @cached_property
    def file_evidence(self) -> dict[str, Scores]:
        """Each kind of evidence for each file, the strongest being 1."""
        found = self._own_evidence
        likely = np.exp(_SHARPNESS * (self._weighed(found) - self._weighed(found).max(initial=0.0))) * self.corpus.main
        related = {"imported": imported(self.named.resolver, likely), "beside": beside(self.corpus, likely)}
        return found | {name: _scaled(one, self.corpus.main) for name, one in related.items()}

    @cached_property
    def _own_evidence(self) -> dict[str, Scores]:
        """What speaks for a file without a look at the others."""
        corpus, words = self.corpus, self.words
        found = {name: one for name, one in words.per_file.items() if name in WEIGHTS}
        found |= {
            "piece": self._best(words.per_symbol()),
            "pieces": best_of(words.per_symbol(), corpus.file_of, len(corpus.files), 3),
            "piece said": self._best(words.per_symbol("said")),
            "name": self._best(words.per_name("whole")),
            "name covered": self._best(words.per_name("whole") * words.name_covered("whole")),
            "message": self._best(words.messages),
            "history": self.past.changed(self.past.similarity(words.terms, words.weights("whole")), corpus.by_path),
            "history title": self.past.changed(
                self.past.similarity(words.terms, words.weights("title")), corpus.by_path
            ),
        }
        found |= dict(self.named.file_scores())
        return {
            name: np.minimum(one, 1.0) if name in OUTRIGHT else _scaled(one, corpus.main) for name, one in found.items()
        }

    def _best(self, scores: Scores) -> Scores:
        """The score of each file's best symbol."""
        return best_of(scores, self.corpus.file_of, len(self.corpus.files), 1)

    def _weighed(self, evidence: Mapping[str, Scores]) -> Scores:
        return sum((WEIGHTS[name] * one for name, one in evidence.items()), np.zeros(len(self.corpus.files)))

    @cached_property
    def files(self) -> Scores:
        """How suspicious each file is."""
        return np.asarray(self._weighed(self.file_evidence) * self._file_roles)

    @cached_property
    def symbol_evidence(self) -> dict[str, Scores]:
        """Each kind of evidence for each symbol."""
        found = self._own_symbol_evidence
        called = {symbol: gain for symbol, (gain, _, how) in self.neighbours.items()}
        return found | {"called": _filled(called, len(self._roles))}

    @cached_property
    def _own_symbol_evidence(self) -> dict[str, Scores]:
        """What speaks for a symbol without a look at its neighbours."""
        corpus, words, named = self.corpus, self.words, self.named
        size, main = int(corpus.starts[-1]), corpus.main[corpus.file_of]
        frames = {symbol: 1 / (1 + depth) for depth, (_, symbol) in reversed(list(enumerate(named.frames)))}
        below = self.files - self.files.max(initial=0.0)
        own, name = words.per_symbol(), words.per_name("whole")
        title, name_title = _scaled(words.per_symbol("title"), main), _scaled(words.per_name("title"), main)
        in_class = corpus.is_kind("class")[corpus.outer] & (corpus.outer != np.arange(size))
        return {
            "file": np.maximum(1 + below / _DEPTH, 0.0)[corpus.file_of],
            "likely file": np.exp(below)[corpus.file_of],
            "words": _scaled(own, main),
            "title": title,
            "long words": _scaled(words.per_long_symbol("whole"), main),
            "long said": _scaled(words.per_long_symbol("said"), main),
            "long title": _scaled(words.per_long_symbol("title"), main),
            "best of file": own / np.maximum(self._best(own)[corpus.file_of], 1e-9),
            "first of file": self._order_in_file(own),
            "name": _scaled(name, main),
            "name title": name_title,
            "name covered": words.name_covered("whole"),
            "first name of file": self._order_in_file(name),
            "class title": title[corpus.outer] * in_class,
            "class name": name_title[corpus.outer] * in_class,
            "message": np.minimum(words.messages, 1.0),
            "symbols": _filled(named.symbols, size),
            "dotted": _filled(named.dotted, size),
            "trace": _filled(frames, size),
            "tested": _filled({symbol: sure for symbol, (sure, _) in named.tested.items()}, size),
            "called by named": _filled(named.called, size),
            "size": self._sizes,
            "similar": _filled(self.similar, size),
        }

    @cached_property
    def _sizes(self) -> Scores:
        """Long functions are changed more often."""
        shapes = self.corpus.shapes
        lines = np.log1p(shapes[:, LAST] - shapes[:, FIRST]) / 6
        return np.where(self._functions, np.minimum(lines, 1.5), _FRAME_SIZE)

    @cached_property
    def _functions(self) -> npt.NDArray[np.bool_]:
        return self.corpus.is_kind("function", "method")

    def _order_in_file(self, scores: Scores) -> Scores:
        """1 for the best function of each file, ½ for the second, ⅓ …"""
        some = np.flatnonzero((scores > 0) & self._functions)
        order = some[np.lexsort((-scores[some], self.corpus.file_of[some]))]
        files = self.corpus.file_of[order]
        found = np.zeros(len(scores))
        found[order] = 1 / (1 + np.arange(len(order)) - np.searchsorted(files, files))
        return found

    @cached_property
    def own(self) -> Scores:
        """How suspicious each symbol is by itself, without its neighbours."""
        weighed = (SYMBOL_WEIGHTS[name] * one for name, one in self._own_symbol_evidence.items())
        return np.asarray(sum(weighed, np.zeros(int(self.corpus.starts[-1]))))

    @cached_property
    def neighbours(self) -> Mapping[int, tuple[float, int, str]]:
        """Symbols that suspicious ones call or are derived from: how surely, 0 to 1, by which symbol, and how."""
        corpus = self.corpus
        own = np.where(_speaking(self._own_symbol_evidence), self.own * self._roles, 0.0)
        best = own.max(initial=0.0)
        seeds = [symbol for symbol in np.argsort(-own, kind="stable")[:_SEEDS].tolist() if own[symbol] > 0]
        found: dict[int, tuple[float, int, str]] = {}
        for user, used, facts in surroundings(self.named.resolver, seeds, 0).edges(data=True):
            how = "base of" if facts["how"] == "inherits" else "called by"
            gain = float(own[user] / best) * facts["sure"]
            if corpus.main[corpus.file_of[used]] and gain > found.get(used, (0.0,))[0]:
                found[used] = (gain, user, how)
        return found

    @cached_property
    def _file_roles(self) -> Scores:
        return np.array([_ASIDE.get(file.aside, 1.0) for file in self.corpus.files])

    @cached_property
    def _roles(self) -> Scores:
        return self._file_roles[self.corpus.file_of]

    @cached_property
    def symbols(self) -> Scores:
        """How suspicious each symbol is, all in all."""
        return np.asarray((self.own + SYMBOL_WEIGHTS["called"] * self.symbol_evidence["called"]) * self._roles)

    def best_files(self, limit: int) -> list[int]:
        """The most suspicious files; tests, examples and documents are not suspected."""
        scores = np.where([file.aside in ("", "tooling") for file in self.corpus.files], self.files, 0.0)
        return [number for number in np.argsort(-scores, kind="stable")[:limit].tolist() if scores[number] > 0]

    def best_symbols(self, limit: int) -> list[int]:
        """The most suspicious symbols."""
        scores = np.where(_speaking(self.symbol_evidence), self.symbols, 0.0)
        return [symbol for symbol in np.argsort(-scores, kind="stable")[:limit].tolist() if scores[symbol] > 0]


def _speaking(evidence: Mapping[str, Scores]) -> npt.NDArray[np.bool_]:
    """For which symbols something speaks, and not only for their file or their class."""
    some = [one > 0 for name, one in evidence.items() if name not in _OF_OTHERS]
    return np.asarray(np.any(some, axis=0))


def _scaled(scores: Scores, main: Scores) -> Scores:
    """The best of the code proper becomes 1, and nothing more than that."""
    top = (scores * main).max(initial=0.0) or scores.max(initial=0.0)
    return np.minimum(scores / top, 1.0) if top > 0 else scores


def _filled(found: Mapping[int, float], size: int) -> Scores:
    scores = np.zeros(size)
    for symbol, value in found.items():
        scores[symbol] = min(value, 1.5)
    return scores
