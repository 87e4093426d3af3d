"""Starts a sandboxed process, talks to its runner, and ends it in time with everything it started."""

import contextlib
import json
import math
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import anyio.lowlevel

from loopcutter_sandbox import groups
from loopcutter_sandbox.changes import Changes, from_layer
from loopcutter_sandbox.errors import Unusable
from loopcutter_sandbox.interpreter import Interpreter
from loopcutter_sandbox.isolation import Backend, Job, Launch
from loopcutter_sandbox.limits import Limits
from loopcutter_sandbox.message import Message, Messages
from loopcutter_sandbox.output import Output
from loopcutter_sandbox.place import WORKSPACE
from loopcutter_sandbox.workspace import Folder, Work, Workspaces

_CHUNK = 1 << 16
_LAST_WORDS = 0.5
"""How long the streams may take to end once the process has: only an escaped process can hold them open."""

_PATIENCE = 3.0
"""How long a supervisor may take to clear up before it is killed itself."""


@dataclass
class Ended:
    """How a run ended, and what it printed."""

    exit_code: int | None = None
    """None when it was killed from here."""
    timed_out: bool = False
    flooded: bool = False
    """Killed because it printed without end."""
    out_of_memory: bool = False
    """The kernel killed something of the run because all of it together used more memory than it may."""
    out_of_disk: bool = False
    """The workspace had no room left."""
    changes: Changes | None = None
    """What the run has changed in its workspace, if that was asked for."""
    duration_s: float = 0.0
    cpu_s: float = 0.0
    """CPU time of all its processes together, where the backend can tell."""
    root: str = ""
    stdout: Output = field(default_factory=Output)
    stderr: Output = field(default_factory=Output)

    def shown(self, text: str) -> str:
        """`text` with the place of the workspace given the same name whatever the run."""
        return text.replace(self.root, WORKSPACE) if self.root != WORKSPACE else text


def install_runner(interpreter: Interpreter, folder: Path) -> Path:
    """A copy of the runner below `folder`, compiled: inside a sandbox nothing compiled can be kept."""
    code = folder / "runner"
    shutil.copytree(Path(__file__).parent / "runner", code, ignore=shutil.ignore_patterns("__pycache__"))
    command = [
        interpreter.executable,
        "-I",
        "-m",
        "compileall",
        "-q",
        "--invalidation-mode",
        "unchecked-hash",
        str(code),
    ]
    subprocess.run(command, capture_output=True, timeout=60, check=False)  # without it every start is only slower
    return code


def take_verdict(ended: Ended, said: bytes, *, keep: bool) -> None:
    """Fill in what the supervisor has said of a run; nothing, if it was killed itself."""
    line, _, packed = said.partition(b"\n")
    if not line:
        return
    facts = json.loads(line)
    ended.out_of_memory, ended.out_of_disk = facts["memory"], facts["disk"]
    if keep:
        ended.changes = from_layer(packed)


@dataclass(frozen=True)
class LocalRunner:
    """Runs requests with an interpreter of this machine under one backend, each in a folder that is thrown away."""

    backend: Backend
    interpreter: Interpreter
    code: Path
    """The folder that holds the runner, as `install_runner` left it."""
    workspaces: Workspaces

    @property
    def python(self) -> str:
        """The interpreter that runs the project."""
        return self.interpreter.executable

    async def run(
        self,
        work: Work,
        limits: Limits,
        request: dict[str, Any],
        hear: Callable[[Message], None] | None = None,
    ) -> Ended:
        """Carry out `request` on `work`; `hear` gets each valid message. Cancelling it kills the run."""
        groups.make_ready()
        async with self.workspaces.lease(work, mounted=self.backend.mounts) as folder:
            ended = await self._run(folder, limits, request, hear)
            if folder.survey is not None:
                bounds = limits.kept()
                ended.changes = await anyio.to_thread.run_sync(
                    folder.survey.changes, folder.workspace, bounds["most_bytes"], bounds["most_files"]
                )
            return ended

    async def _run(
        self, folder: Folder, limits: Limits, request: dict[str, Any], hear: Callable[[Message], None] | None
    ) -> Ended:
        (reading, writing), (hearing, telling) = os.pipe(), os.pipe()
        with contextlib.closing(_Pipe(reading)) as channel, contextlib.closing(_Pipe(hearing)) as verdict:
            try:
                launch = self.backend.wrap(Job(self.interpreter, self.code, folder, limits, writing, telling))
                nonce = secrets.token_hex(16)
                text = json.dumps({**request, **self._place(launch, limits), "nonce": nonce}).encode("ascii")
                process = await _start(launch, [writing, telling])
            finally:
                os.close(writing)
                os.close(telling)
            run = _Run(process, launch, limits, Messages(nonce, hear))
            ended, said = await run.until_over(channel, verdict, text)
        take_verdict(ended, said, keep=folder.keep and folder.layers is not None)
        return ended

    def close(self) -> None:
        """Nothing is kept ready here."""

    def _place(self, launch: Launch, limits: Limits) -> dict[str, Any]:
        return {
            "root": launch.root,
            "user": launch.user,
            "limits": limits.resources(launch.processes),
            "elsewhere": self.interpreter.elsewhere,
            "plugins": self.interpreter.plugins,
            "ends": time.monotonic() + limits.wall_s,
        }


async def _start(launch: Launch, descriptors: list[int]) -> anyio.abc.Process:
    try:
        # Started from the thread of the event loop: "die with the parent" means the thread.
        return await anyio.open_process(
            list(launch.arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(launch.environment),
            cwd="/",
            start_new_session=True,
            pass_fds=descriptors,
        )
    except OSError as error:
        raise Unusable(
            f"{launch.arguments[0]} could not be started ({error}); see `loopcutter-sandbox status`"
        ) from None


@dataclass
class _Pipe:
    """The reading end of the runner's channel."""

    descriptor: int

    def __post_init__(self) -> None:
        os.set_blocking(self.descriptor, False)

    async def receive(self) -> bytes:
        while True:
            await anyio.lowlevel.checkpoint()  # a flood on this channel must not keep the event loop to itself
            try:
                return os.read(self.descriptor, _CHUNK)
            except BlockingIOError:
                await anyio.wait_readable(self.descriptor)

    def close(self) -> None:
        os.close(self.descriptor)


async def _collect(pipe: _Pipe, said: bytearray) -> None:
    while data := await pipe.receive():
        said += data  # the supervisor is ours, and bounds what it passes on


class _Run:
    """One process from its start to the end of all it started."""

    def __init__(self, process: anyio.abc.Process, launch: Launch, limits: Limits, messages: Messages) -> None:
        self._process = process
        self._launch = launch
        self._limits = limits
        self._messages = messages
        self._ended = Ended(root=launch.root)

    async def until_over(self, channel: _Pipe, verdict: _Pipe, request: bytes) -> tuple[Ended, bytes]:
        """How it ended, and what the supervisor says of it."""
        started = time.monotonic()
        ended, said = self._ended, bytearray()
        try:
            async with anyio.create_task_group() as pumps:
                assert self._process.stdout is not None
                assert self._process.stderr is not None
                pumps.start_soon(self._feed, request)
                pumps.start_soon(self._print, self._process.stdout, ended.stdout)
                pumps.start_soon(self._print, self._process.stderr, ended.stderr)
                pumps.start_soon(self._listen, channel)
                pumps.start_soon(_collect, verdict, said)
                with anyio.move_on_after(self._limits.wall_s) as time_left:
                    await self._process.wait()
                ended.duration_s = time.monotonic() - started
                if time_left.cancelled_caught:
                    ended.timed_out = True
                    await self._kill()
                elif not ended.flooded:
                    ended.exit_code = self._process.returncode
                pumps.cancel_scope.deadline = anyio.current_time() + _LAST_WORDS
        finally:
            with anyio.CancelScope(shield=True):
                await self._kill()
                await self._process.aclose()
        return ended, bytes(said)

    async def _feed(self, request: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            await self._process.stdin.send(request)
        await self._process.stdin.aclose()

    async def _print(self, stream: anyio.abc.ByteReceiveStream, output: Output) -> None:
        with contextlib.suppress(anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
            while True:
                output.add(await stream.receive(_CHUNK))
                if output.total > self._limits.output_bytes and not self._ended.flooded:
                    self._ended.flooded = True
                    self._signal(self._launch.stop)

    async def _listen(self, channel: _Pipe) -> None:
        while data := await channel.receive():
            if not self._messages.take(data):
                self._signal(self._launch.stop)
                return

    async def _kill(self) -> None:
        """End the process and all it started; a supervisor is asked first, for it knows what there is."""
        if self._process.returncode is not None:
            return
        if self._launch.stop != signal.SIGKILL:
            self._signal(self._launch.stop)
            with anyio.move_on_after(_PATIENCE):
                await self._process.wait()
                return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with anyio.move_on_after(math.inf, shield=True):
            await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)
