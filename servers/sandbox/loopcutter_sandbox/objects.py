"""An object store that is asked again and again: git stays running, and what two trees share is read once.

A run asks for a tree that is most often nearly the one before. A git process for each question would take longer than
the answer.
"""

import math
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from loopcutter_snapshots import Entry, Lasting, ObjectStore, UnknownBlob, UnknownTree, listed_mode, tree_entries

_OBJECT = re.compile(r"[0-9a-f]{40}")
_FOLDER, _SUBMODULE = "040000", "160000"
_KEPT = 20_000
"""Entries of folders that are remembered, and sizes of files."""
_AT_ONCE = 200
"""Questions that fit in a pipe together with their answers: more would make git and this process wait for each other.
So many files are read one by one; for more, a git of their own is faster."""

Row = tuple[str, str, str]
"""Name, mode and id of what a folder holds."""


@dataclass
class _Known:
    """What has been read."""

    contents: Lasting
    sizes: Lasting
    folders: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    rows: int = 0
    bytes_of: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Objects(ObjectStore):
    """The same store, faster. To be closed."""

    _known: _Known = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        place = self.path.resolve()
        object.__setattr__(self, "_known", _Known(Lasting(place, "--batch"), Lasting(place, "--batch-check")))

    def resolve(self, tree: str) -> str:
        """`tree`, if it is the id of a tree (or of a commit: then the id of its tree) in the store."""
        if not _OBJECT.fullmatch(tree):
            raise UnknownTree(tree)
        if tree in self._known.folders:
            return tree
        found, content = self._known.contents.ask(f"{tree}^{{tree}}")
        if found is None:
            raise UnknownTree(tree)
        self._remember(found.id, _rows(content))
        return found.id

    def files(self, tree: str) -> list[Entry]:
        """Every file and symbolic link of `tree`, in git's order. Submodules have no contents here and are left out."""
        known = self.resolve(tree)
        folders = [identity for _, mode, identity in self._folder(known) if mode == _FOLDER]
        if folders and not any(identity in self._known.folders for identity in folders):
            return self._all(known)
        return self._entries(self._below(self._folder(known), ""))

    def near_the_top(self, tree: str) -> list[tuple[str, str]]:
        """Path and blob of the files in the uppermost folder of `tree` and in those right beneath it."""
        found = []
        for name, mode, identity in self._folder(self.resolve(tree)):
            if mode == _FOLDER:
                found += [(f"{name}/{row[0]}", row[2]) for row in self._folder(identity) if _is_file(row[1])]
            elif _is_file(mode):
                found.append((name, identity))
        return found

    def difference(self, old: str, new: str) -> tuple[list[str], list[Entry]]:
        """The paths that only the tree `old` has, and the files of `new` that are other ones there. Reads no more."""
        gone: list[str] = []
        written: list[Row] = []
        self._compare(self.resolve(old), self.resolve(new), gone, written)
        there = {path for path, _, _ in written}
        return [path for path in gone if path not in there], self._entries(written)

    def differ(self, old: str, new: str, most: int) -> int:
        """In how many files two trees differ; it stops counting soon after `most`."""
        gone: list[str] = []
        written: list[Row] = []
        self._compare(self.resolve(old), self.resolve(new), gone, written, 2 * most)
        return len({*gone, *(path for path, _, _ in written)})

    def _compare(self, old: str, new: str, gone: list[str], written: list[Row], most: float = math.inf) -> None:
        """Fill in what is gone and what is written; stop with the folder in which both together are more than `most`.

        A file that is other is both, so twice a number of files is never reached by fewer.
        """
        waiting = [("", old, new)]
        while waiting and len(gone) + len(written) <= most:
            place, one, other = waiting.pop()
            before = {row[0]: row for row in self._folder(one)}
            for row in self._folder(other):
                known = before.pop(row[0], None)
                if known is not None and known[1] == row[1] == _FOLDER:
                    if known != row:
                        waiting.append((f"{place}{row[0]}/", known[2], row[2]))
                elif known != row:
                    gone += [path for path, _, _ in self._below([known] if known else [], place)]
                    written += self._below([row], place)
            gone += [path for path, _, _ in self._below(before.values(), place)]

    def _below(self, rows: Iterable[Row], place: str) -> list[Row]:
        """All files of these entries of the folder `place`, by their paths."""
        found = []
        waiting = [(place, row) for row in rows][::-1]
        while waiting:
            place, (name, mode, identity) = waiting.pop()
            if mode == _FOLDER:
                waiting += [(f"{place}{name}/", row) for row in self._folder(identity)][::-1]
            elif mode != _SUBMODULE:
                found.append((f"{place}{name}", mode, identity))
        return found

    def _folder(self, tree: str) -> tuple[Row, ...]:
        known = self._known.folders.get(tree)
        if known is None:
            found, content = self._known.contents.ask(tree)
            if found is None or found.kind != "tree":
                raise UnknownTree(tree)
            known = _rows(content)
            self._remember(tree, known)
        return known

    def _remember(self, tree: str, rows: tuple[Row, ...]) -> None:
        known = self._known
        if known.rows > _KEPT:
            known.folders, known.rows = {}, 0
        if tree not in known.folders:
            known.rows += len(rows) + 1
            known.folders[tree] = rows

    def _entries(self, found: list[Row]) -> list[Entry]:
        if len(self._known.bytes_of) > _KEPT:
            self._known.bytes_of = {}
        sizes = self._known.bytes_of
        unknown = list({identity for _, _, identity in found if identity not in sizes})
        for start in range(0, len(unknown), _AT_ONCE):
            some = unknown[start : start + _AT_ONCE]
            told = self._known.sizes.ask_all(some)
            # A file that is missing has no bytes.
            sizes.update({blob: one.size if one else 0 for blob, (one, _) in zip(some, told, strict=True)})
        return [Entry(path, mode, sizes[identity], identity) for path, mode, identity in found]

    def _all(self, tree: str) -> list[Entry]:
        """All of it by one git, which is faster where nothing is known."""
        entries = super().files(tree)
        self._known.bytes_of.update({entry.blob: entry.size for entry in entries[:_KEPT]})
        for _, mode, identity in self._folder(tree):
            if mode == _FOLDER and self._known.rows <= _KEPT:
                self._folder(identity)  # so that the next tree is met halfway
        return entries

    def read_blobs(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of many files, by the ids of `files`, in that order."""
        wanted = list(blobs)
        if len(wanted) > _AT_ONCE:
            yield from super().read_blobs(wanted)
            return
        for blob in wanted:
            found, content = self._known.contents.ask(blob) if _OBJECT.fullmatch(blob) else (None, b"")
            if found is None or found.kind != "blob":
                raise UnknownBlob(blob)
            yield blob, content

    def close(self) -> None:
        """End the gits."""
        self._known.contents.close()
        self._known.sizes.close()


def _is_file(mode: str) -> bool:
    return mode not in (_FOLDER, _SUBMODULE)


def _rows(content: bytes) -> tuple[Row, ...]:
    """What a tree object says, with the modes that `git ls-tree` has."""
    return tuple((os.fsdecode(name), listed_mode(mode), identity) for name, mode, identity in tree_entries(content))
