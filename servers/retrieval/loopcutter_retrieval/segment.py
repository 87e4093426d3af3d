"""An inverted index in memory: for each term the symbols that use it, as flat arrays.

It never changes. A tree that differs by a few files is made of the segment of another tree and a small one of its own
(`corpus.py`), so that an edit costs what was edited.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.postings import Counts, Terms

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Hits:
    """Where the terms of a query occur, term by term."""

    term: Numbers
    """Which of the query's terms, as a position among them; ascending."""
    symbol: Numbers
    counts: Counts

    def part(self, rows: Numbers) -> "Hits":
        return Hits(self.term[rows], self.symbol[rows], np.take(self.counts, rows, axis=0))

    @staticmethod
    def joined(parts: Sequence["Hits"]) -> "Hits":
        """All of them, again term by term."""
        if len(parts) == 1:
            return parts[0]
        term = np.concatenate([one.term for one in parts])
        order = np.argsort(term, kind="stable")
        symbol, counts = (np.concatenate([getattr(one, name) for one in parts]) for name in ("symbol", "counts"))
        return Hits(term[order], symbol[order], counts[order])


@dataclass(frozen=True)
class Segment:
    """Which symbols use which terms. Symbols are numbered from 0."""

    terms: Terms
    """Each once, ascending."""
    starts: Numbers
    """Where the rows of each term begin, and the number of all rows at the end."""
    symbols: npt.NDArray[np.int32]
    """One row a term and symbol, by term, then by symbol."""
    counts: Counts
    """Of the same rows: how often in code, in prose, in the symbol's own name."""

    @staticmethod
    def of(terms: Terms, counts: Counts, sizes: npt.NDArray[np.int32]) -> "Segment":
        """Made of the postings of symbols in their order: `sizes` tells how many rows each has."""
        order = _order(terms)
        ordered = terms[order]
        first = np.flatnonzero(np.concatenate([np.ones(min(len(terms), 1), np.bool_), ordered[1:] != ordered[:-1]]))
        symbols = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        starts = np.append(first, len(terms)).astype(np.int64)
        return Segment(ordered[first], starts, symbols[order], np.take(counts, order, axis=0))

    def find(self, wanted: Terms) -> Hits:
        """Where the terms occur. `wanted` must be without repetition."""
        if not len(self.terms) or not len(wanted):
            return Hits(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 3), np.uint8))
        at = np.searchsorted(self.terms, wanted).clip(max=len(self.terms) - 1)
        known = np.flatnonzero(self.terms[at] == wanted)
        first = self.starts[at[known]]
        sizes = self.starts[at[known] + 1] - first
        rows = np.arange(int(sizes.sum())) + np.repeat(first - np.cumsum(sizes) + sizes, sizes)
        return Hits(np.repeat(known, sizes), self.symbols[rows].astype(np.int64), np.take(self.counts, rows, axis=0))


def _order(terms: Terms) -> Numbers:
    """What sorts the terms and leaves rows of one term in their order: half by half, which numpy does by counting."""
    order = np.argsort((terms & 0xFFFF).astype(np.uint16), kind="stable")
    return np.asarray(order[np.argsort((terms >> 16).astype(np.uint16)[order], kind="stable")])
