"""How often files use the terms of a query, and what that says of them: a sparse table, for most files use few."""

from dataclasses import dataclass

import numpy as np

from loopcutter_retrieval.measures import Scores
from loopcutter_retrieval.segment import Hits, Numbers


@dataclass(frozen=True)
class Cells:
    """The cells of a table of terms and files that may not be zero; the lists are of one length."""

    term: Numbers
    file: Numbers
    values: Scores

    @staticmethod
    def of(hits: Hits, file: Numbers, *fields: int) -> tuple["Cells", ...]:
        """The hits of each file taken together, a table for each field; `file` is that of each hit."""
        if not len(file):
            return tuple(Cells(hits.term, file, np.zeros(0)) for _ in fields)
        changes = (hits.term[1:] != hits.term[:-1]) | (file[1:] != file[:-1])
        first = np.flatnonzero(np.concatenate([[True], changes]))
        term, file = hits.term[first], file[first]
        counts = (np.add.reduceat(hits.counts[:, one].astype(np.float64), first) for one in fields)
        return tuple(Cells(term, file, values) for values in counts)

    def with_(self, other: "Cells") -> "Cells":
        """The sum of two tables of the same cells."""
        return Cells(self.term, self.file, self.values + other.values)

    def bm25(self, lengths: Scores, main: Scores, terms: int, k: float = 1.2, b: float = 0.75) -> "Cells":
        """What each cell adds to the score of its file, the query's weights aside; `terms` are as many.

        `main` tells which files are code proper: they alone say how long files are and which terms are rare.
        """
        having = summed(self.term, (self.values > 0) * main[self.file], terms)
        average = (lengths * main).sum() / max(main.sum(), 1.0) + 1e-9
        norm = k * (1 - b + b * lengths / average)
        saturated = self.values * (k + 1) / (self.values + norm[self.file] + 1e-9)
        return Cells(self.term, self.file, saturated * rarity(having, float(main.sum()))[self.term])

    def weighed(self, weights: Scores, files: int) -> Scores:
        """The sum of each file, each term counting what its weight says."""
        return summed(self.file, self.values * weights[self.term], files)

    def sums(self, files: int) -> Scores:
        """The sum of each file."""
        return summed(self.file, self.values, files)


def summed(groups: Numbers, values: Scores, size: int) -> Scores:
    """The sum of the values of each group, of which there are as many."""
    return np.bincount(groups, values, minlength=size).astype(np.float64)


def rarity(having: Scores, total: float) -> Scores:
    """How telling it is that something has what so many of all have."""
    return np.asarray(np.log(1 + (total - having + 0.5).clip(min=0.5) / (having + 0.5)))
