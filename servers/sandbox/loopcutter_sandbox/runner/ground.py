"""Whether a run has left anything behind in the place where it took place: files, shared memory, processes.

A place of which that can't be told for sure, or not quickly, counts as no place at all. Linux only.
"""

from __future__ import annotations

import os
import time

_MOST = 3_000
"""Files and folders that are looked at; beyond, a new place costs less than a look."""
_NO_FILES = frozenset({"proc", "sysfs", "devpts", "cgroup", "cgroup2", "nsfs"})
_SHARED = ("/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg")
_PATIENCE_S = 0.5


class Ground:
    """All that this process and its like may write to, as it was when this was made."""

    def __init__(self) -> None:
        self._before = _survey() if _alone() else None

    def untouched(self) -> bool:
        """Whether everything is as it was, and nobody but this process is left."""
        deadline = time.monotonic() + _PATIENCE_S
        while not (alone := _alone()) and time.monotonic() < deadline:
            time.sleep(0.002)  # what was killed may not be buried yet
        return alone and self._before is not None and _survey() == self._before


def _alone() -> bool:
    """Whether this process and its parent, which has to be the first of a name space of its own, are all there are."""
    try:
        return os.getppid() == 1 and {name for name in os.listdir("/proc") if name.isdigit()} == {"1", str(os.getpid())}
    except OSError:
        return False


def _survey() -> dict[str, tuple[int, ...] | bytes] | None:
    found: dict[str, tuple[int, ...] | bytes] = {}
    try:
        for path in _SHARED:
            with open(path, "rb") as file:
                found[path] = file.read()
        waiting = [(place, os.stat(place).st_dev) for place in _writable()]
        while waiting:
            folder, device = waiting.pop()
            status = os.stat(folder)
            if status.st_dev != device:  # another mount: one of those above, or nobody can write to it
                continue
            found[folder] = _facts(status)
            for entry in os.scandir(folder):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, device))
                else:
                    found[entry.path] = _facts(entry.stat(follow_symlinks=False))
            if len(found) + len(waiting) > _MOST:
                return None
    except OSError:  # a folder that is closed to this user could hold anything
        return None
    return found


def _facts(status: os.stat_result) -> tuple[int, ...]:
    """Nobody can set back the time of the last change."""
    return status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _writable() -> list[str]:
    """The folders that are mounted to be written to."""
    places = []
    with open("/proc/self/mounts", encoding="utf-8") as file:
        for line in file:
            _, place, kind, options, *_ = line.split(" ")
            place = os.fsdecode(place.encode("utf-8").decode("unicode_escape").encode("latin-1"))
            if "rw" in options.split(",") and kind not in _NO_FILES and os.path.isdir(place):
                places.append(place)
    return places
