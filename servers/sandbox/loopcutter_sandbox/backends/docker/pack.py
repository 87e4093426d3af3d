"""A tree as the frames that lay it out in a container: whole, or as what differs from another tree."""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from loopcutter_sandbox.backends.docker.frames import pack
from loopcutter_sandbox.workspace import Trees
from loopcutter_snapshots import Entry

_FILL = 1 << 20
"""A frame is closed when it holds so much."""

_KEPT = 4
"""How many trees are kept packed: one is worked on at a time, and a few are gone back to."""

Listing = dict[str, tuple[int, str]]
"""Path to mode and blob."""


class Packs:
    """Packs trees, and keeps the latest ones in `folder`: every prepared container is sent the same one again."""

    def __init__(self, trees: Trees, folder: Path) -> None:
        self._trees = trees
        self._folder = folder
        self._listings: OrderedDict[str, Listing] = OrderedDict()
        self._lock = threading.RLock()
        folder.mkdir(exist_ok=True)

    def whole(self, tree: str) -> Path:
        """The file that holds the frames of all of `tree`. It stays readable while it is open, whatever is dropped."""
        with self._lock:
            path = self._folder / tree
            if not path.exists():
                self._write(path, tree)
            path.touch()
            for old in sorted(self._folder.iterdir(), key=os.path.getmtime)[:-_KEPT]:
                old.unlink()
            return path

    def _write(self, path: Path, tree: str) -> None:
        entries = self._trees.files(tree)
        self._keep(tree, {entry.path: (int(entry.mode, 8), entry.blob) for entry in entries})
        partial = path.with_suffix(".new")
        with partial.open("wb") as file:
            for each in self._frames(entries):
                file.write(each)
        partial.replace(path)

    def _frames(self, entries: list[Entry]) -> Iterator[bytes]:
        head: list[tuple[str, int, int]] = []
        contents = bytearray()
        for entry, (_, data) in zip(entries, self._trees.read_blobs(entry.blob for entry in entries), strict=True):
            head.append((entry.path, int(entry.mode, 8), len(data)))
            contents += data
            if len(contents) >= _FILL:
                yield pack(head, bytes(contents))
                head, contents = [], bytearray()
        if head:
            yield pack(head, bytes(contents))

    def difference(self, base: str, tree: str) -> list[bytes]:
        """The frames that turn `base` into `tree`."""
        old, new = self.listing(base), self.listing(tree)
        gone = [(path, 0, 0) for path in old if path not in new]
        changed = [
            Entry(path, f"{mode:o}", 0, blob) for path, (mode, blob) in new.items() if old.get(path) != (mode, blob)
        ]
        frames = [pack(gone, b"")] if gone else []
        return frames + (list(self._frames(changed)) if changed else [])

    def listing(self, tree: str) -> Listing:
        """The files of `tree`."""
        with self._lock:
            known = self._listings.get(tree)
        if known is None:
            known = {entry.path: (int(entry.mode, 8), entry.blob) for entry in self._trees.files(tree)}
            self._keep(tree, known)
        return known

    def _keep(self, tree: str, listing: Listing) -> None:
        with self._lock:
            self._listings[tree] = listing
            self._listings.move_to_end(tree)
            while len(self._listings) > _KEPT:
                self._listings.popitem(last=False)
