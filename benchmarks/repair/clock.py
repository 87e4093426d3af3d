"""CPU time of this process and of everything it starts, the orphans of killed sandboxes included."""

import asyncio
import contextlib
import ctypes
import os
import resource
import sys
from pathlib import Path

_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """From now on processes whose parents were killed become ours, so that their time is counted. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap() -> None:
    """Take in the orphans that have ended. Only while nobody else waits for a child."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


async def settle(patience_s: float = 1.0) -> None:
    """Wait until what was killed is gone, so that its time is known."""
    for _ in range(int(patience_s / 0.02)):
        reap()
        if not _children():
            break
        await asyncio.sleep(0.02)


def _children() -> str:
    """The processes that are ours now; none where this can't be told."""
    try:
        return Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    except OSError:
        return ""


def cpu_seconds() -> float:
    """What this process and those it waited for have used."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
