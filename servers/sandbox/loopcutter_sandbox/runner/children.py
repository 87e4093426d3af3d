"""One forked child per candidate, each with hard limits, a few at a time.

A child answers once, over a pipe of its own, and is killed as soon as it did: nothing a candidate does outlives it, and
the only answer it can forge is its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

if TYPE_CHECKING:
    import signal as bare_signal
else:
    try:
        import _signal as bare_signal  # the same without enumerations: a fork pays for each page that it touches
    except ImportError:  # another Python than CPython
        import signal as bare_signal

_ANSWER = 64_000


@dataclass(frozen=True)
class Allowance:
    """What one child may use."""

    cpu_s: float
    wall_s: float
    memory_bytes: int
    """On top of what the process has at the fork."""


@dataclass(frozen=True)
class Answer:
    """What came back from a child."""

    key: int
    status: str
    detail: str
    cpu_s: float
    wall_s: float


@dataclass
class _Child:
    key: int
    pid: int
    pipe: int
    started: float
    deadline: float
    said: bytes = b""


class Children:
    """The children that are running now; they keep no copy of the descriptors in `private`."""

    def __init__(self, private: Iterable[int] = ()) -> None:
        self.private = list(private)
        self._running: dict[int, _Child] = {}

    def __len__(self) -> int:
        return len(self._running)

    def start(self, key: int, allowance: Allowance, work: Callable[[], tuple[str, str]]) -> None:
        """Fork a child that does `work` and answers with its status and detail."""
        reading, writing = os.pipe()
        size = _address_space()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            self._child(writing, allowance, size, work)
        os.close(writing)
        now = time.monotonic()
        self._running[reading] = _Child(key, pid, reading, now, now + allowance.wall_s)

    def _child(self, writing: int, allowance: Allowance, size: int, work: Callable[[], tuple[str, str]]) -> None:
        try:
            os.setsid()
            for descriptor in (*self._running, *self.private):
                os.close(descriptor)
            _restrict(allowance, size)
            status, detail = work()
            answer = [status, detail]
        except BaseException as error:  # whatever a candidate raises ends here
            answer = ["error", f"{type(error).__name__} outside of any test"]
        try:
            os.write(writing, json.dumps(answer).encode("ascii") + b"\n")
        finally:
            os._exit(0)

    def wait(self, others: list[int]) -> tuple[list[Answer], list[int]]:
        """The next answers, as well as those of `others` (descriptors) that can be read."""
        now = time.monotonic()
        pause = min([child.deadline for child in self._running.values()], default=now + 60) - now
        ready, _, _ = select.select([*self._running, *others], [], [], max(0.0, pause))
        answers = []
        for pipe in [pipe for pipe in ready if pipe in self._running]:
            child = self._running[pipe]
            data = os.read(pipe, _ANSWER)
            child.said += data
            if not data or child.said.endswith(b"\n"):
                answers.append(self._end(child, late=False))
        now = time.monotonic()
        answers += [self._end(child, late=True) for child in list(self._running.values()) if child.deadline <= now]
        return answers, [descriptor for descriptor in ready if descriptor in others]

    def kill(self) -> None:
        """End all of them."""
        for child in list(self._running.values()):
            self._end(child, late=True)

    def _end(self, child: _Child, late: bool) -> Answer:
        del self._running[child.pipe]
        for kill in (os.killpg, os.kill):  # one that is dead already keeps the status it died with
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(child.pid, signal.SIGKILL)
        os.close(child.pipe)
        _, wait_status, usage = os.wait4(child.pid, 0)
        status, detail = _judge(child, wait_status, late)
        return Answer(child.key, status, detail, usage.ru_utime + usage.ru_stime, time.monotonic() - child.started)


def _judge(child: _Child, wait_status: int, late: bool) -> tuple[str, str]:
    if child.said:
        try:
            status, detail = json.loads(child.said)
            return str(status)[:20], str(detail)
        except (ValueError, TypeError):
            return "error", "its answer could not be read"
    if late:
        return "timeout", "the time for one candidate was over"
    if os.WIFSIGNALED(wait_status):
        number = os.WTERMSIG(wait_status)
        if number in (signal.SIGPROF, signal.SIGXCPU, signal.SIGKILL):
            return "timeout", "the CPU time for one candidate was used up"
        return "error", f"ended by {signal.Signals(number).name}"
    return "error", f"the process ended by itself with exit code {os.WEXITSTATUS(wait_status)}"


def _restrict(allowance: Allowance, size: int) -> None:
    """Put the allowance in force, in a process that takes up `size` bytes of addresses (0: nobody can tell)."""
    bare_signal.signal(bare_signal.SIGPROF, bare_signal.SIG_DFL)
    bare_signal.setitimer(bare_signal.ITIMER_PROF, allowance.cpu_s)
    used = time.process_time()
    seconds = int(used + allowance.cpu_s) + 2  # a candidate can disarm the timer, but not this
    _lower(resource.RLIMIT_CPU, seconds)
    if size:
        _lower(resource.RLIMIT_AS, size + allowance.memory_bytes)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _address_space() -> int:
    """Of this process, in bytes; without Python's files, which cost a millisecond where a fork is new to them."""
    try:
        file = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:  # not Linux: no way to tell
        return 0
    try:
        return int(os.read(file, 200).split()[0]) * resource.getpagesize()
    finally:
        os.close(file)
