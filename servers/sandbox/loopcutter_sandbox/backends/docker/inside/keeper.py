"""The first process of a container: takes in a workspace, runs one request, and ends everything with it.

It talks frames over its standard input and output, which the server holds: their end is the end of the container, so
a server that dies leaves nothing behind. Being process 1, it can't be killed from inside, adopts and buries every
orphan, and kills whatever is left in one call. It is not dumpable: the code that runs here, although of the same user,
can neither trace it nor open its descriptors, and so can't speak in its place.

Standard library only, Python 3.9 and later. Frames in: `P` files, `M` modes, `S` are they all there?, `F` facts, `R`
the request. Frames out: `h` ready, `s` all there, `f` facts, `o` `e` what was printed, `m` the runner's channel, `c`
what was changed, `x` the end.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import struct
import sys
from typing import Any

from .attempt import WORKSPACE, Attempt
from .files import lay_out, set_modes
from .gate import Gate
from .process import set_dumpable

HEADER = struct.Struct(">cI")
_CHUNK = 1 << 16
_WAITING = 1 << 20
"""So much unsent output, and the run is no longer read from: it has to wait like a writer to any full pipe."""
_RUNNER = "_loopcutter_runner"
_FACTS = """
import json, platform, sys, sysconfig
from importlib import metadata
found = list(metadata.distributions())
print(json.dumps({
    "python": sys.executable, "version": list(sys.version_info[:3]), "site": sysconfig.get_path("purelib"),
    "scripts": sysconfig.get_path("scripts"), "libc": list(platform.libc_ver()), "machine": platform.machine(),
    "installed": {str(each.metadata["Name"]): each.version for each in found},
    "plugins": sorted([entry.name, str(each.metadata["Name"])]
                      for each in found for entry in each.entry_points if entry.group == "pytest11"),
}))
"""


class Keeper:
    """Serves one container."""

    def __init__(self, preloaded: set[str]) -> None:
        self._in, self._out = _private_streams()
        self._preloaded = preloaded
        self._received = bytearray()
        self._unsent = bytearray()
        self._run: Attempt | None = None
        self._gate: Gate | None = None
        self._woken, self._wakes = _wake_on_children()

    def serve(self) -> None:
        """Until the server lets go, or the request has come to its end and all of it is sent."""
        self.send(b"h", {"python": sys.executable, "version": list(sys.version_info[:3])})
        while True:
            self._wait()
            run = self._run
            if run is not None and run.over():
                run.read_rest(self)
                ending = run.ending()
                run.tell_changes(self)
                self.send(b"x", ending)
                self._run = None
                self._close_gate()

    def send(self, kind: bytes, body: object) -> None:
        """Queue one frame."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode("ascii")
        self._unsent += HEADER.pack(kind, len(data)) + data

    @property
    def full(self) -> bool:
        """Whether nothing more should be read from the run for now."""
        return len(self._unsent) > _WAITING

    def flush(self) -> None:
        """Send all there is, waiting for the server."""
        while self._unsent:
            poll = select.poll()
            poll.register(self._in, select.POLLHUP)
            poll.register(self._out, select.POLLOUT)
            for descriptor, _ in poll.poll():
                if descriptor == self._in:
                    os._exit(0)
            self._write()

    def _wait(self) -> None:
        run = self._run
        poll = select.poll()
        poll.register(self._in, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        if self._unsent:
            poll.register(self._out, select.POLLOUT)
        for descriptor in run.open if run is not None and not self.full else ():
            poll.register(descriptor, select.POLLIN)
        gate = {} if self._gate is None or self.full else dict(self._gate.waits())
        for descriptor, events in gate.items():
            poll.register(descriptor, events)
        ready = [descriptor for descriptor, _ in poll.poll(run.milliseconds_left() if run is not None else None)]
        for descriptor in ready:
            if descriptor == self._in:
                self._listen()
            elif descriptor == self._out:
                self._write()
            elif descriptor == self._woken:
                os.read(self._woken, _CHUNK)
            elif descriptor in gate:
                if self._gate is not None:
                    self._gate.go_on(descriptor, self)
            elif run is not None:
                run.read(descriptor, self)
        self._bury()

    def _bury(self) -> None:
        """Collect the dead. A run that began a moment ago may be among them already."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if self._run is not None and pid == self._run.pid:
                self._run.gone(status)

    def _write(self) -> None:
        try:
            del self._unsent[: os.write(self._out, memoryview(self._unsent)[:_CHUNK])]
        except BlockingIOError:
            return
        except OSError:  # the server is gone
            os._exit(0)

    def _listen(self) -> None:
        try:
            data = os.read(self._in, 1 << 20)
        except BlockingIOError:
            return
        if not data:
            os._exit(
                0
            )  # the server let go, or died: the kernel ends all other processes of the container with this one
        self._received += data
        while len(self._received) >= HEADER.size:
            kind, length = HEADER.unpack_from(self._received)
            if len(self._received) < HEADER.size + length:
                return
            body = bytes(memoryview(self._received)[HEADER.size : HEADER.size + length])
            del self._received[: HEADER.size + length]
            self._take(kind, body)

    def _take(self, kind: bytes, body: bytes) -> None:
        if kind == b"P":
            problem = lay_out(body)
            if problem:
                self.send(b"s", {"problem": problem})
        elif kind == b"M":
            set_modes(json.loads(body))
        elif kind == b"S":
            self.send(b"s", {})
        elif kind == b"F":
            self.send(b"f", _facts())
        elif kind in (b"w", b"a") and self._gate is not None:
            self._gate.take(kind, body, self)
        elif kind == b"R" and self._run is None:
            self._begin(json.loads(body))

    def _begin(self, request: dict[str, Any]) -> None:
        private = [self._in, self._out, self._woken, self._wakes]
        if request.pop("network", False):
            self._gate = Gate()
            private.append(self._gate.descriptor)
            request["environment"] = self._gate.environment()
        self._run = Attempt(request, self._preloaded, tuple(private))

    def _close_gate(self) -> None:
        if self._gate is not None:
            self._gate.close()
            self._gate = None


def _facts() -> dict[str, Any]:
    """What is installed, by an interpreter of its own: this one's is read before anything of the project ran."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(writing, 1)
        os.execv(sys.executable, [sys.executable, "-I", "-c", _FACTS])
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        facts: dict[str, Any] = json.loads(file.read())
    return facts


def _private_streams() -> tuple[int, int]:
    """The way to the server, moved away from where programs look for input and output."""
    reading, writing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    return reading, writing


def _wake_on_children() -> tuple[int, int]:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return reading, writing


def _preload() -> set[str]:
    """Import what every run of tests needs; comes to the names that a workspace could want for itself."""
    before = set(sys.modules)
    try:
        from _pytest.config import get_config

        get_config()
        for name in ("suite", "reporter", "plugins", "lines", "failure", "trial", "dispatch", "alarm"):
            importlib.import_module(f"{_RUNNER}.{name}")
    except ImportError:  # an image without pytest: unittest has to do
        importlib.import_module(f"{_RUNNER}.dispatch")
    return {name.partition(".")[0] for name in set(sys.modules) - before}


def keep() -> None:
    """Import what runs need, then serve."""
    set_dumpable(0)
    os.chdir(WORKSPACE)
    os.makedirs(os.environ["HOME"], exist_ok=True)
    preloaded = _preload()
    gc.collect()
    gc.freeze()
    Keeper(preloaded).serve()
