"""The trees in memory. One that differs from the last by a few files is made from it, at the cost of those files."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.index import Known
from loopcutter_retrieval.layout import File
from loopcutter_retrieval.postings import Postings
from loopcutter_retrieval.record import Content
from loopcutter_retrieval.selection import Item, Selection, Touched

_KEPT = 4
"""Trees kept: the base, the present one, and room for going back and forth."""
_STALE = 2
"""Contents remembered for each file, before those that the present tree has not are forgotten."""


@dataclass(frozen=True)
class Loaded:
    """A tree, ready to be searched."""

    selection: Selection
    corpus: Corpus
    known: Mapping[Content, Known]
    """What the index keeps of its contents, and of some that earlier trees had."""


class Memory:
    """Trees by their ids, the newest last. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._trees: OrderedDict[str, Loaded] = OrderedDict()

    def __len__(self) -> int:
        return len(self._trees)

    def __contains__(self, tree: str) -> bool:
        return tree in self._trees

    def get(self, tree: str) -> Loaded | None:
        with self._lock:
            if tree in self._trees:
                self._trees.move_to_end(tree)
            return self._trees.get(tree)

    def newest(self) -> tuple[str, Loaded] | None:
        """The tree that was asked for last."""
        with self._lock:
            return next(reversed(self._trees.items()), None)

    def keep(self, tree: str, loaded: Loaded) -> None:
        with self._lock:
            self._trees[tree] = loaded
            self._trees.move_to_end(tree)
            while len(self._trees) > _KEPT:
                self._trees.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._trees.clear()


def loaded(selection: Selection, known: Mapping[Content, Known], last: Loaded | None, touched: Touched) -> Loaded:
    """A tree put together from what is known of its contents, and from the last tree where the two share enough.

    `touched` tells how they differ, if it is known.
    """
    corpus = None
    if last is not None and touched is not None:
        corpus = _patched(last.corpus, known, touched) or _changed(last, selection, known, touched)
    if corpus is not None and len(known) <= _STALE * len(corpus.files):
        return Loaded(selection, corpus, known)
    known = {item.content: known[item.content] for item in selection.files.values()}
    if corpus is None:
        files = [_file(item, known, last) for item in selection.files.values() if not known[item.content].reason]
        if last is not None and touched is None:
            corpus = _made_from(last, files, known)
        corpus = corpus or Corpus.of(files, [known[file.blob, file.language].postings for file in files])
    return Loaded(selection, corpus, known)


def _patched(
    corpus: Corpus, known: Mapping[Content, Known], touched: Mapping[str, tuple[Item | None, Item | None]]
) -> Corpus | None:
    """The same files with other contents; nothing if one comes or goes, or changes between being searched and not."""
    fresh: dict[int, tuple[File, Postings]] = {}
    for path, (old, new) in touched.items():
        if old is None or new is None or old.language != new.language:
            return None
        if any(known[item.content].reason for item in (old, new)):
            return None
        fresh[corpus.by_path[path]] = _file(new, known, None), known[new.content].postings
    return corpus.patched(fresh)


def _changed(
    last: Loaded,
    selection: Selection,
    known: Mapping[Content, Known],
    touched: Mapping[str, tuple[Item | None, Item | None]],
) -> Corpus | None:
    """The last tree without what it had of the touched files, and with what this one has of them."""
    old, by_path = last.corpus.files, last.corpus.by_path
    files: list[File] = []
    fresh: dict[int, Postings] = {}
    for path in selection.files:
        if path not in touched:
            if path in by_path:
                files.append(old[by_path[path]])
        elif (new := touched[path][1]) is not None and not known[new.content].reason:
            fresh[len(files)] = known[new.content].postings
            files.append(_file(new, known, None))
    return last.corpus.changed(files, fresh)


def _file(item: Item, known: Mapping[Content, Known], last: Loaded | None) -> File:
    """As the last tree has it, if it has it: what is told by its path is known there."""
    if last is not None:
        at = last.corpus.by_path.get(item.path)
        if at is not None:
            old = last.corpus.files[at]
            if old.blob == item.entry.blob and old.language == item.language:
                return old
    return File(item.path, known[item.content].id, item.entry.blob, item.language)


def _made_from(last: Loaded, files: Sequence[File], known: Mapping[Content, Known]) -> Corpus | None:
    """The tree of these files, made from the last, if the two have enough in common."""
    old, by_path = last.corpus.files, last.corpus.by_path
    fresh = {
        number: known[file.blob, file.language].postings
        for number, file in enumerate(files)
        if (at := by_path.get(file.path)) is None or old[at] is not file
    }
    return last.corpus.changed(files, fresh)
