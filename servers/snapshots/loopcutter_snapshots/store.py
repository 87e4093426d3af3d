"""A bare repository of received trees: what they hold, and the way back to files on disk."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from loopcutter_snapshots.errors import GitFailed, NotEmpty, UnknownBlob, UnknownPath, UnknownTree
from loopcutter_snapshots.git import environment, git

_OBJECT = re.compile(r"[0-9a-f]{40}")

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The id of a tree that holds nothing, and so of an empty folder in another tree."""

_BYTE_EXACT = "* -text -filter -ident -working-tree-encoding -eol\n"
"""Attributes in the repository's own `info/attributes` win over every `.gitattributes` a tree brings along."""


@dataclass(frozen=True)
class Entry:
    """One file of a tree."""

    path: str
    """With `/`; bytes that are not UTF-8 come as surrogate escapes, as `os.fsdecode` gives them."""
    mode: str
    """`100644`, `100755` or, for a symbolic link, `120000`."""
    size: int
    """In bytes; of a symbolic link, the length of its target."""
    blob: str
    """The id of its contents."""


@dataclass(frozen=True)
class ObjectStore:
    """The trees a server has received. The repository at `path` is made on first use."""

    path: Path

    def __post_init__(self) -> None:
        if not self._complete():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _alone_in(self.path):
                if not self._complete():
                    self._make()

    def _complete(self) -> bool:
        return (self.path / "info" / "attributes").is_file()

    def _make(self) -> None:
        git("init", "--quiet", "--bare", "--template=", "--object-format=sha1", str(self.path))
        # Written last and in one step: the file says that the repository is complete.
        info = self.path / "info"
        info.mkdir(exist_ok=True)
        (info / "attributes.new").write_text(_BYTE_EXACT)
        (info / "attributes.new").replace(info / "attributes")

    def resolve(self, tree: str) -> str:
        """`tree`, if it is the id of a tree (or of a commit: then the id of its tree) in the store."""
        if not _OBJECT.fullmatch(tree):
            raise UnknownTree(tree)
        try:
            return (
                self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{tree}^{{tree}}").decode().strip()
            )
        except GitFailed:
            raise UnknownTree(tree) from None

    def files(self, tree: str) -> list[Entry]:
        """Every file and symbolic link of `tree`, in git's order. Submodules have no contents here and are left out."""
        listing = os.fsdecode(self._git("ls-tree", "-r", "-l", "-z", "--full-tree", self.resolve(tree)))
        entries = []
        for line in listing.split("\0")[:-1]:
            facts, _, path = line.partition("\t")
            mode, kind, blob, size = facts.split()
            if kind == "blob":
                entries.append(Entry(path, mode, int(size), blob))
        return entries

    def read(self, tree: str, path: str) -> bytes:
        """The contents of the file at `path`; of a symbolic link, its target."""
        known = self.resolve(tree)
        try:
            return self._git("cat-file", "blob", f"{known}:{path}")
        except (GitFailed, ValueError):  # ValueError: a null byte in the path
            raise UnknownPath(known, path) from None

    def read_blobs(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of many files, by the ids of `files`, in that order, with one git process."""
        with tempfile.TemporaryFile() as wanted:
            # A file and not a pipe: git may write before all ids are read, and nobody waits for anybody.
            for blob in blobs:
                if not _OBJECT.fullmatch(blob):
                    raise UnknownBlob(blob)
                wanted.write(f"{blob}\n".encode())
            wanted.seek(0)
            with subprocess.Popen(
                ["git", "cat-file", "--batch", "--buffer"],
                env=environment({"GIT_DIR": str(self.path)}),
                stdin=wanted,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ) as reader:
                assert reader.stdout is not None
                try:
                    while header := reader.stdout.readline().split():
                        if header[1:2] != [b"blob"]:
                            raise UnknownBlob(header[0].decode())
                        contents = reader.stdout.read(int(header[2]))
                        reader.stdout.read(1)
                        yield header[0].decode(), contents
                finally:
                    reader.kill()  # when the caller has seen enough; harmless at the end

    def history(self, tree: str) -> tuple[str, bytes]:
        """The digest of the past that came along with `tree`, its id first; both empty when none did."""
        if not _OBJECT.fullmatch(tree):
            raise UnknownTree(tree)
        place = f"refs/snapshots/history/{tree}"
        try:
            identity = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{place}^{{blob}}")
            return identity.decode().strip(), self._git("cat-file", "blob", identity.decode().strip())
        except GitFailed:
            return "", b""

    def export(self, tree: str, folder: Path) -> None:
        """Lay out `tree` as files in `folder`, which must be empty or not exist: byte for byte, with modes and links.

        Nothing is ever written outside `folder`, whatever the tree holds: git refuses paths that lead elsewhere, and
        the folder starts empty, so no link can stand in the way. Links are kept as they are, wherever they point.
        """
        known = self.resolve(tree)
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise NotEmpty(folder)
        with tempfile.TemporaryDirectory(prefix="loopcutter-export-") as scratch:
            index = Path(scratch) / "index"
            self._git("read-tree", known, index=index)
            self._git("checkout-index", "--all", "--quiet", directory=folder, work_tree=folder.resolve(), index=index)
        for path in self.empty_folders(known):
            _make_below(folder.resolve(), path)

    def empty_folders(self, tree: str) -> set[str]:
        """The folders of `tree` that hold nothing. Git's index knows of none, but a tree can name them."""
        listing = os.fsdecode(self._git("ls-tree", "-r", "-d", "-z", "--full-tree", tree))
        folders = (line.partition("\t") for line in listing.split("\0")[:-1])
        return {path for facts, _, path in folders if facts.endswith(EMPTY_TREE)}

    def sweep(self, older_than: float) -> None:
        """Remove what pushes that were broken off more than `older_than` seconds ago have left behind."""
        for folder in (self.path / "objects").glob("tmp_objdir-incoming-*"):
            with contextlib.suppress(FileNotFoundError):  # its push may be ending just now
                if folder.stat().st_mtime < time.time() - older_than:
                    shutil.rmtree(folder)

    def _git(
        self, *arguments: str, directory: Path | None = None, work_tree: Path | None = None, index: Path | None = None
    ) -> bytes:
        git_dir = self.path.resolve()
        return git(*arguments, directory=directory, git_dir=git_dir, work_tree=work_tree, index=index)


def leads_elsewhere(path: str) -> bool:
    """Whether a path in a tree is one that git would neither make nor lay out: a tree is only data."""
    return any(step in ("", ".", "..") or step.lower() == ".git" for step in path.split("/"))


def _make_below(root: Path, path: str) -> None:
    """Make a folder that a tree names, unless the name leads elsewhere; git has looked at those of files only."""
    steps = path.split("/")
    if leads_elsewhere(path):
        return
    for depth in range(len(steps)):
        folder = root.joinpath(*steps[: depth + 1])
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            return
        folder.mkdir(exist_ok=True)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until nobody else makes a store there: git can't do it twice at the same time."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
