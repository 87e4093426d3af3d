"""Trees of the store, read and changed path by path: what an edit costs follows the edit, not the repository.

One git process reads; objects are written here, in the format git keeps them in, because to start a process for each
of them takes a hundred times as long. Nothing is laid out on disk: an attempt can live as a tree alone.
"""

import hashlib
import os
import secrets
import subprocess
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from loopcutter_snapshots import tree_entries
from loopcutter_snapshots.git import environment
from loopcutter_snapshots.store import EMPTY_TREE
from loopcutter_vcs.errors import BrokenStore, PathRefused
from loopcutter_vcs.folder import LINK, File

_TREE = "40000"


@dataclass(frozen=True)
class Node:
    """What a tree says of one name."""

    mode: str
    id: str


@dataclass
class Trees:
    """The objects of one repository, by id. Get one with `reading`."""

    git_dir: Path
    _reader: "subprocess.Popen[bytes]"
    _known: dict[str, dict[str, Node]] = field(default_factory=dict)

    def nodes(self, tree: str) -> dict[str, Node]:
        """What `tree` holds, one level of it."""
        if tree not in self._known:
            self._known[tree] = _parsed(self.content(tree))
        return self._known[tree]

    def content(self, identity: str) -> bytes:
        """The bytes of an object."""
        assert self._reader.stdin is not None
        assert self._reader.stdout is not None
        try:
            self._reader.stdin.write(f"{identity}\n".encode())
            self._reader.stdin.flush()
        except BrokenPipeError:  # git met a broken object and gave up
            raise BrokenStore(identity) from None
        header = self._reader.stdout.readline().split()
        if len(header) != 3:
            raise BrokenStore(identity)
        content = self._reader.stdout.read(int(header[2]))
        self._reader.stdout.read(1)
        return content

    def changed(self, tree: str, changes: Mapping[str, File | None]) -> str:
        """`tree` with `changes`; a path without a file is one that goes."""
        return self._changed(tree, changes) or self.write("tree", b"")

    def _changed(self, tree: str | None, changes: Mapping[str, File | None]) -> str | None:
        nodes = dict(self.nodes(tree)) if tree else {}
        below: dict[str, dict[str, File | None]] = {}
        for path, file in changes.items():
            name, separator, rest = path.partition("/")
            if separator:
                below.setdefault(name, {})[rest] = file
            elif file is not None:
                nodes[name] = Node(file.mode, self.write("blob", file.content))
            elif name in nodes and nodes[name].mode != _TREE:
                del nodes[name]
        for name, inner in below.items():
            standing = nodes.get(name)
            folder = standing.id if standing is not None and standing.mode == _TREE else None
            made = self._changed(folder, inner)
            if made is not None:
                nodes[name] = Node(_TREE, made)
            elif folder is not None:
                del nodes[name]
        return self.write("tree", _formed(nodes)) if nodes else None

    def with_folders(self, tree: str, come: Iterable[str], go: Iterable[str]) -> str:
        """`tree` with the empty folders `come`, unless something is there, and without those of `go` that are empty."""
        self.write("tree", b"")
        # What goes first, so that a folder which has become empty by that can come.
        without = self._with_folders(tree, dict.fromkeys(go, False))
        return self._with_folders(without, dict.fromkeys(come, True)) or EMPTY_TREE

    def _with_folders(self, tree: str | None, wanted: Mapping[str, bool]) -> str | None:
        nodes = dict(self.nodes(tree)) if tree else {}
        below: dict[str, dict[str, bool]] = {}
        for path, stays in wanted.items():
            name, separator, rest = path.partition("/")
            if separator:
                below.setdefault(name, {})[rest] = stays
            elif stays:
                nodes.setdefault(name, Node(_TREE, EMPTY_TREE))
            elif name in nodes and nodes[name].id == EMPTY_TREE:
                del nodes[name]
        for name, inner in below.items():
            standing = nodes.get(name)
            if standing is not None and standing.mode != _TREE:
                continue
            made = self._with_folders(standing.id if standing else None, inner)
            if made is not None:
                nodes[name] = Node(_TREE, made)
            elif standing is not None and standing.id != EMPTY_TREE:
                del nodes[name]
        return self.write("tree", _formed(nodes)) if nodes else None

    def write(self, kind: str, content: bytes) -> str:
        """Keep an object, and say its id."""
        return write_object(self.git_dir, kind, content)


@dataclass(frozen=True)
class TreeFiles:
    """The files of one tree, read by path as `Folder` reads those on disk."""

    trees: Trees
    tree: str

    def read(self, path: str) -> File | None:
        """What stands at `path`; None when nothing does."""
        *steps, name = path.split("/")
        current = self.tree
        for depth, step in enumerate(steps):
            node = self.trees.nodes(current).get(step)
            if node is None:
                return None
            if node.mode != _TREE:
                kind = "a symbolic link" if node.mode == LINK else "a file"
                raise PathRefused(path, f"leads through {'/'.join(steps[: depth + 1])!r}, which is {kind}")
            current = node.id
        node = self.trees.nodes(current).get(name)
        if node is None:
            return None
        if node.mode == _TREE:
            raise PathRefused(path, "is a folder")
        return File(self.trees.content(node.id), node.mode)

    def names(self, folder: str) -> list[str]:
        """The names in `folder`, none when there is no such folder."""
        current = self.tree
        for step in folder.split("/") if folder else ():
            node = self.trees.nodes(current).get(step)
            if node is None or node.mode != _TREE:
                return []
            current = node.id
        return list(self.trees.nodes(current))


@contextmanager
def reading(git_dir: Path) -> Iterator[Trees]:
    """The objects of the repository at `git_dir`, as long as somebody works with them."""
    with subprocess.Popen(
        ["git", "cat-file", "--batch"],
        env=environment({"GIT_DIR": str(git_dir)}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as reader:
        try:
            yield Trees(git_dir, reader)
        finally:
            reader.kill()


def write_object(git_dir: Path, kind: str, content: bytes) -> str:
    """Keep an object in the repository at `git_dir`, whole or not at all, and say its id."""
    full = f"{kind} {len(content)}\0".encode() + content
    identity = hashlib.sha1(full, usedforsecurity=False).hexdigest()
    folder = git_dir / "objects" / identity[:2]
    target = folder / identity[2:]
    if target.exists():
        return identity
    folder.mkdir(exist_ok=True)
    # Named so that git's own housekeeping takes it for what a killed git leaves behind, and removes it.
    unfinished = folder / f"tmp_obj_{secrets.token_hex(6)}"
    try:
        with unfinished.open("xb") as file:
            file.write(zlib.compress(full, 1))
        unfinished.chmod(0o444)
        unfinished.replace(target)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
    return identity


def _parsed(content: bytes) -> dict[str, Node]:
    return {os.fsdecode(name): Node(mode, identity) for name, mode, identity in tree_entries(content)}


def _formed(nodes: Mapping[str, Node]) -> bytes:
    # Git's order: folders as if their names ended in a slash.
    ordered = sorted(
        ((os.fsencode(name), node) for name, node in nodes.items()),
        key=lambda named: named[0] + b"/" if named[1].mode == _TREE else named[0],
    )
    return b"".join(node.mode.encode() + b" " + name + b"\0" + bytes.fromhex(node.id) for name, node in ordered)
