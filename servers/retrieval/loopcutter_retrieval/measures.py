"""What is known of each symbol of a tree, whatever words it uses: where it stands, how long it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.postings import CODE, NAME, PROSE, Postings, Shapes
from loopcutter_retrieval.segment import Numbers

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Measures:
    """What is known of each symbol, whatever words it uses."""

    shapes: Shapes
    lengths: Scores
    """Words in its code and in its prose."""
    name_lengths: Numbers
    """Words in its name."""

    @staticmethod
    def of(postings: Postings) -> "Measures":
        rows = offsets(postings.sizes)
        columns = [_per_symbol(postings.counts[:, one], rows) for one in (CODE, PROSE)]
        names = _per_symbol(postings.counts[:, NAME] > 0, rows)
        return Measures(postings.shapes, np.stack(columns, axis=1).astype(np.float64), names)

    @staticmethod
    def joined(parts: Sequence["Measures"]) -> "Measures":
        shapes, lengths, names = zip(*((one.shapes, one.lengths, one.name_lengths) for one in parts), strict=True)
        return Measures(np.concatenate(shapes), np.concatenate(lengths), np.concatenate(names))

    def part(self, first: int, last: int) -> "Measures":
        return Measures(self.shapes[first:last], self.lengths[first:last], self.name_lengths[first:last])


def _per_symbol(values: npt.NDArray[np.generic], rows: Numbers) -> Numbers:
    """The sum over the rows of each symbol."""
    sums = np.zeros(int(rows[-1]) + 1, np.int64)
    np.cumsum(values, dtype=np.int64, out=sums[1:])
    return np.diff(sums[rows])


def offsets(sizes: Sequence[int] | npt.NDArray[np.int32]) -> Numbers:
    found = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=found[1:])
    return found
