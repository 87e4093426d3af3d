"""What the words of a query say of each symbol and file: BM25 over several kinds of text."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from loopcutter_retrieval.cells import Cells, rarity, summed
from loopcutter_retrieval.corpus import Corpus, Scores
from loopcutter_retrieval.mentions import Query
from loopcutter_retrieval.postings import CODE, NAME, PROSE, count
from loopcutter_retrieval.section import sections
from loopcutter_retrieval.segment import Hits, Numbers
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

    @cached_property
    def per_file(self) -> dict[str, Scores]:
        """A score of each file, for each kind of text and each part of the query."""
        corpus, hits, terms, files = self.corpus, self.hits, len(self.terms), len(self.corpus.files)
        file, lengths = corpus.file_of[hits.symbol], corpus.file_lengths
        path_hits = corpus.layout.path_words.find(np.array(self.terms, np.uint32))
        names, paths = Cells.of(hits, file, NAME), Cells.of(path_hits, path_hits.symbol, 0)
        in_text = Cells.of(hits, file, CODE, PROSE).bm25(lengths.sum(axis=1), corpus.main, terms)
        in_code = Cells.of(hits, file, CODE).bm25(lengths[:, 0], corpus.main, terms)
        in_prose = Cells.of(hits, file, PROSE).bm25(lengths[:, 1], corpus.main, terms)
        in_names = names.bm25(names.sums(files), corpus.main, terms)
        in_path = paths.bm25(paths.sums(files), corpus.main, terms, b=0.3)
        title, whole, said = (self.weights(part) for part in ("title", "whole", "said"))
        return {
            "text": in_text.weighed(self.weights("all"), files),
            "title": in_text.weighed(title, files),
            "code": in_code.weighed(whole, files),
            "prose": in_prose.weighed(whole, files),
            "prose title": in_prose.weighed(title, files),
            "names": in_names.weighed(whole, files),
            "path": in_path.weighed(whole, files),
            "path title": in_path.weighed(title, files),
            "path said": in_path.weighed(said, files),
        }

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
        having = summed(self.hits.term, main[self.hits.symbol], len(self.terms))
        return rarity(having, float(main.sum()))

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
        return summed(self.hits.symbol, values, int(self.corpus.starts[-1]))

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
        return summed(hits.symbol, worth, int(self.corpus.starts[-1]))


def best_of(scores: Scores, groups: Numbers, size: int, most: int) -> Scores:
    """The sum of the `most` highest scores in each of the groups 0 to `size`."""
    some = np.flatnonzero(scores)
    order = some[np.lexsort((-scores[some], groups[some]))]
    ordered = groups[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return summed(ordered[rank < most], scores[order][rank < most], size)
