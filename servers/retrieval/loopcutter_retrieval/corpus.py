"""One tree in memory: its files, their symbols, and who uses which word, as flat arrays.

A tree that differs from another by a few files is made from it: what both have is shared, and what is new comes in a
layer of its own. So an edit costs what was edited; when the layers of a tree have grown, they become one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from loopcutter_retrieval.language import Kind
from loopcutter_retrieval.layout import File, Layout
from loopcutter_retrieval.measures import Measures, Scores, offsets
from loopcutter_retrieval.postings import KIND, KINDS, OUTER, Postings, Shapes, Terms, joined
from loopcutter_retrieval.segment import Hits, Numbers, Segment

_FEW = 16
"""A new layer may have one in so many of the rows of the first; with more, all is made anew."""


@dataclass(frozen=True)
class Layer:
    """Some of the files of a tree."""

    segment: Segment
    numbers: Numbers | None
    """The number in the tree of each symbol of the segment, -1 for what the tree has not; nothing if they agree."""

    def find(self, wanted: Terms) -> Hits:
        hits = self.segment.find(wanted)
        if self.numbers is None:
            return hits
        symbols = self.numbers[hits.symbol]
        kept = np.flatnonzero(symbols >= 0)
        return Hits(hits.term[kept], symbols[kept], np.take(hits.counts, kept, axis=0))


@dataclass(frozen=True)
class Corpus:
    """All files of a tree that are searched. Symbols are numbered through, file by file."""

    files: Sequence[File]
    layout: Layout
    starts: Numbers
    """The first symbol of each file, and the number of all symbols at the end."""
    layers: tuple[Layer, ...]
    measures: Measures
    fresh: Mapping[int, Postings]
    """The postings of the files in the second layer."""

    @staticmethod
    def of(files: Sequence[File], known: Sequence[Postings]) -> "Corpus":
        """Made of all its files and their postings."""
        whole = joined(known)
        starts = offsets([len(one.sizes) for one in known])
        layers = (Layer(Segment.of(whole.terms, whole.counts, whole.sizes), None),)
        return Corpus(files, Layout(files), starts, layers, Measures.of(whole), {})

    def changed(self, files: Sequence[File], known: Mapping[int, Postings]) -> "Corpus | None":
        """Another tree, made from this one: `known` has the postings of those of its files that this tree has not.

        Files are the same when path and content are. Nothing when too much is new for that to be worthwhile.
        """
        layout = self.layout if self.layout.fits(files) else Layout(files)
        by_path = self.by_path
        old = np.array([-1 if number in known else by_path[file.path] for number, file in enumerate(files)], np.int64)
        apart = np.flatnonzero(np.isin(old, [-1, *self.fresh])).tolist()
        own = {number: known[number] if number in known else self.fresh[int(old[number])] for number in apart}
        base = self.layers[0]
        if sum(len(one.terms) for one in own.values()) * _FEW > len(base.segment.symbols):
            return None
        sizes = np.diff(self.starts, append=0)[old]
        for number, postings in known.items():
            sizes[number] = len(postings.sizes)
        starts = offsets(sizes)
        runs = _runs(old)
        measures = Measures.joined([*(self._part(run, known) for run in runs), self.measures.part(0, 0)])
        one = Corpus(files, layout, starts, (), measures, own)
        return replace(one, layers=(self._carried_over(runs, starts), *one._second_layer()))

    def patched(self, fresh: Mapping[int, tuple[File, Postings]]) -> "Corpus | None":
        """The tree that has these files in place of its own; paths and languages are the same.

        Nothing when too much is new for that to be worthwhile.
        """
        own = {**self.fresh, **{number: postings for number, (_, postings) in fresh.items()}}
        if sum(len(one.terms) for one in own.values()) * _FEW > len(self.layers[0].segment.symbols):
            return None
        files = list(self.files)
        sizes = np.diff(self.starts)
        runs, after = [], 0
        for number in sorted(fresh):
            files[number] = fresh[number][0]
            sizes[number] = len(fresh[number][1].sizes)
            if number > after:
                runs.append((after, number - 1, after))
            runs.append((-1, -1, number))
            after = number + 1
        if after < len(files):
            runs.append((after, len(files) - 1, after))
        starts = offsets(sizes)
        known = {number: postings for number, (_, postings) in fresh.items()}
        measures = Measures.joined([*(self._part(run, known) for run in runs), self.measures.part(0, 0)])
        one = Corpus(files, self.layout, starts, (), measures, own)
        found = replace(one, layers=(self._carried_over(runs, starts), *one._second_layer()))
        found.__dict__["by_content"] = self._contents_with(fresh)  # as it would be computed, for less
        return found

    def _contents_with(self, fresh: Mapping[int, tuple[File, Postings]]) -> dict[int, list[int]]:
        """The files by content, these in place of what they were."""
        found = dict(self.by_content)
        for number, (file, _) in fresh.items():
            old = self.files[number].content
            found[old] = [one for one in found[old] if one != number]
            if not found[old]:
                del found[old]
            found[file.content] = sorted([*found.get(file.content, ()), number])
        return found

    def _part(self, run: tuple[int, int, int], known: Mapping[int, Postings]) -> Measures:
        first, last, number = run
        if first < 0:
            return Measures.of(known[number])
        return self.measures.part(int(self.starts[first]), int(self.starts[last + 1]))

    def _carried_over(self, runs: Sequence[tuple[int, int, int]], starts: Numbers) -> Layer:
        """The first layer, its symbols numbered as in another tree that begins its files there."""
        moved = np.full(int(self.starts[-1]), -1, np.int64)
        for first, last, number in runs:
            if first >= 0:
                begin, end = int(self.starts[first]), int(self.starts[last + 1])
                moved[begin:end] = np.arange(end - begin) + starts[number]
        base = self.layers[0]
        if base.numbers is None:
            return Layer(base.segment, moved)
        return Layer(base.segment, np.where(base.numbers >= 0, moved[base.numbers], -1))

    def _second_layer(self) -> Sequence[Layer]:
        """That of the files with postings of their own."""
        if not self.fresh:
            return ()
        whole = joined(list(self.fresh.values()))
        numbers = [np.arange(self.starts[number], self.starts[number + 1]) for number in self.fresh]
        return (Layer(Segment.of(whole.terms, whole.counts, whole.sizes), np.concatenate(numbers)),)

    @cached_property
    def by_content(self) -> dict[int, list[int]]:
        """Files by the number of their content."""
        found: dict[int, list[int]] = {}
        for number, file in enumerate(self.files):
            found.setdefault(file.content, []).append(number)
        return found

    @property
    def by_path(self) -> dict[str, int]:
        return self.layout.by_path

    @property
    def folder_of(self) -> Numbers:
        """The number of each file's folder."""
        return self.layout.folder_of

    @property
    def by_last_part(self) -> dict[str, list[str]]:
        """Paths by the name of the file alone."""
        return self.layout.by_last_part

    @property
    def modules(self) -> dict[str, int]:
        """Files by the names they are imported under."""
        return self.layout.modules

    @property
    def mixed(self) -> bool:
        """Whether there is code of several languages."""
        return self.layout.mixed

    @property
    def main(self) -> Scores:
        """1 for each file of the code proper, 0 for those set aside."""
        return self.layout.main

    @cached_property
    def file_of(self) -> Numbers:
        """The file of each symbol."""
        return np.repeat(np.arange(len(self.files)), np.diff(self.starts))

    @property
    def shapes(self) -> Shapes:
        """Where each symbol stands, and what it is."""
        return self.measures.shapes

    @property
    def lengths(self) -> Scores:
        """Words in the code and in the prose of each symbol."""
        return self.measures.lengths

    @cached_property
    def sizes(self) -> Scores:
        """Words of each symbol."""
        return self.lengths[:, 0] + self.lengths[:, 1]

    @cached_property
    def average_size(self) -> float:
        """Words of a symbol of the code proper."""
        return float((self.sizes * self.main_symbols).sum() / max(self.main_symbols.sum(), 1.0) + 1e-9)

    @cached_property
    def file_lengths(self) -> Scores:
        """Words of each file, in code and in prose."""
        return np.add.reduceat(self.lengths, self.starts[:-1], axis=0) if len(self.files) else np.zeros((0, 2))

    @property
    def name_lengths(self) -> Numbers:
        """Words in the name of each symbol."""
        return self.measures.name_lengths

    @cached_property
    def outer(self) -> Numbers:
        """The symbol around each symbol: the class of a method, the file of what is at its top, itself included."""
        return np.asarray(self.shapes[:, OUTER] + self.starts[self.file_of])

    def is_kind(self, *kinds: Kind) -> npt.NDArray[np.bool_]:
        """Which symbols are of one of these kinds."""
        return np.isin(self.shapes[:, KIND], [KINDS.index(kind) for kind in kinds])

    @cached_property
    def main_symbols(self) -> Scores:
        """1 for each symbol of the code proper, 0 for those set aside."""
        return self.main[self.file_of]

    def find(self, wanted: Sequence[int]) -> Hits:
        """Where the terms occur. `wanted` must be without repetition."""
        asked = np.array(wanted, np.uint32)
        return Hits.joined([layer.find(asked) for layer in self.layers])

    def symbol(self, file: int, number: int) -> int:
        return self._firsts[file] + number

    @cached_property
    def _firsts(self) -> list[int]:
        """`starts`, for those who need one number at a time."""
        found: list[int] = self.starts.tolist()
        return found

    def place(self, symbol: int) -> tuple[int, int]:
        """The (content, number) of a symbol."""
        file = int(self.file_of[symbol])
        return self.files[file].content, int(symbol) - int(self.starts[file])


def _runs(old: Numbers) -> list[tuple[int, int, int]]:
    """Files in a row that were in a row before: the first and the last of then (-1 if new), the first of now."""
    if not len(old):
        return []
    on = (old[1:] > 0) & (old[1:] == old[:-1] + 1)
    first = np.flatnonzero(np.append(True, ~on))
    last = np.append(first[1:], len(old)) - 1
    return list(zip(old[first].tolist(), old[last].tolist(), first.tolist(), strict=True))
