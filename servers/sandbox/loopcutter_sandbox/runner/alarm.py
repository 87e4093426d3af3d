"""Shortly before the time is over, says where the run is stuck.

The alarm is a timer of the process in the kernel, of which it may have many: tests that wait for their children, count
their threads or use the one timer that Python knows notice nothing of it.
"""

from __future__ import annotations

import signal
import struct
import sys
import time
from types import FrameType
from typing import Any, Callable

_AGAIN_S = 0.5


class Timeout(BaseException):
    """The time of one test is over. No `except Exception` of a test keeps it."""


class TimeLimit:
    """Raises `Timeout` in whatever runs in it for longer than `seconds`, and again until it ends; 0: never."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._before: Any = None

    def __enter__(self) -> None:
        if self._seconds:
            self._before = signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, self._seconds, _AGAIN_S)

    def _ring(self, *_: object) -> None:
        raise Timeout(f"ran for longer than {self._seconds:g} s")

    def __exit__(self, *_: object) -> None:
        if self._seconds:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before or signal.SIG_DFL)


Stuck = Callable[["FrameType | None"], None]


def set_alarm(ends: float, stuck: Stuck) -> None:
    """Shortly before `ends` (of the machine's monotonic clock), call `stuck` with the frame that is running."""
    if sys.platform != "linux":
        return  # others have no such timers
    left = ends - time.monotonic()
    seconds = left - max(0.3, min(1.5, 0.2 * left))
    if seconds <= 0:
        return
    number = signal.SIGRTMAX - 3

    def answer(_: int, frame: FrameType | None) -> None:
        stuck(frame)

    signal.signal(number, answer)
    _ring_in(seconds, number)


def _ring_in(seconds: float, number: int) -> None:
    try:
        import ctypes
    except ImportError:  # a Python that was built without: then nobody knows where a run is stuck
        return
    library = ctypes.CDLL(None)
    if not hasattr(library, "timer_create"):
        library = ctypes.CDLL("librt.so.1")  # where glibc before 2.34 has it
    timer = ctypes.c_void_p()
    event = struct.pack("Pii48x", 0, number, 0)  # a value for the handler, the signal, and that it is one: SIGEV_SIGNAL
    if library.timer_create(time.CLOCK_MONOTONIC, event, ctypes.byref(timer)) == 0:
        times = struct.pack("llll", 0, 0, int(seconds), int(seconds % 1 * 1e9))  # between rings, and until the first
        library.timer_settime(timer, 0, times, None)
