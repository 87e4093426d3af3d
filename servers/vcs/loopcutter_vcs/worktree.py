"""The files of one attempt, laid out in a folder of our own with a private index."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from loopcutter_vcs.folder import Folder
from loopcutter_vcs.journal import Journal
from loopcutter_vcs.store import Store


@dataclass(frozen=True)
class Worktree:
    """A checked out tree of `store` under `home`, which holds nothing else."""

    store: Store
    home: Path

    @property
    def files(self) -> Folder:
        """The files themselves."""
        return Folder(self._root)

    @property
    def journal(self) -> Journal:
        """Where changes of several files are written down before they are made."""
        return Journal(self.home / "changing", self.files)

    @property
    def exists(self) -> bool:
        """Whether it is laid out completely."""
        return self._index.exists()

    def unlock(self) -> None:
        """Take away the lock that a killed git left; the caller sees to it that no git is at work here."""
        self._index.with_suffix(".lock").unlink(missing_ok=True)

    def lay_out(self, tree: str) -> None:
        """Make the files those of `tree`, exactly; files that the index does not know stay."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._git("read-tree", "--reset", "-u", tree)

    def take(self, paths: Iterable[str]) -> str:
        """The tree now, given that nothing but `paths` changed since it was last taken. Reads only these."""
        named = b"".join(os.fsencode(path) + b"\0" for path in paths)
        self._git("update-index", "--add", "--remove", "--replace", "-z", "--stdin", stdin=named)
        return self.store.write_tree(self._index)

    def take_all(self) -> str:
        """The tree now, whoever changed what. Reads only files whose size or times changed."""
        self._git("add", "--all", "--", ".")
        return self.store.write_tree(self._index)

    def take_all_before(self, tree: str) -> str:
        """The tree now, with every file that laying out `tree` overwrites.

        That can be a file which a `.gitignore` hides from `take_all`, at a path where `tree` has one too.
        """
        taken = self.take_all()
        coming = [change.path for change in self.store.changes(taken, tree) if change.old is None]
        hidden = [path for path in coming if self._stands(path)]
        if not hidden:
            return taken
        named = b"".join(os.fsencode(path) + b"\0" for path in hidden)
        options = ("--force", "--pathspec-from-file=-", "--pathspec-file-nul")
        self._git("--literal-pathspecs", "add", *options, stdin=named)
        return self.store.write_tree(self._index)

    def remove(self) -> None:
        """Take it down; it can be laid out again from any tree."""
        shutil.rmtree(self.home, ignore_errors=True)

    def _stands(self, path: str) -> bool:
        file = self._root / path
        return (file.is_symlink() or file.exists()) and file.parent.resolve() == file.parent

    @property
    def _root(self) -> Path:
        return self.home / "tree"

    @property
    def _index(self) -> Path:
        return self.home / "index"

    def _git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        return self.store.git(*arguments, work_tree=self._root, index=self._index, stdin=stdin)
