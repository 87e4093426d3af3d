"""The one request of a container, in a child process that has everything loaded already."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

from . import changed
from .process import kill_all, set_dumpable
from .usage import cpu_seconds, is_full, out_of_memory

if TYPE_CHECKING:
    from .keeper import Keeper

WORKSPACE = "/workspace"
_CHUNK = 1 << 16
_RUNNER = "_loopcutter_runner"


class Attempt:
    """The one request of this container, in a child."""

    def __init__(self, request: dict[str, Any], preloaded: set[str], private: tuple[int, ...]) -> None:
        self._started = time.monotonic()
        self._ends = self._started + request["wall_s"]
        request["ends"] = self._ends
        self._most = request.pop("output_bytes")
        self._keep = request.pop("keep")
        self._before = changed.survey(WORKSPACE) if self._keep else {}
        self._printed = 0
        self._kinds: dict[int, bytes] = {}
        self._status: int | None = None
        self._timed_out = self._flooded = False
        self._oom, self._cpu = out_of_memory(), cpu_seconds()
        writing = []
        for kind in (b"o", b"e", b"m"):
            near, far = os.pipe()
            self._kinds[near] = kind
            writing.append(far)
        self.pid = os.fork()
        if self.pid == 0:
            _become(request, preloaded, writing, (*private, *self._kinds))
        for far in writing:
            os.close(far)
        self._ended = 0.0

    @property
    def open(self) -> list[int]:
        return list(self._kinds)

    def milliseconds_left(self) -> int:
        return max(0, int((self._ends - time.monotonic()) * 1000) + 1)

    def gone(self, status: int) -> None:
        """The child itself has ended."""
        if self._status is None:
            self._status = status
            self._ended = time.monotonic()

    def over(self) -> bool:
        """Whether it has ended, took too long or printed too much."""
        if self._status is None and time.monotonic() >= self._ends:
            self._timed_out = True
        return self._status is not None or self._timed_out or self._flooded

    def read(self, descriptor: int, keeper: Keeper) -> None:
        data = os.read(descriptor, _CHUNK)
        if not data:
            os.close(descriptor)
            del self._kinds[descriptor]
            return
        kind = self._kinds[descriptor]
        if kind != b"m":
            self._printed += len(data)
            self._flooded = self._flooded or self._printed > self._most
        keeper.send(kind, data)

    def read_rest(self, keeper: Keeper) -> None:
        """Kill whatever the child left behind, then read what is in the pipes: nobody can write to them any more."""
        self._ended = self._ended or time.monotonic()
        kill_all()
        while self._kinds:
            for descriptor in list(self._kinds):
                self.read(descriptor, keeper)
                keeper.flush()

    def tell_changes(self, keeper: Keeper) -> None:
        """What is different in the workspace, if that is wanted."""
        if not self._keep:
            return

        def write(data: bytes) -> None:
            keeper.send(b"c", data)
            if keeper.full:
                keeper.flush()

        changed.tell(self._before, self._keep["most_bytes"], self._keep["most_files"], write, WORKSPACE)

    def ending(self) -> dict[str, Any]:
        status = self._status
        code = None if status is None else 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else status >> 8
        return {
            "exit_code": None if self._timed_out or self._flooded else code,
            "timed_out": self._timed_out,
            "flooded": self._flooded,
            "out_of_memory": out_of_memory() > self._oom,
            "out_of_disk": is_full(WORKSPACE),
            "duration_s": self._ended - self._started,
            "cpu_s": cpu_seconds() - self._cpu,
        }


def _become(request: dict[str, Any], preloaded: set[str], writing: list[int], private: tuple[int, ...]) -> None:
    """Be the run: its streams, no way to the keeper, first to go when memory is short."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        for descriptor in private:
            os.close(descriptor)
        output, errors, channel = writing
        os.dup2(output, 1)
        os.dup2(errors, 2)
        os.close(output)
        os.close(errors)
        os.environ.update(request.pop("environment", {}))
        set_dumpable(1)
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")
        if _stands_in_the_way(request["root"], preloaded):
            _anew(request, channel)
        importlib.import_module(_RUNNER + ".dispatch").run(request, channel)
    except BaseException as error:
        os.write(2, f"the run could not be started: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(126)


def _stands_in_the_way(root: str, preloaded: set[str]) -> bool:
    """Whether the workspace has a module of its own for one that is loaded already: a plugin's own repository, say."""
    for folder in (root, os.path.join(root, "src")):
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        if any(name.partition(".")[0] in preloaded for name in names if name.endswith(".py") or "." not in name):
            return True
    return False


def _anew(request: dict[str, Any], channel: int) -> None:
    """Start over with nothing loaded."""
    memory = os.memfd_create("request")
    os.write(memory, json.dumps(request).encode("ascii"))
    os.lseek(memory, 0, os.SEEK_SET)
    os.dup2(memory, 0)
    os.set_inheritable(channel, True)
    start = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "runner", "start.py")
    os.execv(sys.executable, [sys.executable, "-s", "-B", start, str(channel)])
