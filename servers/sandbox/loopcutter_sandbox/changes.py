"""What a run has changed in its workspace: the small language in which every backend says it.

A backend that is asked to keep a run's changes (`Work.keep`) puts a `Changes` into `Ended.changes`, whatever way it
found them: by reading the writable layer of an overlay (`from_layer`), by comparing a folder with what was laid out
(`Survey`), or by listing a container's workspace.
"""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

FILE, LINK = "100644", "120000"


@dataclass(frozen=True)
class Written:
    """A file or symbolic link that is new or has changed."""

    path: str
    """Relative to the workspace, with `/`; bytes that are no UTF-8 as `os.fsdecode` gives them."""
    kind: Literal["file", "link"]
    permissions: int
    """The lower twelve bits of its mode; of a link they mean nothing."""
    contents: bytes
    """Of a link, its target."""


@dataclass(frozen=True)
class Changes:
    """All that is different after a run."""

    written: tuple[Written, ...] = ()
    removed: frozenset[str] = frozenset()
    """Paths that are gone, with all that was beneath them; taken away before anything is written."""
    folders: Mapping[str, int] = field(default_factory=dict)
    """Folders that are new or were touched, with their permissions."""
    left_out: tuple[str, ...] = ()
    """What can't be kept: pipes, sockets, devices."""
    too_much: bool = False
    """There was more than may be kept, and nothing of it was."""


def from_layer(packed: bytes) -> Changes:
    """The changes that the supervisor of an overlay has packed."""
    written: list[Written] = []
    removed: set[str] = set()
    folders: dict[str, int] = {}
    left_out: list[str] = []
    for entry, contents in _entries(packed):
        path = entry["path"]
        match entry["kind"]:
            case "file" | "link":
                written.append(Written(path, entry["kind"], entry["mode"], contents))
            case "removed":
                removed.add(path)
            case "opaque":
                removed.add(path)
                folders[path] = entry["mode"]
            case "folder":
                folders[path] = entry["mode"]
            case _:
                left_out.append(path)
    if not packed.endswith(b'{"kind": "end"}\n'):
        return Changes(too_much=True)
    return Changes(tuple(written), frozenset(removed), folders, tuple(left_out))


def _entries(packed: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
    position = 0
    while (end := packed.find(b"\n", position)) >= 0:
        entry = json.loads(packed[position:end])
        position = end + 1
        if entry["kind"] in ("end", "too-much"):
            return
        yield entry, packed[position : position + entry["size"]]
        position += entry["size"]


@dataclass(frozen=True)
class Survey:
    """A folder as it was before a run: enough to tell afterwards what is different, without reading what is not."""

    entries: Mapping[str, tuple[int, ...]]

    @staticmethod
    def of(folder: Path) -> "Survey":
        """Look at everything in `folder`."""
        return Survey({path: _facts(entry) for path, entry in _walk(folder)})

    def changes(self, folder: Path, most_bytes: int, most_files: int) -> Changes:
        """What is different in `folder` now. Nothing in it may be running any more."""
        written: list[Written] = []
        folders: dict[str, int] = {}
        left_out: list[str] = []
        seen: set[str] = set()
        total = 0
        for path, entry in _walk(folder):
            seen.add(path)
            facts = entry.stat(follow_symlinks=False)
            if self.entries.get(path) == _facts(entry):
                continue
            if stat.S_ISDIR(facts.st_mode):
                folders[path] = stat.S_IMODE(facts.st_mode)
                continue
            total += facts.st_size
            if len(written) >= most_files or total > most_bytes:
                return Changes(too_much=True)
            if stat.S_ISLNK(facts.st_mode):
                target = os.fsencode(Path(entry.path).readlink())
                written.append(Written(path, "link", 0o777, target))
            elif stat.S_ISREG(facts.st_mode):
                written.append(Written(path, "file", stat.S_IMODE(facts.st_mode), _read(entry.path, facts.st_size)))
            else:
                left_out.append(path)
        removed = frozenset(path for path in self.entries if path not in seen)
        return Changes(tuple(written), removed, folders, tuple(left_out))


def _facts(entry: os.DirEntry[str]) -> tuple[int, ...]:
    """What changes with the contents; the time of change is the one thing that a program can't set."""
    facts = entry.stat(follow_symlinks=False)
    if stat.S_ISDIR(facts.st_mode):
        return (facts.st_mode,)
    return (facts.st_mode, facts.st_size, facts.st_ino, facts.st_ctime_ns)


def _walk(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    waiting = [""]
    while waiting:
        parent = waiting.pop()
        place = folder / parent
        try:
            entries = list(os.scandir(place))
        except PermissionError:  # closed by the run; this user owns it, or is root
            place.chmod(0o700)
            entries = list(os.scandir(place))
        for entry in entries:
            path = f"{parent}/{entry.name}" if parent else entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            yield path, entry


def _read(path: str, size: int) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except PermissionError:  # the same
        Path(path).chmod(0o600)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(size)
