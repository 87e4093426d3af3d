"""One container, from its start to its one and only run."""

import contextlib
import json
import select
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import anyio

from loopcutter_sandbox.allow_list import NOWHERE, AllowList
from loopcutter_sandbox.backends.docker.engine import Engine
from loopcutter_sandbox.backends.docker.frames import Frames, facts, frame
from loopcutter_sandbox.backends.docker.gate import Gate
from loopcutter_sandbox.changes import from_layer
from loopcutter_sandbox.errors import Unusable, ungrouped
from loopcutter_sandbox.limits import Limits
from loopcutter_sandbox.message import Messages
from loopcutter_sandbox.process import Ended

_CHUNK = 1 << 18
_START_S = 60.0
_MOST_CHANGED = 1 << 29
_GRACE_S = 0.3
"""What a run gets beyond its time: the keeper ends it and tells the rest; after this, the container goes unheard."""


@dataclass
class Container:
    """A container whose keeper waits for a request."""

    engine: Engine
    id: str
    connection: socket.socket
    tree: str | None = None
    """What its workspace holds."""
    _frames: Frames = field(default_factory=Frames)
    _heard: list[tuple[bytes, bytes]] = field(default_factory=list)
    _sending: anyio.Lock = field(default_factory=anyio.Lock)

    @staticmethod
    def start(engine: Engine, description: dict[str, Any]) -> "Container":
        """Start one and wait until its keeper is ready; blocks."""
        identity, connection = engine.start(description)
        container = Container(engine, identity, connection)
        try:
            container._expect(b"h")
        except BaseException:
            container.close()
            raise
        return container

    def fill(self, tree: str, frames: Iterable[bytes]) -> None:
        """Lay out `tree` from its frames, and wait until it is there; blocks."""
        self.put(frames)
        self.tree = tree

    def put(self, frames: Iterable[bytes]) -> None:
        """Send frames of files and wait until they are laid out; blocks."""
        for data in frames:
            self._send_now(data)
        self._send_now(frame(b"S"))
        problem = facts(self._expect(b"s")).get("problem")
        if problem:
            raise Unusable(f"the tree could not be laid out in a container: {problem}")

    def facts(self) -> dict[str, Any]:
        """What is installed in it; blocks. To be asked before anything untrusted runs."""
        self._send_now(frame(b"F"))
        return facts(self._expect(b"f"))

    def _send_now(self, data: bytes) -> None:
        self.connection.settimeout(_START_S)
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise self._lost(str(error)) from None

    def _expect(self, kind: bytes) -> bytes:
        ends = time.monotonic() + _START_S
        while True:
            for position, (found, body) in enumerate(self._heard):
                if found == kind:
                    del self._heard[position]
                    return body
            self.connection.settimeout(max(0.01, ends - time.monotonic()))
            try:
                data = self.connection.recv(_CHUNK)
            except OSError as error:
                raise self._lost(str(error)) from None
            if not data:
                raise self._lost("it ended")
            self._heard += self._frames.take(data)

    def _lost(self, reason: str) -> Unusable:
        words = self._frames.words.splitlines()
        return Unusable(f"a container did not get ready ({words[-1] if words else reason}); look at its image")

    async def run(
        self,
        frames: Iterable[bytes],
        limits: Limits,
        request: dict[str, Any],
        messages: Messages,
        allowed: AllowList = NOWHERE,
    ) -> Ended:
        """Send what the workspace lacks and the request; take in what comes until the keeper says it is over."""
        self.connection.setblocking(False)
        ended = Ended(root=request["root"])
        body = {**request, "wall_s": limits.wall_s, "output_bytes": limits.output_bytes, "network": bool(allowed)}
        with ungrouped(), anyio.move_on_after(limits.wall_s + _GRACE_S + _START_S) as all_time:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._send_all, chain(frames, (frame(b"S"), frame(b"R", _json(body)))))
                gate = Gate(allowed, self._send, tasks) if allowed else None
                await self._listen(ended, limits, request, messages, gate)
                tasks.cancel_scope.cancel()
        if all_time.cancelled_caught:
            ended.timed_out = True
        return ended

    async def _send_all(self, parts: Iterable[bytes]) -> None:
        with contextlib.suppress(OSError):  # whoever listens learns of it
            for part in parts:
                await self._send(part)

    async def _send(self, part: bytes) -> None:
        async with self._sending:
            rest = memoryview(part)
            while rest:
                try:
                    rest = rest[self.connection.send(rest[:_CHUNK]) :]
                except (BlockingIOError, ssl.SSLWantWriteError):
                    await anyio.wait_writable(self.connection)

    async def _listen(
        self, ended: Ended, limits: Limits, request: dict[str, Any], messages: Messages, gate: Gate | None
    ) -> None:
        started, changes = time.monotonic(), bytearray()
        with anyio.CancelScope() as scope:
            while True:
                data = await self._receive()
                if not data:
                    ended.duration_s = time.monotonic() - started
                    await self._vanished(ended)
                    return
                for kind, body in self._frames.take(data):
                    if kind == b"s":  # all is laid out and the run begins
                        problem = facts(body).get("problem")
                        if problem:
                            raise Unusable(f"the tree could not be laid out in a container: {problem}")
                        scope.deadline = anyio.current_time() + limits.wall_s + _GRACE_S
                        started = time.monotonic()
                    elif kind == b"c":
                        changes += body
                        if len(changes) > _MOST_CHANGED:
                            raise Unusable("a container sent more than it was asked for; the run does not count")
                    elif kind == b"x":
                        _end(ended, facts(body))
                        ended.changes = from_layer(bytes(changes)) if request["keep"] else None
                        return
                    elif kind in (b"w", b"a") and gate is not None:
                        gate.take(kind, body)
                    elif not _take(kind, body, ended, limits, messages):
                        ended.duration_s = time.monotonic() - started
                        return
        ended.timed_out = True
        ended.duration_s = time.monotonic() - started

    async def _receive(self) -> bytes:
        while True:
            try:
                return self.connection.recv(_CHUNK)
            except (BlockingIOError, ssl.SSLWantReadError):
                await anyio.wait_readable(self.connection)
            except OSError:
                return b""

    async def _vanished(self, ended: Ended) -> None:
        """The keeper went without a word: for memory, or because somebody removed its container."""
        ended.out_of_memory = await anyio.to_thread.run_sync(self.engine.out_of_memory, self.id)
        if not ended.out_of_memory:
            words = self._frames.words.splitlines() or ["somebody removed it"]
            raise Unusable(f"a container was lost in the middle of a run ({words[-1]}); run it again")

    def alive(self) -> bool:
        """Whether it still waits: idle, so nothing can be heard of it but its end."""
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        return not poll.poll(0)

    def close(self) -> None:
        """Let go: the keeper ends, the kernel ends everything else in it, the engine removes it."""
        self.engine.let_go(self.id)


def _take(kind: bytes, body: bytes, ended: Ended, limits: Limits, messages: Messages) -> bool:
    """Take in what was printed or reported; whether the run may go on."""
    if kind == b"m":
        return messages.take(body)
    if kind in (b"o", b"e"):
        (ended.stdout if kind == b"o" else ended.stderr).add(body)
        ended.flooded = ended.stdout.total + ended.stderr.total > 2 * limits.output_bytes
    return not ended.flooded


def _end(ended: Ended, found: dict[str, Any]) -> None:
    code = found.get("exit_code")
    ended.exit_code = code if isinstance(code, int) else None
    ended.timed_out = bool(found.get("timed_out"))
    ended.flooded = bool(found.get("flooded"))
    ended.out_of_memory = bool(found.get("out_of_memory"))
    ended.out_of_disk = bool(found.get("out_of_disk"))
    ended.duration_s = float(found.get("duration_s", 0.0))
    ended.cpu_s = float(found.get("cpu_s", 0.0))


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode("ascii")
