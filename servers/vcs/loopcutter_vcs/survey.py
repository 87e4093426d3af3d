"""What the user's working tree holds now, and taking it into our store.

Taken is what git would show as tracked or untracked: edits that were not committed count, ignored files do not
(`.gitignore`, `.git/info/exclude`, and the user's personal list). Left out, with a warning, are submodules and other
repositories inside, secrets, and files too large to be source.
"""

import errno
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from loopcutter_vcs.errors import UnusableRepository, several
from loopcutter_vcs.lock import locked
from loopcutter_vcs.progress import Progress, unobserved
from loopcutter_vcs.repository import Repository, personal_ignores
from loopcutter_vcs.secret import OWN_LIST, secrets_among
from loopcutter_vcs.store import Store

_LARGEST = 50 << 20
_AT_ONCE = 20_000
_PATIENCE = 4
"""How often a file may change while it is read."""


@dataclass(frozen=True)
class Survey:
    """What of a working tree is taken, and what is not."""

    files: tuple[str, ...]
    left_out: tuple[str, ...]
    """Files, and folders with all they hold."""
    warnings: tuple[str, ...]


def survey(repository: Repository, store: Store) -> Survey:
    """What the user's working tree holds now."""
    tracked, submodules = _tracked(repository)
    others = repository.listing("--others", "--exclude-standard", ignores=personal_ignores())
    nested = tuple(path.rstrip("/") for path in others if path.endswith("/"))
    found = _Found(repository.root, set(tracked), {path for path in others if not path.endswith("/")})
    secret = secrets_among(repository.root, found.tracked, found.untracked, store)
    files = tuple(sorted((found.tracked | found.untracked) - secret))
    if not files:
        raise UnusableRepository(f"{repository.root} holds no file to work on: add one that is not ignored")
    reasons = {
        "submodules, which are left out and can't be edited here": submodules,
        "other repositories inside, which are left out and can't be edited here": nested,
        f"left out as secrets (`!name` in {OWN_LIST} lets a tracked file in)": tuple(sorted(secret)),
        f"left out because larger than {_LARGEST >> 20} MiB": tuple(sorted(found.huge)),
        "left out because their path is too long": tuple(sorted(found.too_long)),
    }
    warnings = tuple(f"{reason}: {several(paths)}" for reason, paths in reasons.items() if paths)
    return Survey(files, tuple(path for paths in reasons.values() for path in paths), warnings)


def take(repository: Repository, store: Store, files: Iterable[str], progress: Progress = unobserved) -> str:
    """The tree of `files` as they are now. Only those that changed since the last time are read."""
    index = store.folder / "survey"
    with locked(store.folder / "survey.lock-file"):
        # Nobody else holds the lock, so this is what a killed git left behind.
        index.with_suffix(".lock").unlink(missing_ok=True)
        wanted = tuple(files)
        gone = set(os.fsdecode(store.git("ls-files", "-z", index=index)).split("\0")[:-1]).difference(wanted)
        _update(store, repository, index, tuple(gone), "--force-remove")
        for start in range(0, len(wanted), _AT_ONCE):
            progress(start, len(wanted), "reading the working tree")
            _update(store, repository, index, wanted[start : start + _AT_ONCE], "--add", "--remove", "--replace")
        _take_again_what_changed(store, repository, index, progress)
        return store.write_tree(index)


def _take_again_what_changed(store: Store, repository: Repository, index: Path, progress: Progress) -> None:
    """A file that was written to while it was read is read again, and refused if that has no end."""
    changed: tuple[str, ...] = ()
    for tried in range(_PATIENCE):
        progress(tried, _PATIENCE, "checking that nothing changed meanwhile")
        listed = store.git("diff-files", "-z", "--name-only", work_tree=repository.root, index=index)
        changed = tuple(os.fsdecode(listed).split("\0")[:-1])
        if not changed:
            return
        _update(store, repository, index, changed, "--add", "--remove", "--replace")
    raise UnusableRepository(
        f"{several(changed)} changed again and again while being read: wait for what writes there, or ignore the file"
    )


def _update(store: Store, repository: Repository, index: Path, paths: tuple[str, ...], *options: str) -> None:
    named = b"".join(os.fsencode(path) + b"\0" for path in paths)
    store.git("update-index", *options, "-z", "--stdin", work_tree=repository.root, index=index, stdin=named)


def _tracked(repository: Repository) -> tuple[list[str], tuple[str, ...]]:
    """The files in the user's index, and the submodules."""
    files, submodules, unmerged = [], [], set()
    for line in repository.listing("--stage"):
        facts, _, path = line.partition("\t")
        mode, _, stage = facts.split(" ")
        if stage != "0":
            unmerged.add(path)
        elif mode == "160000":
            submodules.append(path)
        else:
            files.append(path)
    if unmerged:
        raise UnusableRepository(
            f"a merge is unfinished in {several(sorted(unmerged))}: resolve its conflicts, `git add` them, open again"
        )
    return files, tuple(submodules)


class _Found:
    """The listed files that really stand in the working tree, looked at one by one."""

    def __init__(self, root: Path, tracked: set[str], untracked: set[str]) -> None:
        self._root = os.fspath(root)
        self._real_folders = {"": True}
        self.huge: set[str] = set()
        self.too_long: set[str] = set()
        self._unreadable: list[str] = []
        self.tracked = {path for path in tracked if self._is_taken(path)}
        self.untracked = {path for path in untracked if self._is_taken(path)}
        if self._unreadable:
            raise UnusableRepository(
                f"can't be read: {several(sorted(self._unreadable))}; make them readable, or ignore or remove them"
            )

    def _is_taken(self, path: str) -> bool:
        # A tracked file below what is now a link is gone, although the system finds one there.
        if not self._is_real_folder(path.rpartition("/")[0]):
            return False
        try:
            status = os.lstat(f"{self._root}/{path}")
        except (FileNotFoundError, NotADirectoryError):
            return False
        except PermissionError:
            self._unreadable.append(path)
            return False
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            self.too_long.add(path)
            return False
        if stat.S_ISLNK(status.st_mode):
            return True
        if stat.S_ISDIR(status.st_mode):
            return False
        # What everybody may read needs no closer look.
        if not stat.S_ISREG(status.st_mode) or not (
            status.st_mode & 0o004 or os.access(f"{self._root}/{path}", os.R_OK)
        ):
            self._unreadable.append(path)
            return False
        if status.st_size > _LARGEST:
            self.huge.add(path)
            return False
        return True

    def _is_real_folder(self, folder: str) -> bool:
        known = self._real_folders.get(folder)
        if known is None:
            parent, _, _ = folder.rpartition("/")
            try:
                known = self._is_real_folder(parent) and stat.S_ISDIR(os.lstat(f"{self._root}/{folder}").st_mode)
            except (FileNotFoundError, NotADirectoryError):
                known = False
            except OSError as error:
                if error.errno not in (errno.ENAMETOOLONG, errno.EACCES):
                    raise
                known = error.errno == errno.ENAMETOOLONG  # then so is every path below
                if not known:
                    self._unreadable.append(folder)
            self._real_folders[folder] = known
        return known
