"""Trees laid out as files once, read-only, for many runs: a run's workspace is a writable layer on top of them.

A tree that is close to one which is laid out already becomes a thin layer over it, so that a second sync or a restore
costs what is different. What is kept is bounded in number and size; what a run stands on is never removed.
"""

import itertools
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from loopcutter_sandbox.errors import Unusable
from loopcutter_sandbox.folders import remove
from loopcutter_snapshots import Entry, leads_elsewhere

MOST_BYTES = 1 << 30
MOST_LAYOUTS = 64
DEEPEST = 8
"""Layers that stand on one another."""

_NEAR = 4
"""How many layouts are compared with a new tree."""


class Trees(Protocol):
    """Where trees come from; `loopcutter_snapshots.ObjectStore` is one."""

    def resolve(self, tree: str) -> str: ...

    def read(self, tree: str, path: str) -> bytes: ...

    def export(self, tree: str, folder: Path) -> None: ...

    def files(self, tree: str) -> list[Entry]: ...

    def read_blobs(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]: ...


@dataclass(frozen=True)
class Node:
    """What a workspace holds at one path."""

    mode: str
    """Git's word for it; `040000` is a folder that is empty or has other permissions than usual."""
    permissions: int
    blob: str = ""
    size: int = 0


Nodes = Mapping[str, Node]
"""By path. Folders that hold something and have the usual permissions need no entry."""


def nodes_of(files: Iterable[Entry], modes: Mapping[str, int]) -> dict[str, Node]:
    """What `files` of a tree are, with the permissions of `modes` where they are unusual."""
    nodes = {
        entry.path: Node(
            entry.mode, modes.get(entry.path, 0o755 if entry.mode == "100755" else 0o644), entry.blob, entry.size
        )
        for entry in files
    }
    nodes.update({path[:-1]: Node("040000", mode) for path, mode in modes.items() if path.endswith("/")})
    return nodes


def _check(nodes: Iterable[str]) -> None:
    for path in nodes:
        if leads_elsewhere(path):
            raise Unusable(f"invalid path {path!r} in the tree, which no git would make; publish it again from vcs")


def folders_of(nodes: Iterable[str]) -> set[str]:
    """All folders that must be there for `nodes`."""
    folders: set[str] = set()
    for path in nodes:
        while (path := path.rpartition("/")[0]) and path not in folders:
            folders.add(path)
    return folders


@dataclass(frozen=True)
class Delta:
    """What leads from one workspace to another."""

    written: dict[str, Node]
    removed: list[str]
    """The topmost of the paths that are gone."""


def delta(old: Nodes, new: Nodes) -> Delta:
    """What is different in `new`."""
    written = dict(new.items() - old.items())
    old_folders, new_folders = folders_of(old), folders_of(new)
    for path in old.keys() - new.keys():
        if old[path].mode == "040000" and path in new_folders:  # no longer unusual
            written[path] = Node("040000", 0o755)
    there = new.keys() | new_folders
    removed = []
    for path in itertools.chain(old.keys() - new.keys(), old_folders - new_folders):
        if path not in there and (not (parent := path.rpartition("/")[0]) or parent in there):
            removed.append(path)
    return Delta(written, sorted(path for path in removed if not _covered(path, new)))


def _covered(path: str, new: Nodes) -> bool:
    """Whether a file has taken the place of a folder above."""
    while path := path.rpartition("/")[0]:
        if path in new and new[path].mode != "040000":
            return True
    return False


def write(folder: Path, nodes: Nodes, trees: Trees) -> None:
    """Write `nodes` into `folder`, which nothing untrusted has touched; what is there already is replaced."""
    contents = dict(trees.read_blobs({node.blob for node in nodes.values() if node.blob}))
    made: set[str] = set()
    for path, node in nodes.items():
        parent = path if node.mode == "040000" else path.rpartition("/")[0]
        if parent not in made:
            (folder / parent).mkdir(parents=True, exist_ok=True)
            made.add(parent)
        if node.mode == "120000":
            (folder / path).unlink(missing_ok=True)
            (folder / path).symlink_to(os.fsdecode(contents[node.blob]))
        elif node.mode != "040000":
            (folder / path).unlink(missing_ok=True)
            file = os.open(folder / path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            try:
                os.fchmod(file, node.permissions & 0o777)
                left = memoryview(contents[node.blob])
                while left:
                    left = left[os.write(file, left) :]
            finally:
                os.close(file)
    for path in sorted((path for path, node in nodes.items() if node.mode == "040000"), reverse=True):
        (folder / path).chmod(nodes[path].permissions & 0o1777)


@dataclass
class Layout:
    """A laid out tree: its own layer, and what that stands on."""

    nodes: Nodes
    path: Path
    below: "Layout | None"
    bytes: int
    users: int = 0
    """Runs and layers that stand on it."""

    @property
    def layers(self) -> tuple[Path, ...]:
        """Its folders, topmost first."""
        return (self.path, *(self.below.layers if self.below is not None else ()))


@dataclass
class Layouts:
    """The trees that are laid out in `folder`."""

    trees: Trees
    folder: Path
    most_bytes: int = MOST_BYTES
    most: int = MOST_LAYOUTS
    _known: dict[tuple[str, frozenset[tuple[str, int]]], Layout] = field(default_factory=dict)
    """The one used last comes last."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, tree: str, modes: Mapping[str, int]) -> Layout:
        """The layout of `tree`, made if there is none; it stays until `give_back`."""
        key = (tree, frozenset(modes.items()))
        with self._lock:
            layout = self._known.pop(key, None) or self._make(tree, modes)
            self._known[key] = layout
            layout.users += 1
            self._evict()
        return layout

    def give_back(self, layout: Layout) -> None:
        """No longer needed by the one who took it."""
        with self._lock:
            layout.users -= 1
            self._evict()

    def _make(self, tree: str, modes: Mapping[str, int]) -> Layout:
        nodes = nodes_of(self.trees.files(tree), modes)
        _check(nodes)
        target = self.folder / f"layer-{next(self._numbers)}"
        near = self._nearest(nodes)
        if near is not None:
            below, difference = near
            try:
                return self._over(below, difference, nodes, target)
            except PermissionError:  # this user may make no whiteouts here
                remove(target)
        self.trees.export(tree, target)
        write(target, {path: nodes[path] for path in nodes if path in modes or f"{path}/" in modes}, self.trees)
        return Layout(nodes, target, None, sum(node.size for node in nodes.values()))

    def _over(self, below: Layout, difference: Delta, nodes: Nodes, target: Path) -> Layout:
        target.mkdir(0o755)
        write(target, difference.written, self.trees)
        for path in difference.removed:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            os.mknod(target / path, 0o20000, 0)  # how an overlay says that nothing is there
        below.users += 1
        return Layout(nodes, target, below, sum(node.size for node in difference.written.values()))

    def _nearest(self, nodes: Nodes) -> tuple[Layout, Delta] | None:
        """The layout that is least different, if that is worth it."""
        best: tuple[int, Layout] | None = None
        for layout in list(self._known.values())[-_NEAR:]:
            if len(layout.layers) >= DEEPEST:
                continue
            changed = len(nodes.items() ^ layout.nodes.items())
            if changed > max(50, len(nodes) // 5):
                continue
            if best is None or changed < best[0]:
                best = changed, layout
        return None if best is None else (best[1], delta(best[1].nodes, nodes))

    def _evict(self) -> None:
        for key, layout in list(self._known.items()):
            total = sum(each.bytes for each in self._known.values())
            if len(self._known) <= self.most and total <= self.most_bytes:
                return
            if layout.users == 0:
                del self._known[key]
                remove(layout.path)
                if layout.below is not None:
                    layout.below.users -= 1
