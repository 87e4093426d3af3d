"""What the words of a query say of each symbol and file: BM25 over several kinds of text."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from loopcutter_retrieval.cells import Cells, rarity, summed
from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.measures import Scores
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

    @cached_property
    def symbols(self) -> Numbers:
        """The symbols that use a word of the query, ascending. Scores of symbols are about these, in this order."""
        using = np.zeros(int(self.corpus.starts[-1]), np.bool_)
        using[self.hits.symbol] = True
        return np.flatnonzero(using)

    @cached_property
    def row_of(self) -> Numbers:
        """The place of each symbol of the tree among `symbols`; their number for those that are not among them."""
        found = np.full(int(self.corpus.starts[-1]), len(self.symbols))
        found[self.symbols] = np.arange(len(self.symbols))
        return found

    @cached_property
    def files(self) -> Numbers:
        """The file of each of `symbols`."""
        return self.corpus.file_of[self.symbols]

    @cached_property
    def _rows(self) -> Numbers:
        """The place of each hit's symbol among `symbols`."""
        return self.row_of[self.hits.symbol]

    @cached_property
    def _naming(self) -> Numbers:
        """The hits in the names of symbols."""
        return np.flatnonzero(self.hits.counts[:, NAME])

    @cached_property
    def _titled(self) -> slice:
        """The hits of the title's words: the first ones, for so the terms are ordered."""
        return slice(int(np.searchsorted(self.hits.term, len(self._counted["title"]))))

    def weights(self, part: Part) -> Scores:
        """What a term counts for what a part of the query says: repetition counts, but less and less."""
        return self._weights[part]

    @cached_property
    def _weights(self) -> Mapping[str, Scores]:
        return {
            part: np.sqrt(np.array([counted.get(number, 0) for number in self.terms], np.float64)).clip(max=_MOST_OFTEN)
            for part, counted in self._counted.items()
        }

    @cached_property
    def per_file(self) -> dict[str, Scores]:
        """A score of each file, for each kind of text and each part of the query."""
        corpus, hits, terms, files = self.corpus, self.hits, len(self.terms), len(self.corpus.files)
        lengths, path_hits = corpus.file_lengths, corpus.layout.path_words.find(np.array(self.terms, np.uint32))
        code, prose = Cells.of(hits, corpus.file_of[hits.symbol], CODE, PROSE)
        (names,) = Cells.of(naming := hits.part(self._naming), corpus.file_of[naming.symbol], NAME)
        (paths,) = Cells.of(path_hits, path_hits.symbol, 0)
        in_text = code.with_(prose).bm25(lengths.sum(axis=1), corpus.main, terms)
        in_code = code.bm25(lengths[:, 0], corpus.main, terms)
        in_prose = prose.bm25(lengths[:, 1], corpus.main, terms)
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

    @cached_property
    def _counts(self) -> Scores:
        """How often each hit's symbol uses the term, in code and in prose."""
        return self.hits.counts[:, CODE].astype(np.float64) + self.hits.counts[:, PROSE]

    def _pieces(self, b: float) -> Scores:
        """What each hit adds to its symbol's score, the query's weights aside."""
        norm = 1.2 * (1 - b + b * self.corpus.sizes[self.symbols] / self.corpus.average_size)[self._rows]
        return np.asarray(self._counts * 2.2 / (self._counts + norm) * self._symbol_rarity[self.hits.term])

    @cached_property
    def pieces(self) -> Scores:
        return self._pieces(0.75)

    @cached_property
    def _long_pieces(self) -> Scores:
        return self._pieces(0.4)

    @cached_property
    def _symbol_rarity(self) -> Scores:
        """How telling each term is: what few symbols use says more."""
        main = self.corpus.main_symbols
        having = summed(self.hits.term, main[self.hits.symbol], len(self.terms))
        return rarity(having, float(main.sum()))

    def per_symbol(self, part: Part = "whole") -> Scores:
        """BM25 of each symbol's own text."""
        return self._weighed(self.pieces, part)

    def per_long_symbol(self, part: Part) -> Scores:
        """The same, but long functions are forgiven their length: much of what is changed is in them."""
        return self._weighed(self._long_pieces, part)

    def _weighed(self, pieces: Scores, part: Part) -> Scores:
        some = self._titled if part == "title" else slice(None)
        weights = self.weights(part)[self.hits.term[some]]
        return summed(self._rows[some], pieces[some] * weights, len(self.symbols))

    def per_name(self, part: Part) -> Scores:
        """For the words that are part of the symbol's own name."""
        worth = self._symbol_rarity * self.weights(part)
        return summed(self._rows[self._naming], worth[self.hits.term[self._naming]], len(self.symbols))

    def name_covered(self, part: Part) -> Scores:
        """Which part of the symbol's name is said, 0 to 1."""
        said = (self.weights(part) > 0)[self.hits.term[self._naming]]
        times = summed(self._rows[self._naming], said.astype(np.float64), len(self.symbols))
        return times / np.maximum(self.corpus.name_lengths[self.symbols], 1)

    def everywhere(self, scores: Scores) -> Scores:
        """Scores of `symbols` as scores of all symbols of the tree."""
        return np.append(scores, 0.0)[self.row_of]

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
    """The sum of the `most` highest scores in each of the groups 0 to `size`; `groups` ascend, no score is negative."""
    found = np.zeros(size)
    some = np.flatnonzero(scores)
    if not len(some):
        return found
    left, groups = scores[some], groups[some]
    first = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    sizes = np.diff(np.append(first, len(groups)))
    for taken in range(most):
        best = np.maximum.reduceat(left, first)
        found[groups[first]] += best
        if taken + 1 < most:  # one of each group's best is out, the first
            at = np.flatnonzero(left == np.repeat(best, sizes))
            left[at[np.concatenate([[True], groups[at[1:]] != groups[at[:-1]]])]] = 0.0
    return found
