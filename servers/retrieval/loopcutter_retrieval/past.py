"""What the history of a repository says of a query: files that were changed by commits whose messages are like it.

A project's commits are worded like its issues: `Fixed #123 -- Made QuerySet.union() keep its order.` touched the file
that the next issue about unions is in. The digest that vcs sends along with a snapshot is kept as flat arrays, so that
a query costs a few milliseconds for three thousand commits.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.cells import rarity, summed
from loopcutter_retrieval.measures import Scores
from loopcutter_retrieval.plumbing import Plumbing
from loopcutter_retrieval.postings import Terms, count
from loopcutter_retrieval.segment import Numbers
from loopcutter_retrieval.tokens import WORD
from loopcutter_snapshots.history import Commit, read

_KEPT = 8
"""Trees whose past is kept in memory; most of them share it."""
_ALIKE = 60
"""So many commits, the most similar ones, speak for the files they touched."""
_FEW = 12
"""Commits that touch more files say nothing about any of them."""


@dataclass(frozen=True)
class Past:
    """The commits of a digest, newest first."""

    terms: Terms
    counts: Scores
    rows: Numbers
    """The commit of each term."""
    touched: Sequence[tuple[str, ...]]
    """The files of each commit."""

    @staticmethod
    def of(commits: Sequence[Commit]) -> "Past":
        counted = [count(WORD.findall(one.message)) for one in commits]
        return Past(
            np.array([term for one in counted for term in one], np.uint32),
            np.array([times for one in counted for times in one.values()], np.float64),
            np.repeat(np.arange(len(commits)), [len(one) for one in counted]),
            [one.paths for one in commits],
        )

    @cached_property
    def lengths(self) -> Scores:
        """Words of each message."""
        return summed(self.rows, self.counts, len(self.touched))

    def similarity(self, terms: Sequence[int], weights: npt.NDArray[np.float64]) -> Scores:
        """BM25 of each commit's message for these terms."""
        found = np.zeros(len(self.touched))
        if not len(self.terms) or not len(terms):
            return found
        order = np.argsort(np.array(terms, np.uint32))
        asked: Terms = np.array(terms, np.uint32)[order]
        at = np.searchsorted(asked, self.terms).clip(max=len(asked) - 1)
        hits = np.flatnonzero(asked[at] == self.terms)
        column, row, times = order[at[hits]], self.rows[hits], self.counts[hits]
        having = np.bincount(column, minlength=len(terms)).astype(np.float64)
        norm = 1.2 * (0.25 + 0.75 * self.lengths[row] / (self.lengths.mean() + 1e-9))
        worth = times * 2.2 / (times + norm) * (rarity(having, len(self.touched)) * weights)[column]
        return summed(row, worth, len(self.touched))

    def changed(self, similarity: Scores, numbers: Mapping[str, int]) -> Scores:
        """For each file, how much the commits that are most like the query speak for it; `numbers` are the files'."""
        found = np.zeros(len(numbers))
        best = similarity.max(initial=0.0)
        for row in np.argsort(-similarity, kind="stable")[:_ALIKE].tolist():
            known = [numbers[path] for path in self.touched[row] if path in numbers]
            if similarity[row] > 0 and len(known) <= _FEW:
                for number in known:
                    found[number] += (similarity[row] / best) ** 2 / len(known)
        return found


NOTHING = Past(np.empty(0, np.uint32), np.empty(0), np.empty(0, np.int64), ())
"""A tree whose history nobody sent."""


class Pasts:
    """The pasts of the trees of a store, each digest taken apart once. Safe to use from several threads."""

    def __init__(self, plumbing: Plumbing) -> None:
        self._plumbing = plumbing
        self._lock = Lock()
        self._by_tree: OrderedDict[str, tuple[str, Past]] = OrderedDict()

    def of(self, tree: str) -> Past:
        """What came along with a tree; nothing if nothing did."""
        with self._lock:
            if tree not in self._by_tree:
                identity = self._plumbing.past(tree)
                same = [past for one, past in self._by_tree.values() if one == identity]
                self._by_tree[tree] = identity, (same[0] if same else self._read(identity))
                while len(self._by_tree) > _KEPT:
                    self._by_tree.popitem(last=False)
            return self._by_tree[tree][1]

    def _read(self, identity: str) -> Past:
        if not identity:
            return NOTHING
        ((_, digest),) = self._plumbing.read_blobs([identity])
        return Past.of(read(digest))
