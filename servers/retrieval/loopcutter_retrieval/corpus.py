"""One tree in memory: its files, their symbols, and who uses which word, as flat arrays.

There is no inverted index. A query compares its few terms with all postings at once, which takes milliseconds for half
a million lines, and in return a tree that differs by one file is made from the last one by copying.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.filters import aside
from loopcutter_retrieval.language import Kind
from loopcutter_retrieval.postings import CODE, KIND, KINDS, NAME, OUTER, PROSE, Counts, Postings, Terms
from loopcutter_retrieval.tokens import WORD, terms

Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]

_Number = TypeVar("_Number", bound=np.generic)
_MASK = (1 << 20) - 1


@dataclass(frozen=True)
class File:
    """An indexed file of a tree."""

    path: str
    content: int
    """Its content's number in the index."""
    blob: str
    """Its content's hash."""
    language: str

    @cached_property
    def aside(self) -> str:
        """Its role, if it stands beside the code: `test`, `example`, `document`, `tooling`."""
        return aside(self.path) or ("document" if self.language == "text" else "")

    @property
    def family(self) -> str:
        """Its language, dialects not told apart."""
        return self.language.partition("/")[0]

    @cached_property
    def module(self) -> str:
        """Its name as an import would spell it from the root: `src.shop.cart`."""
        stem = self.path.rpartition(".")[0] if self.family == "javascript" else self.path.removesuffix(".py")
        return stem.removesuffix("/index" if self.family == "javascript" else "/__init__").replace("/", ".")


@dataclass(frozen=True)
class Hits:
    """Where the terms of a query occur."""

    term: Numbers
    """Which of the query's terms, as a position among them."""
    symbol: Numbers
    counts: Counts


@dataclass(frozen=True)
class Corpus:
    """All files of a tree that are searched. Symbols are numbered through, file by file."""

    files: Sequence[File]
    postings: Postings
    starts: Numbers
    """The first symbol of each file, and the number of all symbols at the end."""
    rows: Numbers
    """The first posting of each symbol, and the number of all postings at the end."""
    by_content: dict[int, list[int]] = field(repr=False)

    @staticmethod
    def of(files: Sequence[File], known: Sequence[Postings]) -> "Corpus":
        postings = Postings(
            _joined([one.terms for one in known], np.empty(0, np.uint32)),
            _joined([one.counts for one in known], np.empty((0, 3), np.uint8)),
            _joined([one.sizes for one in known], np.empty(0, np.int32)),
            _joined([one.shapes for one in known], np.empty((0, 4), np.int32)),
        )
        by_content: dict[int, list[int]] = {}
        for number, file in enumerate(files):
            by_content.setdefault(file.content, []).append(number)
        starts = _offsets([len(one.sizes) for one in known])
        return Corpus(files, postings, starts, _offsets(postings.sizes), by_content)

    @cached_property
    def by_path(self) -> dict[str, int]:
        return {file.path: number for number, file in enumerate(self.files)}

    @cached_property
    def folder_of(self) -> Numbers:
        """The number of each file's folder."""
        numbers: dict[str, int] = {}
        folders = (file.path.rpartition("/")[0] for file in self.files)
        return np.array([numbers.setdefault(folder, len(numbers)) for folder in folders], np.int64)

    @cached_property
    def by_last_part(self) -> dict[str, list[str]]:
        """Paths by the name of the file alone."""
        found: dict[str, list[str]] = {}
        for file in self.files:
            found.setdefault(file.path.rpartition("/")[2], []).append(file.path)
        return found

    @cached_property
    def modules(self) -> dict[str, int]:
        """Files by the names they are imported under: `src.shop.cart`, and `shop.cart` if src is no package."""
        packages = {file.path.rpartition("/")[0] for file in self.files if file.path.endswith("/__init__.py")}
        found: dict[str, int] = {}
        for number, file in enumerate(self.files):
            if file.family == "javascript":
                found.setdefault(file.module, number)
            if file.language != "python":
                continue
            parts = file.module.split(".")
            folder = file.path.split("/")[:-1]
            found.setdefault(file.module, number)
            for depth in range(len(folder)):
                if "/".join(folder[: depth + 1]) in packages:
                    found.setdefault(".".join(parts[depth:]), number)
                    break
            else:
                found.setdefault(parts[-1], number)
        return found

    @cached_property
    def mixed(self) -> bool:
        """Whether there is code of several languages."""
        return len({file.family for file in self.files} - {"text"}) > 1

    @cached_property
    def file_of(self) -> Numbers:
        """The file of each symbol."""
        return np.repeat(np.arange(len(self.files)), np.diff(self.starts))

    @cached_property
    def lengths(self) -> npt.NDArray[np.float64]:
        """Words in the code and in the prose of each symbol."""
        sums = np.zeros((len(self.postings.terms) + 1, 2))
        for one in (CODE, PROSE):  # column by column is ten times as fast
            sums[1:, one] = np.cumsum(self.postings.counts[:, one], dtype=np.int64)
        return np.asarray(np.diff(sums[self.rows], axis=0))

    @cached_property
    def file_lengths(self) -> Scores:
        """Words of each file, in code and in prose."""
        return np.add.reduceat(self.lengths, self.starts[:-1], axis=0) if len(self.files) else np.zeros((0, 2))

    @cached_property
    def name_lengths(self) -> Numbers:
        """Words in the name of each symbol."""
        sums = np.zeros(len(self.postings.terms) + 1, np.int64)
        np.cumsum(self.postings.counts[:, NAME] > 0, out=sums[1:])
        return np.asarray(np.diff(sums[self.rows]))

    @cached_property
    def outer(self) -> Numbers:
        """The symbol around each symbol: the class of a method, the file of what is at its top, itself included."""
        return np.asarray(self.postings.shapes[:, OUTER] + self.starts[self.file_of])

    def is_kind(self, *kinds: Kind) -> npt.NDArray[np.bool_]:
        """Which symbols are of one of these kinds."""
        return np.isin(self.postings.shapes[:, KIND], [KINDS.index(kind) for kind in kinds])

    @cached_property
    def main(self) -> Scores:
        """1 for each file of the code proper, 0 for those set aside: they don't say which words are common."""
        return np.array([not file.aside for file in self.files], np.float64)

    @cached_property
    def by_path_term(self) -> dict[int, list[int]]:
        """Files by the words of their paths, repeated as often as the word is."""
        found: dict[int, list[int]] = {}
        for number, file in enumerate(self.files):
            for one in path_terms(file.path):
                found.setdefault(one, []).append(number)
        return found

    def part(self, number: int) -> Postings:
        """The postings of one file, as they came in."""
        first, last = self.starts[number], self.starts[number + 1]
        rows = slice(self.rows[first], self.rows[last])
        kept = self.postings
        return Postings(kept.terms[rows], kept.counts[rows], kept.sizes[first:last], kept.shapes[first:last])

    def find(self, wanted: Sequence[int]) -> Hits:
        """Where the terms occur. `wanted` must be without repetition."""
        if not wanted:
            return Hits(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 3), np.uint8))
        order = np.argsort(np.array(wanted, np.uint32))
        asked: Terms = np.array(wanted, np.uint32)[order]
        candidates = np.zeros(_MASK + 1, np.bool_)  # a coarse sieve first: it leaves a few percent to compare exactly
        candidates[asked & _MASK] = True
        rows = np.flatnonzero(candidates[self.postings.terms & _MASK])
        at = np.searchsorted(asked, self.postings.terms[rows])
        at[at == len(asked)] = 0
        same = asked[at] == self.postings.terms[rows]
        rows, at = rows[same], at[same]
        symbols = np.searchsorted(self.rows, rows, side="right") - 1
        return Hits(order[at], symbols, self.postings.counts[rows])

    def symbol(self, file: int, number: int) -> int:
        return int(self.starts[file]) + number

    def place(self, symbol: int) -> tuple[int, int]:
        """The (content, number) of a symbol."""
        file = int(self.file_of[symbol])
        return self.files[file].content, int(symbol) - int(self.starts[file])


@lru_cache(maxsize=1 << 16)
def path_terms(path: str) -> tuple[int, ...]:
    """The words a path is made of."""
    return tuple(number for word in WORD.findall(path.removesuffix(".py")) for number in terms(word))


def _offsets(sizes: Sequence[int] | npt.NDArray[np.int32]) -> Numbers:
    found = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=found[1:])
    return found


def _joined(parts: Sequence[npt.NDArray[_Number]], empty: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
    return np.concatenate(parts) if parts else empty
