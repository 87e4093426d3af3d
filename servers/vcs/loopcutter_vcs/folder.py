"""A folder of files that is read and written by relative path, never through a link and never outside it.

Used for the worktree of an attempt and, when a fix is applied, for the user's own working tree. Every step of a path
is opened relative to the one before and without following links, so no link can be slipped in between check and use.
"""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from loopcutter_vcs.errors import PathRefused

FILE, PROGRAM, LINK = "100644", "100755", "120000"
"""The modes git knows for what is not a folder."""

UNFINISHED = r"\.loopcutter-[0-9a-f]{16}"
"""How files are named before they are whole."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class File:
    """What stands at a path: a file, a program or a symbolic link."""

    content: bytes
    """Of a link, its target."""
    mode: str = FILE
    permissions: int | None = field(default=None, compare=False)
    """All its permission bits, when it was read from a folder; a new file gets them back."""


class Files(Protocol):
    """Files by path, on disk or in a tree."""

    def read(self, path: str) -> File | None:
        """What stands at `path`; None when nothing does."""
        ...


@dataclass(frozen=True)
class Folder:
    """The files under `root`."""

    root: Path

    def read(self, path: str) -> File | None:
        """What stands at `path`; None when nothing does."""
        with self._parent(path) as (parent, name):
            if parent is None:
                return None
            try:
                status = os.stat(name, dir_fd=parent, follow_symlinks=False)
            except FileNotFoundError:
                return None
            if stat.S_ISLNK(status.st_mode):
                return File(os.fsencode(os.readlink(name, dir_fd=parent)), LINK)
            if not stat.S_ISREG(status.st_mode):
                raise PathRefused(path, "is a folder" if stat.S_ISDIR(status.st_mode) else "is no regular file")
            opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
            with os.fdopen(opened, "rb") as file:
                return File(file.read(), PROGRAM if status.st_mode & 0o100 else FILE, stat.S_IMODE(status.st_mode))

    def write(self, path: str, file: File) -> None:
        """Put `file` at `path` in one step. What stood there keeps its permissions and owner, but for the x bits."""
        with self._parent(path, make=True) as (parent, name):
            assert parent is not None
            unfinished = f".loopcutter-{secrets.token_hex(8)}"
            try:
                if file.mode == LINK:
                    os.symlink(file.content, os.fsencode(unfinished), dir_fd=parent)
                else:
                    _write_new(parent, unfinished, file, _standing(parent, name))
                os.replace(unfinished, name, src_dir_fd=parent, dst_dir_fd=parent)
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(unfinished, dir_fd=parent)
                raise

    def remove(self, path: str) -> None:
        """Delete the file at `path`, if it is there, and the folders that this leaves empty, as git does."""
        with self._parent(path) as (parent, name):
            if parent is None:
                return
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=parent)
        self.remove_folder(path.rpartition("/")[0])

    def remove_folder(self, path: str) -> None:
        """Remove the folder at `path` if it is there and holds nothing, and those above that this leaves empty."""
        while path:
            try:
                with self._parent(path) as (parent, name):
                    if parent is None:
                        return
                    os.rmdir(name, dir_fd=parent)
            except (PathRefused, OSError):  # a file by now where it was; not empty, or not ours: git leaves it too
                return
            path, _, _ = path.rpartition("/")

    def make_folder(self, path: str) -> None:
        """Make a folder at `path`, and those above it, unless it is there."""
        with self._parent(f"{path}/", make=True):
            pass

    @contextmanager
    def _parent(self, path: str, *, make: bool = False) -> Iterator[tuple[int | None, str]]:
        """The open folder that holds `path`, and the name in it; no folder when it is missing and not to be made."""
        *steps, name = path.split("/")
        current: int | None = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for depth, step in enumerate(steps):
                assert current is not None
                following = _step(current, step, path, "/".join(steps[: depth + 1]), make=make)
                os.close(current)
                current = following
                if current is None:
                    break
            yield current, name
        finally:
            if current is not None:
                os.close(current)


def _step(parent: int, name: str, path: str, so_far: str, *, make: bool) -> int | None:
    try:
        if make:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=parent)
        opened = os.open(name, _FOLDER, dir_fd=parent)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR, errno.EMLINK):
            raise
        kind = (
            "a symbolic link" if stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode) else "a file"
        )
        raise PathRefused(path, f"leads through {so_far!r}, which is {kind}") from None
    try:
        os.stat(".git", dir_fd=opened, follow_symlinks=False)
    except FileNotFoundError:
        return opened
    os.close(opened)
    raise PathRefused(path, f"lies in {so_far!r}, a repository of its own", "edit that repository by itself")


def _standing(parent: int, name: str) -> os.stat_result | None:
    try:
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _write_new(parent: int, name: str, file: File, standing: os.stat_result | None) -> None:
    # A new file gets what the umask leaves of these permissions, as if any other program had made it.
    permissions = 0o777 if file.mode == PROGRAM else 0o666
    opened = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, permissions, dir_fd=parent)
    with os.fdopen(opened, "wb") as target:
        target.write(file.content)
        if standing is None:
            if file.permissions is not None:
                os.fchmod(opened, file.permissions)
            return
        mode = stat.S_IMODE(standing.st_mode)
        if (file.mode == PROGRAM) != bool(mode & 0o100):
            mode = mode | ((mode & 0o444) >> 2) if file.mode == PROGRAM else mode & ~0o111
        created = os.fstat(opened)
        if (created.st_uid, created.st_gid) != (standing.st_uid, standing.st_gid):
            with suppress(PermissionError):
                os.fchown(opened, standing.st_uid, standing.st_gid)
        os.fchmod(opened, mode)
