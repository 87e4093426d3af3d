"""States of workspaces as git objects: each is named by the hash of its tree, and what two have in common is kept once.

They lie in a repository of their own, which sees the trees that were received as well. Git knows two kinds of
permissions and no empty folders; what is different is kept beside the tree, and then the name is that of both.
"""

import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from loopcutter_sandbox.changes import Changes
from loopcutter_sandbox.layout import Node, Nodes, folders_of, nodes_of
from loopcutter_sandbox.objects import Objects
from loopcutter_snapshots import UnknownPath, git

_KEPT = 0o1777
"""What is kept of permissions: nothing that would lend a program somebody else's rights."""


@dataclass(frozen=True)
class State:
    """A workspace at one moment."""

    id: str
    tree: str
    """The hash of the git tree of its files."""
    nodes: Nodes
    modes: Mapping[str, int] = field(default_factory=dict)
    """As `Work.modes`."""


class States:
    """Makes and finds states."""

    def __init__(self, received: Path, folder: Path) -> None:
        self.trees = Objects(folder / "states")
        """All states, and all trees of the repository at `received`."""
        alternates = self.trees.path / "objects" / "info" / "alternates"
        alternates.parent.mkdir(exist_ok=True)
        alternates.write_text(f"{received.resolve()}/objects\n")
        self._unusual: dict[str, State] = {}

    def find(self, name: str) -> State:
        """The state of this name, or that of a tree; raises `UnknownTree`."""
        if name in self._unusual:
            return self._unusual[name]
        tree = self.trees.resolve(name)
        return State(tree, tree, nodes_of(self.trees.files(tree), {}))

    def unusual(self, name: str) -> State | None:
        """The state of this name, if it is one that a tree alone doesn't say."""
        return self._unusual.get(name)

    def narrowed(self, state: State, places: Iterable[str]) -> State:
        """Only what lies at or beneath `places`."""
        wanted = {place.strip("/") for place in places}
        kept = {path: node for path, node in state.nodes.items() if _within(path, wanted)}
        if not kept:
            raise UnknownPath(state.id, ", ".join(sorted(wanted)))
        return self._named(kept, self._tree(state, kept))

    def of(self, nodes: Nodes, near: str, near_nodes: Nodes) -> State:
        """The state that consists of `nodes`; `near` is a tree much like it, and `near_nodes` what that holds."""
        return self._named(dict(nodes), self._tree(State(near, near, near_nodes), nodes))

    def after(self, state: State, changes: Changes) -> State:
        """The state that `changes` lead to."""
        nodes = self._apply(state.nodes, changes)
        return self._named(nodes, self._tree(state, nodes))

    def _named(self, nodes: Nodes, tree: str) -> State:
        modes = _unusual(nodes)
        if not modes:
            return State(tree, tree, nodes)
        text = json.dumps(sorted(modes.items())).encode()
        listing = f"100644 blob {self._keep(text)}\tmodes\n040000 tree {tree}\ttree\n"
        name = git("mktree", git_dir=self.trees.path, stdin=listing.encode()).decode().strip()
        found = State(name, tree, nodes, modes)
        self._unusual[name] = found
        return found

    def _apply(self, old: Nodes, changes: Changes) -> dict[str, Node]:
        gone = set(changes.removed)
        gone.update(each.path for each in changes.written)
        nodes = {path: node for path, node in old.items() if not _within(path, gone)}
        for each in changes.written:
            mode = "120000" if each.kind == "link" else "100755" if each.permissions & 0o100 else "100644"
            permissions = 0o644 if each.kind == "link" else each.permissions & 0o777
            nodes[each.path] = Node(mode, permissions, self._keep(each.contents), len(each.contents))
        for path in changes.folders:
            nodes.pop(path, None)  # it was a file, or will be said anew
        holding = folders_of(nodes) | folders_of(changes.folders)
        for path, permissions in changes.folders.items():
            if permissions & _KEPT != 0o755 or path not in holding:
                nodes[path] = Node("040000", permissions & _KEPT)
        for path in folders_of(old) - folders_of(nodes):  # what has lost its last file is still there
            if path not in nodes and not _within(path, changes.removed) and path not in holding:
                nodes[path] = Node("040000", 0o755)
        held = folders_of(nodes)
        return {
            path: node
            for path, node in nodes.items()
            if not (node.mode == "040000" and node.permissions == 0o755 and path in held)
        }

    def _tree(self, old: State, nodes: Nodes) -> str:
        """The git tree of `nodes`, written with an index that starts from the old one."""
        lines = [f"0 {'0' * 40}\t{path}" for path in _files(old.nodes) - _files(nodes)]
        lines += [
            f"{nodes[path].mode} {nodes[path].blob}\t{path}"
            for path in _files(nodes)
            if (known := old.nodes.get(path)) is None
            or (known.mode, known.blob) != (nodes[path].mode, nodes[path].blob)
        ]
        if not lines:
            return old.tree
        with tempfile.TemporaryDirectory(dir=self.trees.path) as scratch:
            index, place = Path(scratch) / "index", self.trees.path
            git("read-tree", old.tree, git_dir=place, index=index)
            stdin = os.fsencode("\0".join(lines) + "\0")
            git("update-index", "-z", "--add", "--replace", "--index-info", git_dir=place, index=index, stdin=stdin)
            return git("write-tree", "--missing-ok", git_dir=place, index=index).decode().strip()

    def _keep(self, contents: bytes) -> str:
        """The id of `contents`, written as a loose object: one git process a file would take longer."""
        data = b"blob %d\0" % len(contents) + contents
        name = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        target = self.trees.path / "objects" / name[:2] / name[2:]
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            scratch = target.with_suffix(f".{os.getpid()}")
            scratch.write_bytes(zlib.compress(data, 1))
            scratch.replace(target)
        return name

    def contents(self, nodes: Iterable[Node]) -> dict[str, bytes]:
        """What files hold, by their blobs."""
        return dict(self.trees.read_blobs({node.blob for node in nodes if node.blob}))

    def close(self) -> None:
        """End the gits that were asked."""
        self.trees.close()

    def size(self) -> int:
        """Bytes on disk of all states, without the trees that were received."""
        return sum(file.stat().st_size for file in (self.trees.path / "objects").glob("??/*") if file.suffix == "")


def _within(path: str, places: Iterable[str]) -> bool:
    """Whether `path` is one of `places` (a set), or beneath one."""
    while path:
        if path in places:
            return True
        path = path.rpartition("/")[0]
    return False


def _files(nodes: Nodes) -> set[str]:
    return {path for path, node in nodes.items() if node.mode != "040000"}


def _unusual(nodes: Nodes) -> dict[str, int]:
    usual = {"100644": 0o644, "100755": 0o755, "120000": 0o644}
    return {
        f"{path}/" if node.mode == "040000" else path: node.permissions
        for path, node in nodes.items()
        if usual.get(node.mode) != node.permissions
    }
