"""What the container has used, by its own control group: version 1 and version 2 tell it in different files."""

from __future__ import annotations

import os


def out_of_memory() -> int:
    """How often the kernel has killed something of this container for its memory, by the container's own cgroup."""
    for path in ("/sys/fs/cgroup/memory/memory.oom_control", "/sys/fs/cgroup/memory.events"):
        try:
            with open(path, encoding="ascii") as file:
                return sum(int(line.split()[1]) for line in file if line.startswith("oom_kill "))
        except (OSError, ValueError):
            continue
    return 0


def cpu_seconds() -> float:
    """CPU time of all that ran in this container, by its cgroup; 0 where that does not say."""
    try:
        with open("/sys/fs/cgroup/cpuacct/cpuacct.usage", encoding="ascii") as file:
            return int(file.read()) / 1e9
    except (OSError, ValueError):
        pass
    try:
        with open("/sys/fs/cgroup/cpu.stat", encoding="ascii") as file:
            return int(file.readline().split()[1]) / 1e6
    except (OSError, ValueError):
        return 0.0


def is_full(path: str) -> bool:
    """Whether the file system at `path` has no room left, for bytes or for files."""
    facts = os.statvfs(path)
    return facts.f_bavail == 0 or facts.f_favail == 0
