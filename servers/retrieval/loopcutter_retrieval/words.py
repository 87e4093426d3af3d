"""What the words of a query say of each symbol and file: BM25 over several kinds of text."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from loopcutter_retrieval.corpus import Corpus, Hits, Numbers, Scores
from loopcutter_retrieval.mentions import Query
from loopcutter_retrieval.postings import CODE, NAME, PROSE, count
from loopcutter_retrieval.section import sections
from loopcutter_retrieval.tokens import WORD, message_terms, terms

Part = Literal["all", "title", "whole", "said"]
"""Which words of the query: every one, the title's, all but forms and versions, those of sentences."""

_MOST_TERMS = 500
_MOST_OFTEN = 4.0
"""What a word that is repeated without end counts, compared to one that is said once."""


@dataclass(frozen=True)
class Words:
    """The words of one query against one corpus."""

    corpus: Corpus
    query: Query

    @cached_property
    def _counted(self) -> Mapping[str, Mapping[int, int]]:
        """How often the parts of the query say each term."""
        parts = sections(self.query.text)
        texts = {"all": self.query.text, "title": parts.title, "whole": parts.whole, "said": parts.said}
        return {part: count(WORD.findall(text)) for part, text in texts.items()}

    @cached_property
    def terms(self) -> list[int]:
        """Those of the title come first, should there be too many."""
        return list(dict.fromkeys([*self._counted["title"], *self._counted["all"]]))[:_MOST_TERMS]

    @cached_property
    def spelling(self) -> Mapping[int, str]:
        """How the query writes each of its terms."""
        return {number: word for word in WORD.findall(self.query.text)[::-1] for number in terms(word)}

    @cached_property
    def hits(self) -> Hits:
        return self.corpus.find(self.terms)

    def weights(self, part: Part) -> Scores:
        """What a term counts for what a part of the query says: repetition counts, but less and less."""
        counted = self._counted[part]
        return np.sqrt(np.array([counted.get(number, 0) for number in self.terms], np.float64)).clip(max=_MOST_OFTEN)

    def _by_file(self, *fields: int) -> Scores:
        """How often each file uses each term."""
        shape = (len(self.corpus.files), len(self.terms))
        cell = self.corpus.file_of[self.hits.symbol] * shape[1] + self.hits.term
        counted = sum((self.hits.counts[:, one].astype(np.float64) for one in fields), np.zeros(len(cell)))
        return _summed(cell, counted, shape[0] * shape[1]).reshape(shape)

    @cached_property
    def per_file(self) -> dict[str, Scores]:
        """A score of each file, for each kind of text and each part of the query."""
        code, prose, name = self._by_file(CODE), self._by_file(PROSE), self._by_file(NAME)
        lengths, paths = self.corpus.file_lengths, self._path_counts()
        title, whole, said = (self.weights(part) for part in ("title", "whole", "said"))
        in_text, in_prose = self._bm25(code + prose, lengths.sum(axis=1)), self._bm25(prose, lengths[:, 1])
        in_path = self._bm25(paths, paths.sum(axis=1), b=0.3)
        return {
            "text": in_text @ self.weights("all"),
            "title": in_text @ title,
            "code": self._bm25(code, lengths[:, 0]) @ whole,
            "prose": in_prose @ whole,
            "prose title": in_prose @ title,
            "names": self._bm25(name, name.sum(axis=1)) @ whole,
            "path": in_path @ whole,
            "path title": in_path @ title,
            "path said": in_path @ said,
        }

    def _path_counts(self) -> Scores:
        counts = np.zeros((len(self.corpus.files), len(self.terms)))
        for column, number in enumerate(self.terms):
            np.add.at(counts, (self.corpus.by_path_term.get(number, []), column), 1)
        return counts

    def _bm25(self, counts: Scores, lengths: Scores, k: float = 1.2, b: float = 0.75) -> Scores:
        """What each term adds to the score of each file, the query's weights aside."""
        having = ((counts > 0) * self.corpus.main[:, None]).sum(axis=0)
        average = (lengths * self.corpus.main).sum() / max(self.corpus.main.sum(), 1.0) + 1e-9
        norm = k * (1 - b + b * lengths / average)
        saturated = counts * (k + 1) / (counts + norm[:, None] + 1e-9)
        return np.asarray(saturated * _rarity(having, self.corpus.main.sum()))

    def _pieces(self, b: float) -> Scores:
        """What each hit adds to its symbol's score, the query's weights aside."""
        counts = self.hits.counts[:, CODE].astype(np.float64) + self.hits.counts[:, PROSE]
        main = self.corpus.main[self.corpus.file_of]
        lengths = self.corpus.lengths.sum(axis=1)
        average = (lengths * main).sum() / max(main.sum(), 1.0) + 1e-9
        norm = 1.2 * (1 - b + b * lengths[self.hits.symbol] / average)
        return np.asarray(counts * 2.2 / (counts + norm) * self._symbol_rarity[self.hits.term])

    @cached_property
    def pieces(self) -> Scores:
        return self._pieces(0.75)

    @cached_property
    def _long_pieces(self) -> Scores:
        return self._pieces(0.4)

    @cached_property
    def _symbol_rarity(self) -> Scores:
        """How telling each term is: what few symbols use says more."""
        main = self.corpus.main[self.corpus.file_of]
        having = _summed(self.hits.term, main[self.hits.symbol], len(self.terms))
        return _rarity(having, float(main.sum()))

    def per_symbol(self, part: Part = "whole") -> Scores:
        """BM25 of each symbol's own text."""
        return self._by_symbol(self.pieces * self.weights(part)[self.hits.term])

    def per_long_symbol(self, part: Part) -> Scores:
        """The same, but long functions are forgiven their length: much of what is changed is in them."""
        return self._by_symbol(self._long_pieces * self.weights(part)[self.hits.term])

    def per_name(self, part: Part) -> Scores:
        """For the words that are part of the symbol's own name."""
        worth = self._symbol_rarity * self.weights(part)
        return self._by_symbol((self.hits.counts[:, NAME] > 0) * worth[self.hits.term])

    def name_covered(self, part: Part) -> Scores:
        """Which part of the symbol's name is said, 0 to 1."""
        said = (self.hits.counts[:, NAME] > 0) & (self.weights(part)[self.hits.term] > 0)
        return self._by_symbol(said.astype(np.float64)) / np.maximum(self.corpus.name_lengths, 1)

    def _by_symbol(self, values: Scores) -> Scores:
        return _summed(self.hits.symbol, values, int(self.corpus.starts[-1]))

    def said_by(self, symbol: int) -> list[str]:
        """The words of the query that count most for a symbol, in the query's spelling."""
        rows = np.flatnonzero(self.hits.symbol == symbol)
        worth = self.pieces[rows] * self.weights("whole")[self.hits.term[rows]]
        best = [at for at in np.argsort(-worth, kind="stable").tolist() if worth[at] > 0]
        words = (self.spelling[self.terms[self.hits.term[rows[at]]]] for at in best)
        return list(dict.fromkeys(words))[:5]

    @cached_property
    def messages(self) -> Scores:
        """How much of the query's wording each symbol has in its string literals, rare wording counting more."""
        wanted = list(message_terms(self.query.text))[: 4 * _MOST_TERMS]
        hits = self.corpus.find(wanted)
        spread = np.bincount(hits.term, minlength=len(wanted))
        worth = 1.0 / np.maximum(spread[hits.term], 1)
        return _summed(hits.symbol, worth, int(self.corpus.starts[-1]))


def _rarity(having: Scores, total: float) -> Scores:
    return np.log(1 + (total - having + 0.5).clip(min=0.5) / (having + 0.5))


def _summed(groups: Numbers, values: Scores, size: int) -> Scores:
    return np.bincount(groups, values, minlength=size).astype(np.float64)


def best_of(scores: Scores, groups: Numbers, size: int, most: int) -> Scores:
    """The sum of the `most` highest scores in each of the groups 0 to `size`."""
    some = np.flatnonzero(scores)
    order = some[np.lexsort((-scores[some], groups[some]))]
    ordered = groups[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return _summed(ordered[rank < most], scores[order][rank < most], size)
