"""What a way of isolating is, and how the strongest one that works is chosen."""

import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from loopcutter_sandbox.errors import NoIsolation, Unusable
from loopcutter_sandbox.interpreter import Interpreter
from loopcutter_sandbox.limits import Limits
from loopcutter_sandbox.report import BackendStatus, Isolation
from loopcutter_sandbox.workspace import Folder

STRENGTH: Mapping[Isolation, int] = {"container": 4, "namespace": 3, "landlock": 2, "seatbelt": 2, "none": 0}


@dataclass(frozen=True)
class Job:
    """Something to start: the runner, with an interpreter, on a workspace."""

    interpreter: Interpreter
    runner: Path
    """The folder that holds the runner."""
    folder: Folder
    limits: Limits
    descriptor: int
    """Where the runner reports to; inherited by what is started."""
    verdict: int = -1
    """Where the supervisor says how it ended."""

    def command(self, runner: str | None = None) -> list[str]:
        """The command line inside; `runner` is where its folder is seen there, if not where it lies."""
        start = f"{runner or self.runner}/start.py"
        return [self.interpreter.executable, "-s", "-B", start, str(self.descriptor)]


@dataclass(frozen=True)
class Launch:
    """A job as a process that can be started, and what the runner must know of its place."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    root: str
    """The workspace as the run sees it."""
    user: int | None = None
    """The user to become inside."""
    processes: int | None = None
    """The bound on processes, where there can be one."""
    stop: signal.Signals = signal.SIGKILL
    """What ends it together with everything it started."""


class Isolating(Protocol):
    """A way of isolating, by what it promises."""

    @property
    def name(self) -> str: ...

    @property
    def isolation(self) -> Isolation: ...

    @property
    def gaps(self) -> tuple[str, ...]:
        """What it does not hold back, in words."""
        ...


@runtime_checkable
class Backend(Isolating, Protocol):
    """A way of isolating that starts a process of this machine."""

    @property
    def mounts(self) -> bool:
        """Whether the workspace is mounted from layers, and not laid out as files for each run."""
        ...

    def wrap(self, job: Job) -> Launch:
        """The process to start for `job`; raises `Unusable` when it can't be used at all."""
        ...


Probe = Callable[[Isolating], Awaitable[None]]
"""Runs something real; raises `Unusable` when it does not work."""


@dataclass
class Choice:
    """The backends of this machine, strongest first, and what probing them has shown."""

    backends: Sequence[Isolating]
    probe: Probe
    minimum: Isolation = "landlock"
    unsafe: bool = False
    _reasons: dict[int, str] = field(default_factory=dict)

    async def works(self, backend: Isolating) -> str:
        """Why `backend` does not work, or nothing; probed once."""
        key = id(backend)
        if key not in self._reasons:
            try:
                await self.probe(backend)
                self._reasons[key] = ""
            except Unusable as error:
                self._reasons[key] = str(error)
        return self._reasons[key]

    async def strongest(self) -> Isolating:
        """The first backend that is strong enough and works."""
        reasons = []
        for backend in self.backends:
            if STRENGTH[backend.isolation] < STRENGTH[self.minimum] or (
                backend.isolation == "none" and not self.unsafe
            ):
                continue
            reason = await self.works(backend)
            if not reason:
                return backend
            reasons.append(f"{backend.name}: {reason}")
        tried = "; ".join(reasons) or "there is none of this strength for this system"
        raise NoIsolation(
            f"no isolation of at least {self.minimum!r} works here ({tried}). Start a container engine, or "
            "install bubblewrap (apt install bubblewrap), lower --minimum, or give --unsafe-local to run without any."
        )

    async def status(self) -> tuple[BackendStatus, ...]:
        """All backends; of several variants of one the first that works counts."""
        found: dict[str, BackendStatus] = {}
        for backend in self.backends:
            known = found.get(backend.name)
            if known is None or not known.works:
                reason = await self.works(backend)
                found[backend.name] = BackendStatus(backend.name, backend.isolation, not reason, reason)
        return tuple(found.values())
