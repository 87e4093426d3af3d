"""A git that stays: reads the objects of a store without starting a process for each.

Starting git costs five milliseconds, and an edit needs half a dozen answers. `git cat-file` answers as many as it is
asked, and sees what is pushed meanwhile. It ends when its input does, so a server that is killed leaves none behind.
"""

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType

from loopcutter_snapshots import UnknownBlob, UnknownTree
from loopcutter_snapshots.git import environment

_OBJECT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Object:
    """What a name stands for."""

    id: str
    kind: str
    """`blob`, `tree`, `commit`."""
    size: int
    """In bytes."""


class Plumbing:
    """Two gits of one store, started when first needed: one tells what a name stands for, one gives contents.

    Safe to use from several threads.
    """

    def __init__(self, store: Path) -> None:
        self._facts = _Lasting(store, "--batch-check")
        self._contents = _Lasting(store, "--batch")

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
        entries: dict[bytes, tuple[str, str]] = {}
        at = 0
        while at < len(content):
            blank, end = content.index(b" ", at), content.index(b"\0", at)
            entries[content[blank + 1 : end]] = content[at:blank].decode(), content[end + 1 : end + 21].hex()
            at = end + 21
        return entries

    def read_blobs(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of files by their ids, in that order."""
        for blob in blobs:
            found, content = self._contents.ask(blob) if _OBJECT.fullmatch(blob) else (None, b"")
            if found is None or found.kind != "blob":
                raise UnknownBlob(blob)
            yield blob, content


class _Lasting:
    """One git process that answers one name at a time; started anew should it have died."""

    def __init__(self, store: Path, how: str) -> None:
        self._store = store
        self._how = how
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, name: str) -> tuple[Object | None, bytes]:
        """What `name` stands for, nothing if nothing; and its content, if this git gives contents."""
        with self._lock:
            try:
                return self._asked(name)
            except (OSError, EOFError):
                self._end()
                return self._asked(name)

    def _asked(self, name: str) -> tuple[Object | None, bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                ["git", "cat-file", self._how],
                env=environment({"GIT_DIR": str(self._store.resolve())}),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(f"{name}\n".encode())
        asked.flush()
        line = answers.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        facts = line.decode().split()
        if len(facts) != 3 or not facts[2].isdigit():
            return None, b""
        found = Object(facts[0], facts[1], int(facts[2]))
        if self._how == "--batch-check":
            return found, b""
        content = answers.read(found.size + 1)  # a line break follows
        if len(content) != found.size + 1:
            raise EOFError
        return found, content[:-1]

    def close(self) -> None:
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was not sent can't be any more
                    continue
        process.wait()
