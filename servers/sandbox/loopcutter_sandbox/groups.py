"""Has the kernel ready for a process that will change its control group.

The first change after a while waits for every processor to have taken notice (a grace period of RCU, some 15 ms), those
that follow soon after it don't. A change that changes nothing starts that wait early, beside everything else that is
done before a run: https://docs.kernel.org/admin-guide/cgroup-v2.html, `favordynmods`.
"""

import contextlib
import functools
import os
import threading
from pathlib import Path

_MOUNT = "/sys/fs/cgroup"


def make_ready() -> None:
    """Begin, and return at once."""
    place = _own_group()
    if place is not None:
        threading.Thread(target=_stay, args=(place,), daemon=True).start()


def _stay(place: Path) -> None:
    with contextlib.suppress(OSError):  # not ours to write to: then there are no groups for runs either
        place.write_text(str(os.getpid()))


@functools.cache
def _own_group() -> Path | None:
    """The file that names the processes of this process's own group, of memory where each controller has its own."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:  # no Linux
        return None
    for line in lines:
        _, names, path = line.split(":", 2)
        if not names or "memory" in names.split(","):
            place = Path(f"{_MOUNT}/memory{path}/cgroup.procs" if names else f"{_MOUNT}{path}/cgroup.procs")
            if os.access(place, os.W_OK):
                return place
    return None
