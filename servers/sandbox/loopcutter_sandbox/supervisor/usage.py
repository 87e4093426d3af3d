"""Bounds the memory and the number of processes of a whole run: by a control group, or else by looking again and again.

A control group is used where this process may make one: as root with the first version of control groups, or in a part
of the second's tree that was delegated. Everywhere else the memory in use of all processes is added up.
"""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MOUNT = "/sys/fs/cgroup"
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Usage:
    """The bounds of one run."""

    def __init__(self, memory: int, processes: int) -> None:
        self._memory = memory
        self._groups: dict[str, str] = {}
        self.over = False
        """Whether something was killed for using too much memory."""
        for controller, bounds in (
            ("memory", {"memory.limit_in_bytes": memory, "memory.max": memory, "memory.swap.max": 0}),
            ("pids", {"pids.max": processes}),
        ):
            group = _make(controller, bounds)
            if group is not None:
                self._groups[controller] = group

    @property
    def watched(self) -> bool:
        """Whether `look` has to be called now and then."""
        return "memory" not in self._groups

    def enter(self) -> None:
        """Put this process, and all it will start, under the bounds."""
        for group in set(self._groups.values()):
            _write(f"{group}/cgroup.procs", str(os.getpid()))

    def look(self, pids: set[int]) -> bool:
        """Whether the processes `pids` use more than they may."""
        if sum(map(_resident, pids)) > self._memory:  # counts what they share once for each of them
            self.over = self.over or sum(map(_proportional, pids)) > self._memory
        return self.over

    def close(self) -> None:
        """Note what the kernel has killed, and remove the groups: nothing of the run is alive any more."""
        group = self._groups.get("memory")
        if group is not None:
            text = _read(f"{group}/memory.oom_control") + _read(f"{group}/memory.events")
            words = text.split()
            self.over = any(word == "oom_kill" and words[at + 1] != "0" for at, word in enumerate(words))
        for each in set(self._groups.values()):
            for _ in range(50):  # a process may only just be leaving
                try:
                    os.rmdir(each)
                    break
                except OSError:
                    time.sleep(0.002)


def counts_processes() -> bool:
    """Whether the number of a run's processes can be bounded by a control group here."""
    group = _make("pids", {"pids.max": 1})
    if group is not None:
        os.rmdir(group)
    return group is not None


def _make(controller: str, bounds: dict[str, int]) -> str | None:
    """A control group of this run, or None."""
    for parent in parents(controller):
        group = f"{parent}/loopcutter-{os.getpid()}"
        try:
            os.makedirs(group, exist_ok=True)
            written = [_write(f"{group}/{name}", str(value)) for name, value in bounds.items()]
            if any(written):  # the two versions call them by different names
                return group
            os.rmdir(group)
        except OSError:  # not ours to make
            continue
    return None


def parents(controller: str) -> Iterator[str]:
    """The groups that this process is in and that bound by `controller`: one, or none, by each version."""
    for line in _read("/proc/self/cgroup").splitlines():
        _, names, path = line.split(":", 2)
        first = controller in names.split(",")
        parent = f"{_MOUNT}/{controller}{path}" if first else f"{_MOUNT}{path}"
        enabled = first or (not names and controller in _read(f"{parent}/cgroup.subtree_control").split())
        if enabled:
            yield parent


def _write(path: str, text: str) -> bool:
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except OSError:
        return False
    try:
        os.write(descriptor, text.encode())
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _read(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _resident(pid: int) -> int:
    fields = _read(f"/proc/{pid}/statm").split()
    return int(fields[1]) * _PAGE if len(fields) > 1 else 0


def _proportional(pid: int) -> int:
    """Memory in use with shared pages divided among those who share them."""
    total = 0
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith(("Pss:", "SwapPss:")):
            total += int(line.split()[1]) << 10
    return total or _resident(pid)
