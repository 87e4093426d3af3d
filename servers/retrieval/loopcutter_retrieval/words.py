"""What the words of a query say of each symbol and file: BM25 over several kinds of text."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loopcutter_retrieval.corpus import Corpus, Hits, Numbers, Scores
from loopcutter_retrieval.mentions import Query
from loopcutter_retrieval.postings import CODE, NAME, PROSE, count
from loopcutter_retrieval.tokens import WORD, message_terms, terms

_MOST_TERMS = 500
_MOST_OFTEN = 4.0
"""What a word that is repeated without end counts, compared to one that is said once."""


@dataclass(frozen=True)
class Words:
    """The words of one query against one corpus."""

    corpus: Corpus
    query: Query

    @cached_property
    def _counted(self) -> Mapping[int, int]:
        """The query's terms; those of the title come first, should there be too many."""
        titled, counted = count(WORD.findall(self.query.title)), count(WORD.findall(self.query.text))
        return {number: counted.get(number, 1) for number in list(titled | counted)[:_MOST_TERMS]}

    @cached_property
    def terms(self) -> list[int]:
        return list(self._counted)

    @cached_property
    def spelling(self) -> Mapping[int, str]:
        """How the query writes each of its terms."""
        return {number: word for word in WORD.findall(self.query.text)[::-1] for number in terms(word)}

    @cached_property
    def hits(self) -> Hits:
        return self.corpus.find(self.terms)

    @cached_property
    def weights(self) -> Scores:
        """What a term of the query counts: repetition counts, but less and less."""
        return np.sqrt(np.array(list(self._counted.values()), np.float64)).clip(max=_MOST_OFTEN)

    @cached_property
    def title_weights(self) -> Scores:
        titled = count(WORD.findall(self.query.title))
        return np.sqrt(np.array([titled.get(number, 0) for number in self.terms], np.float64))

    def _by_file(self, *fields: int) -> Scores:
        """How often each file uses each term."""
        shape = (len(self.corpus.files), len(self.terms))
        cell = self.corpus.file_of[self.hits.symbol] * shape[1] + self.hits.term
        counted = sum((self.hits.counts[:, one].astype(np.float64) for one in fields), np.zeros(len(cell)))
        return _summed(cell, counted, shape[0] * shape[1]).reshape(shape)

    @cached_property
    def file_lengths(self) -> Scores:
        """Words of each file, in code and in prose."""
        sums = np.zeros((len(self.corpus.files), 2))
        np.add.at(sums, self.corpus.file_of, self.corpus.lengths)
        return sums

    @cached_property
    def per_file(self) -> dict[str, Scores]:
        """A score of each file, for each kind of text."""
        code, prose, name = self._by_file(CODE), self._by_file(PROSE), self._by_file(NAME)
        lengths = self.file_lengths
        paths = self._path_counts()
        everything, length = code + prose, lengths.sum(axis=1)
        return {
            "text": self._bm25(everything, length, self.weights),
            "title": self._bm25(everything, length, self.title_weights),
            "code": self._bm25(code, lengths[:, 0], self.weights),
            "prose": self._bm25(prose, lengths[:, 1], self.weights),
            "names": self._bm25(name, name.sum(axis=1), self.weights),
            "path": self._bm25(paths, paths.sum(axis=1), self.weights, b=0.3),
            "path title": self._bm25(paths, paths.sum(axis=1), self.title_weights, b=0.3),
        }

    def _path_counts(self) -> Scores:
        counts = np.zeros((len(self.corpus.files), len(self.terms)))
        for column, number in enumerate(self.terms):
            np.add.at(counts, (self.corpus.by_path_term.get(number, []), column), 1)
        return counts

    def _bm25(self, counts: Scores, lengths: Scores, weights: Scores, k: float = 1.2, b: float = 0.75) -> Scores:
        having = ((counts > 0) * self.corpus.main[:, None]).sum(axis=0)
        rarity = _rarity(having, self.corpus.main.sum())
        average = (lengths * self.corpus.main).sum() / max(self.corpus.main.sum(), 1.0) + 1e-9
        norm = k * (1 - b + b * lengths / average)
        return np.asarray((counts * (k + 1) / (counts + norm[:, None] + 1e-9)) @ (rarity * weights))

    @cached_property
    def pieces(self) -> Scores:
        """What each hit adds to its symbol's score, the query's weights aside."""
        counts = self.hits.counts[:, CODE].astype(np.float64) + self.hits.counts[:, PROSE]
        main = self.corpus.main[self.corpus.file_of]
        lengths = self.corpus.lengths.sum(axis=1)
        average = (lengths * main).sum() / max(main.sum(), 1.0) + 1e-9
        norm = 1.2 * (0.25 + 0.75 * lengths[self.hits.symbol] / average)
        return np.asarray(counts * 2.2 / (counts + norm) * self._symbol_rarity[self.hits.term])

    @cached_property
    def _symbol_rarity(self) -> Scores:
        """How telling each term is: what few symbols use says more."""
        main = self.corpus.main[self.corpus.file_of]
        having = _summed(self.hits.term, main[self.hits.symbol], len(self.terms))
        return _rarity(having, float(main.sum()))

    @cached_property
    def per_symbol(self) -> Scores:
        return self._by_symbol(self.pieces * self.weights[self.hits.term])

    @cached_property
    def per_symbol_title(self) -> Scores:
        return self._by_symbol(self.pieces * self.title_weights[self.hits.term])

    @cached_property
    def per_symbol_name(self) -> Scores:
        """For the words that are part of the symbol's own name."""
        worth = self._symbol_rarity * self.weights
        return self._by_symbol((self.hits.counts[:, NAME] > 0) * worth[self.hits.term])

    def _by_symbol(self, values: Scores) -> Scores:
        return _summed(self.hits.symbol, values, int(self.corpus.starts[-1]))

    def said_by(self, symbol: int) -> list[str]:
        """The words of the query that count most for a symbol, in the query's spelling."""
        rows = np.flatnonzero(self.hits.symbol == symbol)
        worth = self.pieces[rows] * self.weights[self.hits.term[rows]]
        best = rows[np.argsort(-worth, kind="stable")]
        words = (self.spelling[self.terms[self.hits.term[row]]] for row in best if self.pieces[row] > 0)
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
