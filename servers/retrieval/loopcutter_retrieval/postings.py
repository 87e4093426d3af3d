"""The words of a file as flat arrays: what is kept of its text, and what all ranking is computed from."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.language import Kind, Outline, Symbol
from loopcutter_retrieval.tokens import WORD, call_term, fact_term, message_terms, terms

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
_WIDTH = 20
_FIELDS = tuple(1 << _WIDTH * place for place in (CODE, PROSE, NAME))
"""While a symbol is counted, its three counts share one number: one dictionary instead of three."""


def of(outline: Outline) -> Postings:
    """The postings of one file."""
    found = [_of_symbol(symbol) for symbol in outline.symbols]
    numbers = np.array([number for symbol in found for number in symbol], dtype=np.uint32)
    packed = np.array([counts for symbol in found for counts in symbol.values()], dtype=np.int64)
    counts = np.stack([packed >> _WIDTH * place & (1 << _WIDTH) - 1 for place in (CODE, PROSE, NAME)], axis=1)
    sizes = np.array([len(symbol) for symbol in found], dtype=np.int32)
    return Postings(numbers, np.minimum(counts, 255).astype(np.uint8), sizes, _shapes(outline))


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


def _of_symbol(symbol: Symbol) -> Mapping[int, int]:
    found = count(WORD.findall(symbol.code))  # code is the first of the fields: its counts are as they are
    for field, words in ((PROSE, symbol.prose), (NAME, symbol.name.rpartition(".")[2])):
        for number, times in count(WORD.findall(words)).items() if words else ():
            found[number] = found.get(number, 0) + times * _FIELDS[field]
    for called in symbol.calls:
        found.setdefault(call_term(called.rpartition(".")[2]), 0)
    for fact in symbol.facts:
        verb, _, name = fact.partition(" ")
        if verb != "reads":  # there are too many of those, and nobody asks
            found.setdefault(fact_term(verb, name.rpartition(".")[2]), 0)
    for message in symbol.messages:
        for number in message_terms(message):
            found.setdefault(number, 0)
    return found
