"""The words of a file as flat arrays: what is kept of its text, and what all ranking is computed from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.language import Kind, Outline, Symbol
from loopcutter_retrieval.tokens import call_term, fact_term, message_terms, packed, terms, text_terms

Terms = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.uint8]
Shapes = npt.NDArray[np.int32]

CODE, PROSE, NAME = 0, 1, 2
"""The fields a word is counted in. Calls, facts and messages have terms of their own, counted in none."""
OUTER, KIND, FIRST, LAST = 0, 1, 2, 3
"""The columns of a symbol's shape."""
KINDS: tuple[Kind, ...] = ("module", "class", "function", "method", "text")


@dataclass(frozen=True)
class Postings:
    """Which terms each symbol of a file uses, and how often."""

    terms: Terms
    counts: Counts
    """One row a term: how often in code, in prose, in the symbol's own name; 255 and more as 255."""
    sizes: npt.NDArray[np.int32]
    """How many of the rows belong to each symbol."""
    shapes: Shapes
    """One row a symbol: the symbol around it (by its place in the file), its kind, its first and its last line."""


def joined(parts: Sequence[Postings]) -> Postings:
    """The postings of several files, one after the other."""
    if not parts:
        return Postings(np.empty(0, np.uint32), np.empty((0, 3), np.uint8), np.empty(0, np.int32), _NO_SHAPES)
    terms, counts, sizes, shapes = zip(*((one.terms, one.counts, one.sizes, one.shapes) for one in parts), strict=True)
    return Postings(np.concatenate(terms), np.concatenate(counts), np.concatenate(sizes), np.concatenate(shapes))


_NO_SHAPES = np.empty((0, 4), np.int32)
_UNASKED = ("reads", "returns")
"""Facts that nobody looks for by their name; of the first there are many."""
_UNCOUNTED = 3
"""The field of terms that are counted in none."""


def of(outline: Outline) -> Postings:
    """The postings of one file; the terms of each symbol ascend."""
    pieces = [piece for symbol in outline.symbols for piece in _pieces(symbol)]
    numbers = np.frombuffer(b"".join(pieces), np.uint32).astype(np.int64)
    piece = np.repeat(np.arange(len(pieces)), np.fromiter(map(len, pieces), np.int64, len(pieces)) >> 2)
    # One number for a symbol, a term and a field, in this order, so that sorting brings together what is counted.
    keys = piece >> 2 << 34 | numbers << 2 | piece & 3
    keys.sort()
    rows = keys >> 2
    new = np.ones(len(rows), np.bool_)
    new[1:] = rows[1:] != rows[:-1]
    distinct = rows[new]
    counts = np.bincount((np.cumsum(new) - 1) * 4 + (keys & 3), minlength=4 * len(distinct)).reshape(-1, 4)
    return Postings(
        (distinct & 0xFFFFFFFF).astype(np.uint32),
        np.minimum(counts[:, :_UNCOUNTED], 255).astype(np.uint8),
        np.bincount(distinct >> 32, minlength=len(outline.symbols)).astype(np.int32),
        _shapes(outline),
    )


def _shapes(outline: Outline) -> Shapes:
    """Where each symbol stands. The file is around all that nothing else is around, itself included."""
    rows, latest = [], {"": 0}
    for number, one in enumerate(outline.symbols):
        rows.append((latest.get(one.name.rpartition(".")[0], 0), KINDS.index(one.kind), one.first, one.last))
        latest[one.name] = 0 if not one.name else number
    return np.array(rows, np.int32).reshape(-1, 4)


def count(words: Iterable[str]) -> dict[int, int]:
    """How often each term occurs among the words."""
    return Counter(chain.from_iterable(map(terms, words)))


def _pieces(symbol: Symbol) -> tuple[bytes, bytes, bytes, bytes]:
    """The terms of a symbol, packed, field by field."""
    others = [call_term(called.rpartition(".")[2]) for called in symbol.calls]
    for fact in symbol.facts:
        verb, _, name = fact.partition(" ")
        if verb not in _UNASKED:
            others.append(fact_term(verb, name.rpartition(".")[2]))
    for message in symbol.messages:
        others += message_terms(message)
    name = symbol.name.rpartition(".")[2]
    return text_terms(symbol.code), text_terms(symbol.prose), text_terms(name), packed(others)
