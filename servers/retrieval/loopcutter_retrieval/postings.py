"""The words of a file as flat arrays: what is kept of its text, and what all ranking is computed from."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.language import Outline, Symbol
from loopcutter_retrieval.tokens import WORD, call_term, message_terms, terms

Terms = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.uint8]

CODE, PROSE, NAME = 0, 1, 2
"""The fields a word is counted in. Calls and messages have terms of their own, counted in none."""


@dataclass(frozen=True)
class Postings:
    """Which terms each symbol of a file uses, and how often."""

    terms: Terms
    counts: Counts
    """One row a term: how often in code, in prose, in the symbol's own name; 255 and more as 255."""
    sizes: npt.NDArray[np.int32]
    """How many of the rows belong to each symbol."""


def of(outline: Outline) -> Postings:
    """The postings of one file."""
    found = [_of_symbol(symbol) for symbol in outline.symbols]
    numbers = [number for symbol in found for number in symbol]
    counts = [row for symbol in found for row in symbol.values()]
    return Postings(
        np.array(numbers, dtype=np.uint32),
        np.minimum(np.array(counts, dtype=np.int64).reshape(-1, 3), 255).astype(np.uint8),
        np.array([len(symbol) for symbol in found], dtype=np.int32),
    )


def count(words: Iterable[str]) -> Counter[int]:
    """How often each term occurs among the words."""
    found: Counter[int] = Counter()
    for word, times in Counter(words).items():
        for number in terms(word):
            found[number] += times
    return found


def _of_symbol(symbol: Symbol) -> Mapping[int, tuple[int, int, int]]:
    code, prose = count(WORD.findall(symbol.code)), count(WORD.findall(symbol.prose))
    name = count([symbol.name.rpartition(".")[2]])
    rows = {number: (code[number], prose[number], name[number]) for number in {**code, **prose, **name}}
    for called in symbol.calls:
        rows[call_term(called.rpartition(".")[2])] = (0, 0, 0)
    for message in symbol.messages:
        rows |= dict.fromkeys(message_terms(message), (0, 0, 0))
    return rows
