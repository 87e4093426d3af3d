"""How well a package that was not learnt from is searched: by words, by vectors, by both."""

import numpy as np
import scipy.sparse as sparse
from sources import CODE, COMMENTS, FIRST, NAME, Package
from wordcounts import counted, damped, unit, without

from loopcutter_retrieval.postings import KINDS

ASKED = 400
"""Queries of one package at most."""
LEAST_WORDS, MOST_WORDS = 5, 60
_FUNCTIONS = tuple(KINDS.index(kind) for kind in ("function", "method"))
_BOTH = 2.0
"""What the cosine counts when the best BM25 score of a query counts 1."""


def found(package: Package, words: np.ndarray, vectors: np.ndarray) -> dict[str, float]:
    """Percent of functions among the first ten by the first paragraph of their docstring.

    It is asked for without the words of the function's name; what is searched are all functions without docstrings.
    """
    everything = np.unique(np.concatenate(package.terms))
    functions = np.flatnonzero(np.isin(package.kinds, _FUNCTIONS))

    def tables(known: np.ndarray) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        name, code, first, comments = (
            counted(package, part, known)[functions] for part in (NAME, CODE, FIRST, COMMENTS)
        )
        return without(first, name), (name + code + comments).tocsr()

    queries, texts = tables(everything)
    lengths = np.diff(queries.indptr)
    fit = np.flatnonzero((lengths >= LEAST_WORDS) & (lengths < MOST_WORDS))
    asked = np.random.default_rng(1).choice(fit, min(ASKED, len(fit)), replace=False)
    if not len(asked):
        return {}
    by_words = np.asarray((queries[asked].sqrt() @ bm25(texts).T).todense())
    by_words /= np.maximum(by_words.max(axis=1, keepdims=True), 1e-9)
    queries, texts = tables(words)
    by_vectors = unit(damped(queries[asked]) @ vectors)[0] @ unit(damped(texts) @ vectors)[0].T
    scores = {"words": by_words, "vectors": by_vectors, "both": by_words + _BOTH * by_vectors}
    return {name: _among_the_first(one, asked, 10) for name, one in scores.items()}


def bm25(texts: sparse.csr_matrix) -> sparse.csr_matrix:
    """What each word of each text counts, the query aside."""
    cells = texts.tocoo()
    lengths = np.asarray(texts.sum(axis=1)).ravel()
    having = np.bincount(cells.col, minlength=texts.shape[1])
    rarity = np.log(1 + (texts.shape[0] - having + 0.5) / (having + 0.5))
    norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
    worth = cells.data * 2.2 / (cells.data + norm[cells.row]) * rarity[cells.col]
    return sparse.csr_matrix((worth, (cells.row, cells.col)), shape=texts.shape)


def _among_the_first(scores: np.ndarray, right: np.ndarray, depth: int) -> float:
    better = (scores > scores[np.arange(len(right)), right][:, None]).sum(axis=1)
    return round(100 * float(np.mean(better < depth)), 1)
