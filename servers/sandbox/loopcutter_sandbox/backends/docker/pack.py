"""A tree as the frames that lay it out in a container: whole, or as what differs from another tree."""

import os
import tempfile
import threading
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from loopcutter_sandbox.backends.docker.frames import pack
from loopcutter_sandbox.objects import Objects
from loopcutter_snapshots import Entry

_FILL = 1 << 20
"""A frame is closed when it holds so much."""

_KEPT = 4
"""How many trees are kept packed: one is worked on at a time, and a few are gone back to."""

_NEAR = 64
"""A tree that differs from a packed one in no more files is sent as that one and the difference."""

_CHUNK = 1 << 18


class Packs:
    """Packs trees, and keeps some in `folder`: every prepared container is sent nearly the same one again."""

    def __init__(self, trees: Objects, folder: Path) -> None:
        self._trees = trees
        self._folder = folder
        self._lock = threading.Lock()
        folder.mkdir(exist_ok=True)

    def whole(self, tree: str) -> Iterable[bytes]:
        """All of `tree`. What is packed already is read as it is sent, and stays readable whatever is dropped."""
        with self._lock:
            base, difference = self._near(tree)
            path = self._folder / base
            if not path.exists():
                return self._written(path)
            path.touch()
            return chain(_read(path), difference)

    def _near(self, tree: str) -> tuple[str, list[bytes]]:
        """A tree that is packed, and what leads to `tree`; else `tree` itself."""
        if (self._folder / tree).exists():
            return tree, []
        for path in sorted(self._folder.iterdir(), key=os.path.getmtime, reverse=True):
            if self._trees.differ(path.name, tree, _NEAR) <= _NEAR:
                return path.name, self.difference(path.name, tree)
        return tree, []

    def _written(self, path: Path) -> Iterator[bytes]:
        """The frames of a tree as they are packed: a container lays the first ones out while the next are read."""
        handle, name = tempfile.mkstemp(prefix="pack-", dir=self._folder.parent)
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                for each in self._frames(self._trees.files(path.name)):
                    file.write(each)
                    yield each
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        with self._lock:
            for old in sorted(self._folder.iterdir(), key=os.path.getmtime)[:-_KEPT]:
                old.unlink(missing_ok=True)

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
        gone, changed = self._trees.difference(base, tree)
        frames = [pack([(path, 0, 0) for path in gone], b"")] if gone else []
        return frames + (list(self._frames(changed)) if changed else [])


def _read(path: Path) -> Iterator[bytes]:
    """What the file holds. It is opened at once: later it may be gone."""

    def chunks() -> Iterator[bytes]:
        with path.open("rb") as file:
            yield b""
            while data := file.read(_CHUNK):
                yield data

    opened = chunks()
    next(opened)  # from here on it is closed with the generator, read or not
    return opened
