"""A run of `fix` as a process of its own, that can be watched, and killed with or without its servers."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.command import BIN, environment
from support.till import ISSUE

SECOND_TRY = Path(__file__).parent / "agents" / "second_try.yaml"


@dataclass
class LiveRun:
    """The events of a run as they come."""

    process: "subprocess.Popen[str]"
    home: Path
    events: list[dict[str, Any]] = field(default_factory=list)
    err: str = ""

    def reach(self, moment: str) -> bool:
        """Wait for a moment: `state plan`, `vcs.edit` (the call is about to be made), `run.end`, or an event's number.

        False when the run ends before.
        """
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))
            if moment in names(self.events[-1]):
                return True
        return False

    def end(self) -> int:
        """Wait for the end; the exit code."""
        self.reach("")
        assert self.process.stderr is not None
        self.err = self.process.stderr.read()
        return self.process.wait(60)

    def kill(self, victim: str) -> None:
        """SIGKILL for the host, or for a server of the run."""
        if victim == "host":
            self.process.kill()
            return
        for pid in processes(self.home, f"loopcutter_{victim}\0serve"):
            os.kill(pid, signal.SIGKILL)


def names(event: Mapping[str, Any]) -> set[str]:
    """What a moment may be called."""
    body = event["body"]
    found = {str(event["seq"]), str(event["type"])}
    if event["type"] == "state":
        found.add(f"state {body['state']}")
    if event["type"] == "action":
        found.add(f"{body['server']}.{body['tool']}")
        found.add(f"{body['server']}.{body['tool']} {event['span']}")
    return found


@contextmanager
def running(
    home: Path, *arguments: str, extra: Mapping[str, str] | None = None, stdin: int | None = None
) -> Iterator[LiveRun]:
    """`loopcutter-host … --json` under way."""
    command = [str(BIN / "loopcutter-host"), *arguments, "--json"]
    with subprocess.Popen(
        command,
        env=environment(home, extra),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield LiveRun(process, home)
        finally:
            if process.poll() is None:
                process.kill()


def fixing(
    repository: Path, *options: str, model: str = f"scripted:{SECOND_TRY}", issue: str = ISSUE
) -> tuple[str, ...]:
    """The arguments of `fix`, by default on the example's bug."""
    return ("fix", "--repo", str(repository), "--issue", issue, "--model", model, *options)


def processes(home: Path, command: str = "") -> list[int]:
    """The living processes that were started with this home, and whose command line holds this text."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            variables = (folder / "environ").read_bytes() if folder.name.isdigit() else b""
            line = (folder / "cmdline").read_bytes().decode() if variables else ""
        except OSError:
            continue
        if f"HOME={home}\0".encode() in variables and command in line:
            found.append(int(folder.name))
    return found


def wait_until_gone(home: Path) -> None:
    """Wait until nothing of a run is left running."""
    for _ in range(200):
        if not processes(home):
            return
        time.sleep(0.1)
    raise AssertionError(f"still running: {processes(home)}")


def last_events(home: Path) -> list[dict[str, Any]]:
    """The whole log of the newest run."""
    exported = subprocess.run(
        [str(BIN / "loopcutter-host"), "export", "last"],
        env=environment(home),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in exported.stdout.splitlines()]
