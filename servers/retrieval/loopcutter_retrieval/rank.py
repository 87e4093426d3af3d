"""Weighs all evidence: how suspicious each file and each symbol of a tree is, and why.

Two sums, of one kind: evidence is scaled to 0…1, weighed and added up; nothing else happens. The weights were learnt
on solved issues of a dozen projects (`benchmarks/retrieval/learn.py`), so that e to the power of a file's score is how
likely it is the one. Files come first; a function is as suspicious as its file and its own text make it; and what
speaks for its functions counts for a file in the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.measures import Scores
from loopcutter_retrieval.named import Named
from loopcutter_retrieval.past import NOTHING, Past
from loopcutter_retrieval.related import beside, imported
from loopcutter_retrieval.suspects import Suspects, scaled
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
    "similar": 1.0,
    "functions": 2.4,
}
"""What each kind of evidence for a file counts."""

OUTRIGHT = frozenset({"quoted path", "trace", "dotted", "base", "message", "tested"})
"""Kinds that mean something by themselves. The others only rank the files of one tree against each other."""
_AS_IT_IS = OUTRIGHT | {"similar"}

_ASIDE = {"test": 0.35, "example": 0.35, "document": 0.35, "tooling": 0.6}
_SHARPNESS = 2.0
"""How much the neighbourhood listens to the likeliest files alone."""


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
    def alike(self) -> Mapping[int, float]:
        """The similar symbols, from 0 for the last one to 1 for the first, and the less the more the query names.

        Names lead to the place by themselves; what is merely about the same things then only comes between.
        """
        least, most = min(self.similar.values(), default=0.0), max(self.similar.values(), default=0.0)
        if least == most:  # one alone, or all alike
            least = 0.0
        worth = 1 / (1 + self.words.query.outright) / ((most - least) or 1.0)
        return {symbol: (value - least) * worth for symbol, value in self.similar.items()}

    @cached_property
    def file_evidence(self) -> dict[str, Scores]:
        """Each kind of evidence for each file, the strongest being 1."""
        return self._first_evidence | {"functions": self.suspects.per_file}

    @cached_property
    def _first_evidence(self) -> dict[str, Scores]:
        """All but what its functions say of a file: they are weighed by their files first."""
        found = self._own_evidence
        weighed = self._weighed(found)
        likely = np.exp(_SHARPNESS * (weighed - weighed.max(initial=0.0))) * self.corpus.main
        related = {"imported": imported(self.named.resolver, likely), "beside": beside(self.corpus, likely)}
        return found | {name: scaled(one, self.corpus.main) for name, one in related.items()}

    @cached_property
    def _own_evidence(self) -> dict[str, Scores]:
        """What speaks for a file without a look at the others."""
        corpus, words = self.corpus, self.words
        pieces, names = words.per_symbol(), words.per_name("whole")
        alike = [self.past.similarity(words.terms, words.weights(part)) for part in ("whole", "title")]
        found = {name: one for name, one in words.per_file.items() if name in WEIGHTS}
        found |= {
            "piece": self._best(pieces),
            "pieces": self._best(pieces, 3),
            "piece said": self._best(words.per_symbol("said")),
            "name": self._best(names),
            "name covered": self._best(names * words.name_covered("whole")),
            "message": best_of(words.messages, corpus.file_of, len(corpus.files), 1),
            "history": self.past.changed(alike[0], corpus.by_path),
            "history title": self.past.changed(alike[1], corpus.by_path),
            "similar": self._similar_files,
        }
        found |= dict(self.named.file_scores())
        return {
            name: np.minimum(one, 1.0) if name in _AS_IT_IS else scaled(one, corpus.main) for name, one in found.items()
        }

    @property
    def _similar_files(self) -> Scores:
        """What the most similar symbol of each file has."""
        found = np.zeros(len(self.corpus.files))
        symbols = np.fromiter(self.alike, np.int64, len(self.alike))
        np.maximum.at(found, self.corpus.file_of[symbols], np.fromiter(self.alike.values(), np.float64, len(symbols)))
        return found

    def _best(self, scores: Scores, most: int = 1) -> Scores:
        """The scores of each file's best symbols, added up."""
        return best_of(scores, self.words.files, len(self.corpus.files), most)

    def _weighed(self, evidence: Mapping[str, Scores]) -> Scores:
        return sum((WEIGHTS[name] * one for name, one in evidence.items()), np.zeros(len(self.corpus.files)))

    @cached_property
    def files(self) -> Scores:
        """How suspicious each file is."""
        return np.asarray(self._weighed(self.file_evidence) * self._roles)

    @cached_property
    def _roles(self) -> Scores:
        return np.array([_ASIDE.get(role, 1.0) for role in self.corpus.layout.roles])

    @cached_property
    def suspects(self) -> Suspects:
        """The symbols, weighed."""
        first = np.asarray(self._weighed(self._first_evidence) * self._roles)
        return Suspects(self.words, self.named, self.alike, first, self._roles)

    def best_files(self, limit: int) -> list[int]:
        """The most suspicious files; tests, examples and documents are not suspected."""
        scores = np.where(self.corpus.layout.suspected, self.files, 0.0)
        return [number for number in np.argsort(-scores, kind="stable")[:limit].tolist() if scores[number] > 0]
