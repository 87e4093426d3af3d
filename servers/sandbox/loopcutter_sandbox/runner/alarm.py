"""Shortly before the time is over, says where the run is stuck.

The alarm comes from a process that is nobody's child, so that tests which wait for their children or count their
threads notice nothing of it.
"""

from __future__ import annotations

import os
import signal
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
        return  # only there is a process of nobody's sure to end with the run
    left = ends - time.monotonic()
    seconds = left - max(0.3, min(1.5, 0.2 * left))
    if seconds <= 0:
        return
    number = signal.SIGRTMAX - 3

    def answer(_: int, frame: FrameType | None) -> None:
        stuck(frame)

    signal.signal(number, answer)
    process = os.getpid()
    middle = os.fork()
    if middle == 0:
        if os.fork() == 0:
            _sleep_and_ring(process, number, seconds)
        os._exit(0)
    os.waitpid(middle, 0)


def _sleep_and_ring(process: int, number: int, seconds: float) -> None:
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        time.sleep(seconds)
        os.kill(process, number)
    finally:
        os._exit(0)
