"""The objects of a store, read without starting a git for each: an edit needs half a dozen answers."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from loopcutter_snapshots import Lasting, UnknownBlob, UnknownTree, tree_entries

_OBJECT = re.compile(r"[0-9a-f]{40}")


class Plumbing:
    """Two gits of one store, started when first needed: one tells what a name stands for, one gives contents.

    Safe to use from several threads.
    """

    def __init__(self, store: Path) -> None:
        self._facts = Lasting(store, "--batch-check")
        self._contents = Lasting(store, "--batch")

    def __enter__(self) -> "Plumbing":
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._facts.close()
        self._contents.close()

    def resolve(self, tree: str) -> str:
        """`tree`, if it is the id of a tree (or of a commit: then the id of its tree) in the store."""
        if not _OBJECT.fullmatch(tree):
            raise UnknownTree(tree)
        name = f"{tree}^{{tree}}"
        found = self._facts.ask(name)[0]
        if found is None:  # another object folder may have been lent to the store since git looked
            self._facts.close()
            self._contents.close()
            found = self._facts.ask(name)[0]
        if found is None:
            raise UnknownTree(tree)
        return found.id

    def size(self, blob: str) -> int:
        """Bytes of a file's contents."""
        found = self._facts.ask(blob)[0]
        if found is None:
            raise UnknownBlob(blob)
        return found.size

    def past(self, tree: str) -> str:
        """The id of the digest of the past that came along with a tree; empty when none did."""
        if not _OBJECT.fullmatch(tree):
            raise UnknownTree(tree)
        found = self._facts.ask(f"refs/snapshots/history/{tree}^{{blob}}")[0]
        return found.id if found is not None else ""

    def folder(self, tree: str) -> dict[bytes, tuple[str, str]]:
        """What lies directly in a tree, in git's order: name → mode and id."""
        found, content = self._contents.ask(tree)
        if found is None or found.kind != "tree":
            raise UnknownTree(tree)
        return {name: (mode, identity) for name, mode, identity in tree_entries(content)}

    def read_blobs(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of files by their ids, in that order."""
        for blob in blobs:
            found, content = self._contents.ask(blob) if _OBJECT.fullmatch(blob) else (None, b"")
            if found is None or found.kind != "blob":
                raise UnknownBlob(blob)
            yield blob, content
