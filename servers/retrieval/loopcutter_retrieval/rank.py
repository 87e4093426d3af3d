"""Weighs all evidence: how suspicious each file and each symbol of a tree is, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.corpus import Corpus, Scores
from loopcutter_retrieval.graph import surroundings
from loopcutter_retrieval.named import Named
from loopcutter_retrieval.words import Words, best_of

WEIGHTS: Mapping[str, float] = {
    "text": 0.3,
    "title": 2.0,
    "code": 0.3,
    "prose": 0.7,
    "piece": 1.5,
    "pieces": 1.0,
    "names": 1.3,
    "path": 1.2,
    "path title": 0.5,
    "quoted path": 1.3,
    "trace": 0.5,
    "dotted": 0.3,
    "symbols": 1.0,
    "message": 0.5,
    "tested": 1.0,
}
"""What each kind of evidence for a file counts."""

SYMBOL_WEIGHTS: Mapping[str, float] = {
    "file": 1.0,
    "words": 1.2,
    "title": 0.3,
    "name": 0.3,
    "message": 0.6,
    "symbols": 0.5,
    "dotted": 0.8,
    "trace": 0.9,
    "tested": 0.8,
    "similar": 0.3,
}
"""What each kind of evidence for a symbol counts."""

OUTRIGHT = frozenset({"quoted path", "trace", "dotted", "message", "tested"})
"""Kinds that mean something by themselves. The others only rank the files of one tree against each other."""

_ASIDE = {"test": 0.35, "example": 0.35, "document": 0.35, "tooling": 0.6}
_SEEDS = 15
_NEXT = 0.25
"""What a symbol gains from a suspicious neighbour, in parts of the neighbour's score."""


@dataclass(frozen=True)
class Ranking:
    """The evidence of one query in one corpus, weighed."""

    words: Words
    named: Named
    similar: Mapping[int, float]
    """Symbols that a vector search holds for similar, 0 to 1; empty when there are no vectors."""

    @property
    def corpus(self) -> Corpus:
        return self.words.corpus

    @cached_property
    def file_evidence(self) -> dict[str, Scores]:
        """Each kind of evidence for each file, the strongest being 1."""
        corpus, words = self.corpus, self.words
        size = len(corpus.files)
        found = dict(words.per_file)
        found["piece"] = best_of(words.per_symbol, corpus.file_of, size, 1)
        found["pieces"] = best_of(words.per_symbol, corpus.file_of, size, 3)
        found["message"] = best_of(words.messages, corpus.file_of, size, 1)
        found |= dict(self.named.file_scores())
        return {
            name: np.minimum(one, 1.0) if name in OUTRIGHT else _scaled(one, corpus.main) for name, one in found.items()
        }

    @cached_property
    def files(self) -> Scores:
        """How suspicious each file is."""
        total = sum((WEIGHTS[name] * one for name, one in self.file_evidence.items()), np.zeros(len(self.corpus.files)))
        return np.asarray(total * self._file_roles)

    @cached_property
    def symbol_evidence(self) -> dict[str, Scores]:
        """Each kind of evidence for each symbol."""
        corpus, words, named = self.corpus, self.words, self.named
        size, main = int(corpus.starts[-1]), corpus.main[corpus.file_of]
        frames = {symbol: 1 / (1 + depth) for depth, (_, symbol) in reversed(list(enumerate(named.frames)))}
        return {
            "file": _scaled(self.files, corpus.main)[corpus.file_of],
            "words": _scaled(words.per_symbol, main),
            "title": _scaled(words.per_symbol_title, main),
            "name": _scaled(words.per_symbol_name, main),
            "message": np.minimum(words.messages, 1.0),
            "symbols": _filled(named.symbols, size),
            "dotted": _filled(named.dotted, size),
            "trace": _filled(frames, size),
            "tested": _filled({symbol: sure for symbol, (sure, _) in named.tested.items()}, size),
            "similar": _filled(self.similar, size),
        }

    @cached_property
    def own(self) -> Scores:
        """How suspicious each symbol is by itself, without its neighbours."""
        weighed = (SYMBOL_WEIGHTS[name] * one for name, one in self.symbol_evidence.items())
        return np.asarray(sum(weighed, np.zeros(int(self.corpus.starts[-1]))))

    @cached_property
    def neighbours(self) -> Mapping[int, tuple[float, int, str]]:
        """Symbols next to suspicious ones: what that adds to their score, through which symbol, and how."""
        corpus = self.corpus
        own = self.own * self._roles
        seeds = set(np.argsort(-own, kind="stable")[:_SEEDS].tolist())
        graph = surroundings(self.named.resolver, seeds)
        found: dict[int, tuple[float, int, str]] = {}
        for user, used, facts in graph.edges(data=True):
            for near, seed, how in ((used, user, "called by"), (user, used, "calls")):
                if facts["how"] == "inherits":
                    how = "base of" if how == "called by" else "derived from"
                if seed in seeds:
                    gain = _NEXT * float(own[seed]) * facts["sure"]
                    if corpus.files[int(corpus.file_of[near])].aside != "test" and gain > found.get(near, (0.0,))[0]:
                        found[near] = (gain, seed, how)
        return found

    @cached_property
    def _file_roles(self) -> Scores:
        return np.array([_ASIDE.get(file.aside, 1.0) for file in self.corpus.files])

    @cached_property
    def _roles(self) -> Scores:
        return self._file_roles[self.corpus.file_of]

    @cached_property
    def _speaking(self) -> npt.NDArray[np.bool_]:
        """Whether something speaks for the symbol itself, and not only for its file."""
        speaking = np.zeros(len(self._roles), np.bool_)
        for name, one in self.symbol_evidence.items():
            speaking |= (one > 0) & (name != "file")
        speaking[list(self.neighbours)] = True
        return speaking

    @cached_property
    def symbols(self) -> Scores:
        """How suspicious each symbol is, all in all."""
        total = self.own * self._roles
        for symbol, (gain, _, _) in self.neighbours.items():
            total[symbol] += gain
        return total

    def best_files(self, limit: int) -> list[int]:
        """The most suspicious files; tests, examples and documents are not suspected."""
        scores = np.where([file.aside in ("", "tooling") for file in self.corpus.files], self.files, 0.0)
        return [number for number in np.argsort(-scores, kind="stable")[:limit].tolist() if scores[number] > 0]

    def best_symbols(self, limit: int) -> list[int]:
        """The most suspicious symbols; each further one of the same file must be clearly better than others'."""
        chosen: list[int] = []
        taken: dict[int, int] = {}
        order = np.argsort(-self.symbols, kind="stable")[: 8 * limit + 50].tolist()
        waiting = [(float(self.symbols[symbol]), symbol) for symbol in order if self._speaking[symbol]]
        while waiting and len(chosen) < limit:
            best = max(
                waiting,
                key=lambda one: (one[0] * 0.93 ** taken.get(int(self.corpus.file_of[one[1]]), 0), -one[1]),
            )
            waiting.remove(best)
            chosen.append(best[1])
            file = int(self.corpus.file_of[best[1]])
            taken[file] = taken.get(file, 0) + 1
        return chosen


def _scaled(scores: Scores, main: Scores) -> Scores:
    """The best of the code proper becomes 1, and nothing more than that."""
    top = (scores * main).max(initial=0.0) or scores.max(initial=0.0)
    return np.minimum(scores / top, 1.0) if top > 0 else scores


def _filled(found: Mapping[int, float], size: int) -> Scores:
    scores = np.zeros(size)
    for symbol, value in found.items():
        scores[symbol] = min(value, 1.5)
    return scores
