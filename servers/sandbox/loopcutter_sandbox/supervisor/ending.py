"""Ends a run for good: whatever it has started, however deep, and whatever it has become."""

from __future__ import annotations

import ctypes
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
else:
    import _signal as signal  # the same without the enumerations, which take longer to import than all the rest

_PDEATHSIG = 1
_CHILD_SUBREAPER = 36
_NEARLY = 0.99


def outlive_nobody(parent: int) -> None:
    """Be told when `parent` dies, and adopt all orphans among the descendants."""
    prctl(_PDEATHSIG, signal.SIGTERM)
    prctl(_CHILD_SUBREAPER, 1)
    if os.getppid() != parent:
        sys.exit(1)  # whoever started this died before it could ask to be told


def die_with_parent() -> None:
    """Be killed when the parent dies."""
    prctl(_PDEATHSIG, signal.SIGKILL)


def prctl(option: int, value: int) -> None:
    """Linux's call of this name."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def let_go(kept: int) -> None:
    """Hold on to no pipe but `kept`: whoever reads them waits for their end."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.closerange(3, kept)
    os.closerange(kept + 1, 4096)


def reap(child: int) -> int | None:
    """Collect the dead; the wait status of `child` when it is among them."""
    found = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        if pid == child:
            found = status


def kill_all(child: int) -> None:
    """Kill every descendant. Each is stopped first, so that none forks on while others are being killed."""
    _signal({-child}, signal.SIGKILL)  # the whole group
    while _has_children():
        stopped: set[int] = set()
        while fresh := descendants() - stopped:
            _signal(fresh, signal.SIGSTOP)
            stopped |= fresh
        _signal(stopped, signal.SIGKILL)
        if not stopped:
            time.sleep(0.001)  # one was looked for just when its parent died; orphans come to this process


def _has_children() -> bool:
    """Whether anything is left: the orphans of all descendants become children of this process. Reaps the dead."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return False
    return True


def _signal(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def descendants() -> set[int]:
    """All processes below this one that are no zombies."""
    if not os.path.isdir("/proc/self"):
        return set()  # macOS: the process group has to do
    parents: dict[int, int] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    fields = file.read().rpartition(b")")[2].split()
                if fields[0] != b"Z":
                    parents[int(name)] = int(fields[1])
            except (OSError, ValueError, IndexError):
                continue
    found = {os.getpid()}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found - {os.getpid()}
        found |= more


class Disk:
    """Bounds what lies in folders of the host's disk, by adding up again and again."""

    def __init__(self, folders: list[str], most: int | None) -> None:
        self._folders = folders
        self._most = most
        self._next = 0.0
        self.watched = most is not None
        self.full = False

    def look(self) -> bool:
        """Whether there is too much; looks seldom enough to take a tenth of the time."""
        now = time.monotonic()
        if now < self._next or self._most is None:
            return self.full
        self.full = sum(map(_used, self._folders)) > self._most
        self._next = time.monotonic() + 9 * (time.monotonic() - now)
        return self.full


def _used(folder: str) -> int:
    total, waiting = 0, [folder]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:  # closed to this user, or gone
            continue
        for entry in entries:
            try:
                total += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
            except OSError:
                continue
    return total


def is_full(place: str) -> bool:
    """Whether the writable layer at `place` has no room or no files left."""
    facts = os.statvfs(f"{place}/layer")
    return facts.f_bavail < (1 - _NEARLY) * facts.f_blocks or facts.f_favail < (1 - _NEARLY) * facts.f_files
