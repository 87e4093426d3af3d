"""The files of one attempt, laid out in a folder of our own with a private index."""

import json
import os
from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from pathlib import Path

from loopcutter_vcs.errors import UnusableStore
from loopcutter_vcs.folder import Folder
from loopcutter_vcs.inspection import Inspection
from loopcutter_vcs.journal import Journal
from loopcutter_vcs.look import Look
from loopcutter_vcs.path import under
from loopcutter_vcs.removal import open_folders, remove_all, reset_permissions
from loopcutter_vcs.secret import Rules
from loopcutter_vcs.store import Changes, Store


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
        return self._folders.exists()

    def unlock(self) -> None:
        """Take away the lock that a killed git left; the caller sees to it that no git is at work here."""
        self._index.with_suffix(".lock").unlink(missing_ok=True)

    def lay_out(self, tree: str) -> None:
        """Make the files those of `tree`, exactly, and nothing else, whatever stood here before."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        used = self._index.exists()
        self._folders.unlink(missing_ok=True)
        self.unlock()
        if used:
            open_folders(self._root)
        self._git("read-tree", "--reset", "-u", tree)
        if used:
            for path in self._look.names("--others", "--directory"):
                remove_all(self._root / path)
            reset_permissions(self._root, self._look.names())
        folders = self.store.empty_folders(tree)
        for folder in folders:
            self.files.make_folder(folder)
        if used and (self._look.changed() or self._look.names("--others")):
            raise UnusableStore(f"{self._root} still differs from {tree}: something else writes there; stop it")
        self._complete_with(folders)

    def go_to(self, tree: str, changes: Changes) -> None:
        """Make the files those of `tree`, where they differ from it by `changes`.

        A file that was taken because nothing ignored it at the time is not deleted where `tree` ignores it.
        """
        going = [change.path for change in changes.files if change.new is None]
        same_rules = all(change.path.rpartition("/")[2] != ".gitignore" for change in changes.files)
        spared = self._ignored(going) if same_rules else set(going)
        folders = (self._known_folders() - changes.go) | changes.come
        self._folders.unlink(missing_ok=True)
        self._update(spared, "--force-remove")
        self._git("read-tree", "--reset", "-u", tree)
        in_the_way = {path for path in spared if any(under(folder, (path,)) for folder in changes.come)}
        ignored = spared if same_rules else self._ignored_for_good(spared)
        for path in self._standing((spared - ignored) | in_the_way):
            self.files.remove(path)
        for folder in sorted(changes.go, reverse=True):
            self.files.remove_folder(folder)
        for folder in sorted(folders):
            self.files.make_folder(folder)
        self._complete_with(folders)

    def take(self, paths: Collection[str]) -> None:
        """Let the index know of `paths`, given that nothing else is to be taken now. Reads only these."""
        self._update(paths, "--add", "--remove", "--replace")

    def take_all(self) -> str:
        """The tree now, whoever changed what. Reads only files whose size or times changed.

        Secrets and what is too large to be source are no part of it: a program that works here may have brought them.
        """
        changed = self._look.changed()
        unknown, standing = self._look.unknown(self._look.replaced(changed)), self._standing(changed)
        fit = set(Inspection(self._root).takeable(unknown.files))
        fit -= Rules.of(self._root).secrets(set(), fit, self.store)
        self._update(changed - standing, "--force-remove")
        self._update(standing | fit, "--add", "--remove", "--replace")
        folders = unknown.empty | self._look.emptied(changed - standing)
        tree = self._tree(folders)
        self._complete_with(folders)
        return tree

    def take_all_before(self, tree: str) -> tuple[str, Changes]:
        """The tree now, with every file that going to `tree` overwrites, and what that changes.

        That can be a file which a `.gitignore` hides from `take_all`, at a path where `tree` has something too.
        """
        taken = self.take_all()
        changes = self.store.changes(taken, tree)
        coming = {change.path for change in changes.files if change.old is None} | changes.come
        known = {change.path for change in changes.files if change.new is None}
        blocking = {*_above(coming), *(file for path in coming for file in self._at_and_below(path))}
        hidden = self._standing(blocking - known)
        if not hidden:
            return taken, changes
        self._update(hidden, "--add", "--replace")
        taken = self._tree(self._known_folders())
        return taken, self.store.changes(taken, tree)

    def remove(self) -> None:
        """Take it down; it can be laid out again from any tree."""
        remove_all(self.home)

    def _tree(self, folders: Set[str]) -> str:
        """The tree of the index, with the empty `folders`."""
        # What git remembers of trees it has read still holds the empty folders of that time.
        gone = self._known_folders() - folders
        return self.store.with_folders(self.store.write_tree(self._index), come=folders, go=gone)

    def _complete_with(self, folders: Collection[str]) -> None:
        """Remember the empty folders. That they are known says that all is laid out."""
        self._folders.write_text(json.dumps(sorted(folders)))

    def _known_folders(self) -> set[str]:
        return set(json.loads(self._folders.read_text())) if self._folders.exists() else set()

    def _standing(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` where there is a file or a link, in a folder that is none."""
        among = set(paths)
        real = {folder: (self._root / folder).resolve() == self._root / folder for folder in _above(among)}
        files = {path: self._root / path for path in among if real.get(path.rpartition("/")[0], True)}
        return {path for path, file in files.items() if file.is_symlink() or file.is_file()}

    def _ignored(self, paths: Collection[str]) -> set[str]:
        """Which of `paths` a `.gitignore` speaks of; where there is none, git need not be asked."""
        folders = {Path(path).parent for path in paths}
        above = {outer for folder in folders for outer in (folder, *folder.parents)}
        return (
            self._look.ignored(paths)
            if any((self._root / folder / ".gitignore").exists() for folder in above)
            else set()
        )

    def _ignored_for_good(self, going: Collection[str]) -> set[str]:
        """Which of `going` are ignored by rules that do not go themselves; those that do are removed."""
        rules = {path for path in self._standing(going) if path.rpartition("/")[2] == ".gitignore"}
        while rules:
            sources = self._look.ignoring(rules)
            lapsed = {path for path in rules if sources.get(path, path) == path}
            if not lapsed:
                break
            for path in lapsed:
                self.files.remove(path)
            rules -= lapsed
        return self._ignored(going)

    def _at_and_below(self, path: str) -> Iterable[str]:
        """`path`, or the files in the folder that stands there, without those of a git in it."""
        there = self._root / path
        if there.is_symlink() or not there.is_dir():
            return [path]
        below = [os.fspath(file.relative_to(self._root)) for file in there.rglob("*")]
        return [file for file in below if ".git" not in file.split("/")]

    @property
    def _look(self) -> Look:
        return Look(self._root, self.store.git_dir, self._index)

    @property
    def _root(self) -> Path:
        return self.home / "tree"

    @property
    def _index(self) -> Path:
        return self.home / "index"

    @property
    def _folders(self) -> Path:
        """The empty folders as they were last seen."""
        return self.home / "folders.json"

    def _update(self, paths: Collection[str], *options: str) -> None:
        self.store.update_index(self._index, self._root, paths, *options)

    def _git(self, *arguments: str) -> bytes:
        return self.store.git(*arguments, work_tree=self._root, index=self._index)


def _above(paths: Iterable[str]) -> set[str]:
    return {path.rpartition("/")[0] for path in paths} - {""}
