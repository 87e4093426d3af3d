"""Looks at files of the user's one by one: which can be taken, and what stands against the others."""

import errno
import os
import stat
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from loopcutter_vcs.errors import UnusableRepository, several

LARGEST = 50 << 20
"""Bytes; what is larger is no source."""

_TICK_NS = 50_000_000
"""Two changes of a file closer together than this may leave it with the same times: no kernel's clock is as coarse."""

_COARSE_NS = 2_500_000_000
"""The same, for file systems that only count seconds."""


class Inspection:
    """What was found at the paths that were asked for."""

    def __init__(self, root: Path) -> None:
        self._root = os.fspath(root)
        self._real_folders = {"": True}
        self._unreadable: list[str] = []
        self.huge: set[str] = set()
        self.too_long: set[str] = set()

    def takeable(self, paths: Iterable[str]) -> dict[str, os.stat_result]:
        """Those of `paths` where a file or link stands that can be taken, and what the system says of it."""
        standing = {path: self._status(path) for path in paths}
        if self._unreadable:
            raise UnusableRepository(
                f"can't be read: {several(sorted(self._unreadable))}; make them readable, or ignore or remove them"
            )
        return {path: status for path, status in standing.items() if status is not None}

    def unsettled(self, seen: Mapping[str, os.stat_result]) -> tuple[set[str], set[str]]:
        """Of files that were read since they were `seen`: which changed, and which may have without a trace."""
        now = time.time_ns()
        changed, hot = set(), set()
        for path, before in seen.items():
            try:
                after = os.lstat(f"{self._root}/{path}")
            except OSError:
                changed.add(path)
                continue
            if _marks(after) != _marks(before):
                changed.add(path)
            elif after.st_ctime_ns > now - (_COARSE_NS if after.st_ctime_ns % 1_000_000_000 == 0 else _TICK_NS):
                hot.add(path)
        return changed, hot

    def _status(self, path: str) -> os.stat_result | None:
        # A tracked file below what is now a link is gone, although the system finds one there.
        if not self._is_real_folder(path.rpartition("/")[0]):
            return None
        try:
            status = os.lstat(self._at(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except PermissionError:
            self._unreadable.append(path)
            return None
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            self.too_long.add(path)
            return None
        if stat.S_ISLNK(status.st_mode):
            return status
        if stat.S_ISDIR(status.st_mode):
            return None
        # What everybody may read needs no closer look.
        if not stat.S_ISREG(status.st_mode) or not (status.st_mode & 0o004 or os.access(self._at(path), os.R_OK)):
            self._unreadable.append(path)
            return None
        if status.st_size > LARGEST:
            self.huge.add(path)
            return None
        return status

    def _is_real_folder(self, folder: str) -> bool:
        known = self._real_folders.get(folder)
        if known is None:
            parent, _, _ = folder.rpartition("/")
            try:
                known = self._is_real_folder(parent) and stat.S_ISDIR(os.lstat(self._at(folder)).st_mode)
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

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"


def _marks(status: os.stat_result) -> tuple[int, ...]:
    return status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def emptied(root: Path, gone: Iterable[str]) -> set[str]:
    """The folders below `root` that the files which are `gone` were in, or lay deeper in, and that hold nothing now."""
    empty: set[str] = set()
    seen = {""}
    for path in gone:
        folder = path.rpartition("/")[0]
        while folder not in seen:
            seen.add(folder)
            holds = _holds_anything(root / folder)
            if holds is False and (root / folder).resolve() == root / folder:
                empty.add(folder)
            if holds is not None:
                break
            folder = folder.rpartition("/")[0]
    return empty


def _holds_anything(folder: Path) -> bool | None:
    """None when there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except OSError:
        return None
