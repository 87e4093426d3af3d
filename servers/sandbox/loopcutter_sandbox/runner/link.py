"""The near end of the warm process: what a trial knows of it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import time
from dataclasses import dataclass
from typing import Any, Callable

from .children import Allowance

UNEDITED = -1
"""The key of the run that changes nothing: it tells what the tests cost."""

_LONGEST = 1_000_000


@dataclass(frozen=True)
class Task:
    """One candidate to be tried."""

    key: int
    alone: bool = False
    """With nothing else running: the process it was tried in died."""
    anew: bool = False
    """In a process that imports the project with the edit in force."""


class WarmLink:
    """Starts a warm process, gives it orders and reads its answers, none of which is trusted."""

    def __init__(self, request: dict[str, Any], sources: dict[str, bytes], begin: Callable[[], None]) -> None:
        """`begin` is called in the new process before anything else."""
        self._near, far = socket.socketpair()
        self.tasks: dict[int, Task] = {}
        """What it is trying now."""
        self._pending = b""
        self._pid = os.fork()
        if self._pid == 0:
            self._near.close()
            begin()
            _far_end(far, request, sources)
        far.close()

    def fileno(self) -> int:
        """What to wait for."""
        return self._near.fileno()

    def order(self, task: Task, allowance: Allowance) -> None:
        """Have a candidate tried."""
        self.tasks[task.key] = task
        line = json.dumps({"key": task.key, **allowance.__dict__}).encode("ascii") + b"\n"
        with contextlib.suppress(OSError):  # it is dead: the next read says so
            self._near.sendall(line)

    def read(self) -> list[dict[str, Any]] | None:
        """The messages that have come; None when it is dead or talks nonsense."""
        try:
            data = self._near.recv(65536)
            *lines, self._pending = (self._pending + data).split(b"\n")
            messages = [json.loads(line) for line in lines]
        except (OSError, ValueError):
            return None
        if not data or len(self._pending) > _LONGEST or not all(isinstance(each, dict) for each in messages):
            return None
        return messages

    def message(self, deadline: float) -> dict[str, Any] | None:
        """The next message; None when it died or `deadline` passed first."""
        while True:
            pause = deadline - time.monotonic()
            ready, _, _ = select.select([self._near], [], [], max(0.0, pause))
            messages = self.read() if ready else None
            if messages is None:
                return None
            if messages:
                return messages[0]

    def close(self) -> None:
        """End it, with whatever it started."""
        self._near.close()
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _far_end(far: socket.socket, request: dict[str, Any], sources: dict[str, bytes]) -> None:
    try:
        os.setsid()
        from .warm import Warm

        Warm(far, request, sources).run()
    finally:
        os._exit(0)
