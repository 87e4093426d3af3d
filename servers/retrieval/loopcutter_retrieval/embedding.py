"""Turns texts into vectors. The default needs no model and no download: each word has a vector that was trained.

Those of 20,000 stemmed words come with the package (`trained.npz`, 1.4 MB). They were trained on the source of 244
packages so that what docstrings and comments say comes near the code it is said of (`benchmarks/retrieval/train.py`):
`remove` lies near `delete`, `pop` and `rmdir`. A text is the sum of its words. Words that training met too seldom are
taken to pieces and hashed, so that at least those that share letters are alike.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.tokens import STOP_WORDS, WORD, parts, stem, term

Vectors = npt.NDArray[np.float32]
_LONGEST = 20_000
_TRAINED = Path(__file__).with_name("trained.npz")
_UNKNOWN = 0.5
"""The length of a vector that was not trained; those that were are as long as they tell, 1 in the mean."""


class Embedding(Protocol):
    """Texts to vectors of unit length."""

    @property
    def name(self) -> str:
        """Tells apart what can't be compared: letters, digits and dashes."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        ...

    def query(self, text: str) -> Vectors:
        """The one row of a text that is searched for."""
        ...


class Trained:
    """The sum of the vectors of a text's words, words said more often counting more, but less and less."""

    name = "trained-128"
    dimensions = 128

    def embed(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(found, texts, strict=True):
            counted = Counter(stems(text[:_LONGEST]))
            if counted:
                times = np.fromiter(counted.values(), np.float32, len(counted))
                row += (1 + np.log(times)) @ np.stack([_vector(word) for word in counted])
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(lengths > 0, lengths, 1))

    def query(self, text: str) -> Vectors:
        return self.embed([text])


def stems(text: str) -> Iterator[str]:
    """The words of a text as they are looked up: parts of identifiers, without endings, without stop words."""
    return chain.from_iterable(map(_stems, WORD.findall(text)))


@lru_cache(maxsize=1 << 16)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(stem(part) for part in parts(word) if len(part) > 1 and part not in STOP_WORDS)


class _Table(NamedTuple):
    """Vectors of 4-bit numbers, a row a word: two columns a byte, the lower half first; 8 stands for 0."""

    terms: npt.NDArray[np.uint32]
    """Ascending."""
    codes: npt.NDArray[np.uint8]
    scales: npt.NDArray[np.float16]

    def get(self, number: int) -> Vectors | None:
        at = int(np.searchsorted(self.terms, number))
        if at == len(self.terms) or self.terms[at] != number:
            return None
        codes = self.codes[at]
        whole = np.stack([codes & 15, codes >> 4], axis=1).ravel().astype(np.float32) - 8
        return np.asarray(whole * np.float32(self.scales[at]))


@cache
def _table() -> _Table:
    """What comes with the package, read when the first word is asked for."""
    with np.load(_TRAINED) as kept:
        return _Table(kept["terms"], kept["codes"], kept["scales"])


@lru_cache(maxsize=1 << 15)
def _vector(word: str) -> Vectors:
    known = _table().get(term(word))
    return _hashed(word) if known is None else known


def _hashed(word: str) -> Vectors:
    """The sum of the word's pieces of three to five letters, each of them in one of the columns, up or down."""
    marked = f"<{word}>"
    found = np.zeros(Trained.dimensions, np.float32)
    for piece in (marked, *(marked[at : at + size] for size in (3, 4, 5) for at in range(len(marked) - size + 1))):
        number = term(piece)
        found[number % Trained.dimensions] += 1 if number >> 16 & 1 else -1
    length = np.linalg.norm(found)
    return np.asarray(found * np.float32(_UNKNOWN) / length if length else found)
