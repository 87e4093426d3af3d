"""Processes of the container, as its first one sees them."""

from __future__ import annotations

import ctypes
import os
import signal
import time

_DUMPABLE = 4


def kill_all() -> None:
    """Kill every process of the container but this one, and wait until they are gone."""
    while True:
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            return
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:  # those that are left become children of this process when their own parent is gone
            time.sleep(0.001)


def set_dumpable(value: int) -> None:
    """Whether others of the same user may trace this process and open its descriptors: 0 for no, 1 for yes."""
    if ctypes.CDLL(None, use_errno=True).prctl(_DUMPABLE, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
