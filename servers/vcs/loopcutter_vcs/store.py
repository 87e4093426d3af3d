"""Our own GIT_DIR for one repository: every file of every attempt, byte for byte, and nothing in the user's.

No filter, line ending or encoding of a repository's attributes ever applies (`ObjectStore` sees to that), nothing is
borrowed from the user's object store.
"""

import os
import secrets
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from loopcutter_snapshots import GitFailed, ObjectStore, git
from loopcutter_snapshots.git import Settings, version
from loopcutter_snapshots.store import EMPTY_TREE
from loopcutter_vcs.checkpoint import Checkpoint
from loopcutter_vcs.folder import File
from loopcutter_vcs.tree import reading, write_object

_NOBODY_EVER = "Loopcutter <loopcutter@localhost> 0 +0000"

_NOWHERE = "0" * 39 + "1"
"""The id of no commit. See `Store.make_shallow`."""

_MANY = 200
"""Files from which on they are stored as one pack. A pack for fewer costs more later, when it is joined with others."""

_AS_ONE_PACK = {"core.bigFileThreshold": "1"}
"""Git streams files of this size into a pack instead of making a file of its own for each, which takes up to nine
tenths of the time. Before 2.37 `update-index` would make a pack of each."""


@dataclass(frozen=True)
class Blob:
    """A file as a tree names it."""

    mode: str
    id: str


@dataclass(frozen=True)
class Change:
    """What became of one path between two trees."""

    path: str
    old: Blob | None
    new: Blob | None


@dataclass(frozen=True)
class Changes:
    """What differs between two trees."""

    files: list[Change]
    come: set[str]
    """Folders that are empty in the new tree, and were not there or not empty."""
    go: set[str]
    """Folders that were empty, and are no longer so."""


@dataclass(frozen=True)
class Store:
    """The objects of one repository's workspaces."""

    folder: Path

    @property
    def git_dir(self) -> Path:
        """The bare repository all objects are in."""
        return self.folder / "git"

    @cached_property
    def objects(self) -> ObjectStore:
        """The same repository, as snapshots are read from it."""
        return ObjectStore(self.git_dir)

    @property
    def in_use(self) -> Path:
        """The lock that who works with the store shares, and who throws objects away has alone."""
        return self.folder / "use.lock-file"

    @property
    def survey(self) -> Path:
        """Our index of the user's working tree, as it was last taken."""
        return self.folder / "survey"

    @property
    def memory(self) -> Path:
        """What the last survey found."""
        return self.folder / "survey.json"

    def prepare(self) -> None:
        """Make the store, unless it is there."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.make_shallow()

    def make_shallow(self) -> None:
        """Make the store shallow, unless it is.

        Snapshots are commits without parents, so a push would find nothing in common with what the other side has and
        send the whole tree. From a shallow repository git looks at the trees of the other side's commits instead, and
        only what is in none of them crosses the wire. Any id makes a repository shallow.
        """
        shallow = self.objects.path / "shallow"
        if not shallow.is_file():
            unfinished = shallow.with_name(f"shallow.{secrets.token_hex(6)}")
            unfinished.write_text(f"{_NOWHERE}\n")
            unfinished.replace(shallow)

    def keep_only(self, trees: Iterable[str]) -> None:
        """Name `trees`, and what the next snapshot builds on, so that git's housekeeping keeps them and nothing else.

        All in one tree of trees: a name for each would be ten thousand files.
        """
        wanted = {*trees, *([self.write_tree(self.survey)] if self.survey.exists() else [])}
        nodes = b"".join(b"40000 " + tree.encode() + b"\0" + bytes.fromhex(tree) for tree in sorted(wanted))
        ref = self.git_dir / "refs" / "keep"
        ref.with_name("keep.lock").write_text(write_object(self.git_dir, "tree", nodes) + "\n")
        ref.with_name("keep.lock").replace(ref)

    def git(
        self,
        *arguments: str,
        work_tree: Path | None = None,
        index: Path | None = None,
        stdin: bytes = b"",
        settings: Settings | None = None,
        accept: Iterable[int] = (0,),
    ) -> bytes:
        """Run git on the store, in the `work_tree` if there is one."""
        return git(
            *arguments,
            git_dir=self.git_dir,
            directory=work_tree,
            work_tree=work_tree,
            index=index,
            stdin=stdin,
            settings=settings,
            accept=accept,
        )

    def update_index(self, index: Path, work_tree: Path, paths: Collection[str], *options: str) -> None:
        """Tell `index` what stands at `paths` of `work_tree`, whose contents are stored where `options` let them in."""
        if not paths:
            return
        stdin = b"".join(os.fsencode(path) + b"\0" for path in paths)

        def update(settings: Settings | None) -> None:
            command = ("update-index", *options, "-z", "--stdin")
            self.git(*command, work_tree=work_tree, index=index, stdin=stdin, settings=settings)

        if len(paths) < _MANY or version() < (2, 37):
            return update(None)
        try:
            update(_AS_ONE_PACK)
        except GitFailed:  # a file became shorter while it was streamed; read at once, that does no harm
            update(None)

    def write_tree(self, index: Path) -> str:
        """The tree of what `index` holds."""
        return self.git("write-tree", index=index).decode().strip()

    def with_folders(self, tree: str, come: Iterable[str], go: Iterable[str] = ()) -> str:
        """`tree` with the empty folders `come`, and without those that `go`."""
        come, go = tuple(come), tuple(go)
        if not come and not go:
            return tree
        with reading(self.git_dir) as trees:
            return trees.with_folders(tree, come, go)

    def empty_folders(self, tree: str) -> set[str]:
        """The folders of `tree` that hold nothing."""
        return self.objects.empty_folders(tree)

    def changes(self, old: str, new: str) -> Changes:
        """What differs between two trees, renames as a deletion and an addition."""
        records = os.fsdecode(self.git("diff-tree", "-r", "-t", "-z", "--raw", "--no-renames", old, new)).split("\0")
        files, come, go = [], set(), set()
        for facts, path in zip(records[::2], records[1::2], strict=False):
            old_mode, new_mode, old_id, new_id, _ = facts.removeprefix(":").split(" ")
            before, after = _blob(old_mode, old_id), _blob(new_mode, new_id)
            if before or after:
                files.append(Change(path, before, after))
            if new_id == EMPTY_TREE:
                come.add(path)
            if old_id == EMPTY_TREE:
                go.add(path)
        return Changes(files, come, go)

    def files(self, blobs: set[Blob]) -> dict[Blob, File]:
        """The contents of `blobs`."""
        contents = dict(self.objects.read_blobs({blob.id for blob in blobs}))
        return {blob: File(contents[blob.id], blob.mode) for blob in blobs}

    def snapshot(self, tree: str) -> str:
        """A commit of `tree` that says nothing else: no parent, no author, no time. The same tree, the same commit."""
        text = f"tree {tree}\nauthor {_NOBODY_EVER}\ncommitter {_NOBODY_EVER}\n\nsnapshot\n"
        return self.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode()).decode().strip()

    def advance(self, branch: str, to: Checkpoint) -> None:
        """Move `branch` to a commit of the checkpoint `to`, on top of where it was.

        The branch is for people and for git's own tools; the ledger is what counts. It is written as git writes it,
        but without starting git.
        """
        ref = self.git_dir / "refs" / "heads" / branch
        parent = ref.read_text().strip() if ref.is_file() else ""
        when = f"Loopcutter <loopcutter@localhost> {int(to.created)} +0000"
        lines = [f"tree {to.tree}", *([f"parent {parent}"] if parent else []), f"author {when}", f"committer {when}"]
        text = "\n".join([*lines, "", f"{to.label}\n\nCheckpoint: {to.id}\n"])
        commit = write_object(self.git_dir, "commit", text.encode("utf-8", "surrogateescape"))
        ref.parent.mkdir(parents=True, exist_ok=True)
        unfinished = ref.with_name(f"{ref.name}.lock")  # which git does not take for a branch
        unfinished.write_text(f"{commit}\n")
        unfinished.replace(ref)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for files of the moment, on the store's disk and as private as the store."""
        with tempfile.TemporaryDirectory(prefix="scratch-", dir=self.folder) as folder:
            yield Path(folder)


def _blob(mode: str, identity: str) -> Blob | None:
    return None if mode in ("000000", "040000") else Blob(mode, identity)
