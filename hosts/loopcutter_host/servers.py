"""Starts the servers of a run on loopback ports, with a token made for the run, and stops them however it ends.

Each server holds the other end of a pipe that only this process can close: when the host is killed, the pipe closes
and the servers stop by themselves (`--lease`).
"""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import yaml

from loopcutter_host.config import Config
from loopcutter_host.connections import Address
from loopcutter_host.environment import without_settings
from loopcutter_host.errors import HostError, Missing
from loopcutter_host.folders import Folders

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 2.0


@dataclass(frozen=True)
class ServerCommand:
    """How to start one server: `python -m loopcutter_<name> serve …`."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


class ServerGroup:
    """The servers of one run. Enter it to have them; leave it and they are gone."""

    def __init__(self, token: str = "") -> None:
        self.token = token or secrets.token_urlsafe(32)
        self.addresses: dict[str, Address] = {}
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._logs: dict[str, list[str]] = {}
        self._readers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self, commands: Sequence[ServerCommand]) -> None:
        """Start servers side by side and wait until each answers. Raises `Missing` with the server's own words."""
        started = await asyncio.gather(*(self._start(command) for command in commands), return_exceptions=True)
        for failure in started:
            if isinstance(failure, BaseException):
                raise failure

    async def _start(self, command: ServerCommand) -> None:
        # -P: the folder the user stands in may be the hostile repository, and must not be on the import path.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-m", f"loopcutter_{command.name}", "serve", "--port", "0", "--lease", *command.arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**without_settings(), "LOOPCUTTER_TOKEN": self.token, **command.environment},
            start_new_session=True,  # Ctrl-C in the terminal is for the host, who stops them in order
        )
        self._processes[command.name] = process
        log = self._logs[command.name] = []
        assert process.stdout is not None
        assert process.stderr is not None
        self._readers.append(asyncio.create_task(_drain(process.stderr, log)))
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                line = await process.stdout.readline()
        except TimeoutError as error:
            raise Missing(f"server {command.name} did not start within {START_TIMEOUT_S:.0f} s.") from error
        if not line:
            await process.wait()
            await asyncio.sleep(0)
            said = next((text for text in reversed(log) if text.strip()), "it said nothing")
            raise _refusal(command.name, process.returncode or 1, said.removeprefix("Error: "))
        self.addresses[command.name] = Address(json.loads(line)["url"], self.token)
        self._readers.append(asyncio.create_task(_drain(process.stdout, log)))

    async def stop(self) -> None:
        """End all servers: politely, then for certain."""
        await asyncio.gather(*(_end(process) for process in self._processes.values()))
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        self._processes.clear()

    def pids(self) -> list[int]:
        """The process of each server."""
        return [process.pid for process in self._processes.values()]

    def kill(self) -> None:
        """End all servers at once; for the second Ctrl-C."""
        for process in self._processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _refusal(name: str, exit_code: int, said: str) -> HostError:
    refused = HostError if exit_code == 1 else Missing
    return refused(f"server {name} could not be started: {said.strip()}")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _drain(stream: asyncio.StreamReader, log: list[str]) -> None:
    while line := await stream.readline():
        log.append(line.decode("utf-8", "replace").rstrip())
        del log[:-200]


async def start_embedded(
    group: ServerGroup, config: Config, folders: Folders, repository: Path, scratch: Path, *, init: bool
) -> None:
    """Start the servers as a fresh machine has them: everything here, everything on loopback.

    `scratch` holds what is written for this run alone, and must outlive the servers' start.
    """
    sandbox = ["--store", str(folders.store("sandbox")), "--minimum", config.sandbox.minimum]
    if python := _interpreter(config, repository):
        sandbox += ["--python", python]
    if config.sandbox.image:
        sandbox += ["--image", config.sandbox.image]
    if config.sandbox.unsafe_local:
        sandbox += ["--unsafe-local", "--minimum", "none"]
    commands = [
        ServerCommand("retrieval", ("--store", str(folders.store("retrieval")))),
        ServerCommand("sandbox", tuple(sandbox)),
    ]
    if config.guard.enabled and config.guard.kind == "full":
        loopguard = ["--store", str(folders.state / "loopguard.sqlite")]
        if config.guard.policy:
            policy = scratch / "policy.yaml"
            policy.write_text(yaml.safe_dump(config.guard.policy))
            loopguard += ["--policy", str(policy)]
        commands.append(ServerCommand("loopguard", tuple(loopguard)))
    await group.start(commands)
    remotes = {name: group.addresses[name].url for name in ("retrieval", "sandbox")}
    await group.start([vcs_command(repository, folders, remotes, group.token, init=init)])


def vcs_command(
    repository: Path, folders: Folders, remotes: Mapping[str, str] | None = None, token: str = "", *, init: bool = False
) -> ServerCommand:
    """How to start vcs on one repository; `remotes` are the servers it may publish snapshots to."""
    arguments = ["--repository", f"repository={repository}", "--store", str(folders.store("vcs"))]
    for name, url in (remotes or {}).items():
        arguments += ["--remote", f"{name}={url}"]
    if init:
        arguments.append("--init")
    return ServerCommand("vcs", tuple(arguments), {"LOOPCUTTER_VCS_REMOTE_TOKEN": token} if token else {})


def _interpreter(config: Config, repository: Path) -> str:
    """The Python that has the project's dependencies: as set, else the repository's own virtual environment."""
    if config.sandbox.python:
        return config.sandbox.python
    own = repository / ".venv" / "bin" / "python"
    return str(own) if own.is_file() else ""
