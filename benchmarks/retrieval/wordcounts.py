"""Texts as counts of words: sparse tables with a row a symbol and a column a word."""

import numpy as np
import scipy.sparse as sparse
from sources import Package


def counted(one: Package, part: int, words: np.ndarray) -> sparse.csr_matrix:
    terms, sizes = one.terms[part], one.sizes[part]
    at = np.searchsorted(words, terms).clip(max=len(words) - 1)
    known = words[at] == terms
    rows = np.repeat(np.arange(len(sizes)), sizes)[known]
    found = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, at[known])), shape=(len(sizes), len(words)))
    found.sum_duplicates()
    return found


def damped(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Repetition counts, but less and less."""
    found = counts.tocsr(copy=True)
    found.eliminate_zeros()
    found.data = 1 + np.log(np.maximum(found.data, 1)).astype(np.float32)
    return found


def without(counts: sparse.csr_matrix, others: sparse.csr_matrix) -> sparse.csr_matrix:
    """Without the words that the same row of `others` has."""
    found = (counts - counts.multiply(others > 0)).tocsr()
    found.eliminate_zeros()
    return found


def unit(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return vectors / lengths, lengths
