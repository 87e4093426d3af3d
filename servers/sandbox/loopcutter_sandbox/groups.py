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

from loopcutter_sandbox.supervisor.usage import parents


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
    """The file that names the processes of the group which runs are bounded in, if it can be written to."""
    places = (Path(parent, "cgroup.procs") for parent in parents("memory"))
    return next((place for place in places if os.access(place, os.W_OK)), None)
