"""Turns texts into vectors. The default needs no model and no download: words are taken to pieces and hashed.

Words that share letters share directions (`serializer`, `deserialize`, `serialisation`), which is what the exact words
of the keyword search lack. It knows no synonyms; a model that does can take its place.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.tokens import STOP_WORDS, WORD, parts, term

Vectors = npt.NDArray[np.float32]
_LONGEST = 20_000


class Embedding(Protocol):
    """Texts to vectors of unit length."""

    @property
    def name(self) -> str:
        """Tells apart what can't be compared: letters, digits and dashes."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        ...


class Grams:
    """Hashed pieces of words, three to five letters long."""

    name = "grams-256"
    dimensions = 256

    def embed(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(found, texts, strict=True):
            for part, times in self._counted(text[:_LONGEST]).items():
                row += np.float32(1 + np.log(times)) * _direction(part)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(lengths > 0, lengths, 1))

    @staticmethod
    def _counted(text: str) -> dict[str, int]:
        counted: dict[str, int] = {}
        for word in WORD.findall(text):
            for part in parts(word):
                if len(part) > 1 and part not in STOP_WORDS:
                    counted[part] = counted.get(part, 0) + 1
        return counted


@lru_cache(maxsize=1 << 15)
def _direction(part: str) -> Vectors:
    """Where a word points: the sum of its pieces, of unit length."""
    marked = f"<{part}>"
    pieces = [marked[at : at + size] for size in (3, 4, 5) for at in range(len(marked) - size + 1)] or [marked]
    found = np.zeros(Grams.dimensions, np.float32)
    for piece in (marked, *pieces):
        number = term(piece)
        found[number % Grams.dimensions] += 1 if number >> 16 & 1 else -1
    length = np.linalg.norm(found)
    return np.asarray(found / length if length else found)
