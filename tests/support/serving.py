"""Starts the small server of `served.py` in a process of its own, as a host or a person does."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TOKEN = "correct-horse-battery-staple"

_PROGRAM = Path(__file__).with_name("served.py")


@dataclass(frozen=True)
class Running:
    """A server that has said that it is ready."""

    process: "subprocess.Popen[str]"
    announced: dict[str, object]

    @property
    def url(self) -> str:
        """Where it offers MCP."""
        return str(self.announced["url"])

    @property
    def root(self) -> str:
        """Where it offers everything else."""
        return self.url.removesuffix("/mcp")

    def stop(self) -> tuple[int, str, str]:
        """Stop it and give its exit code and what it wrote since it was ready."""
        self.process.terminate()
        out, error = self.process.communicate(timeout=30)
        return self.process.returncode, out, error


Start = Callable[..., Running]


@dataclass(frozen=True)
class Certificates:
    """A private authority and what it has signed for 127.0.0.1."""

    authority: Path
    certificate: Path
    key: Path


def command(*arguments: str) -> list[str]:
    """How the server is started."""
    return [sys.executable, str(_PROGRAM), "serve", *arguments]


def environment(**variables: str) -> dict[str, str]:
    """Ours, but for what would configure the server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LOOPCUTTER")} | variables


def refused(*arguments: str, **variables: str) -> tuple[int, str]:
    """The exit code and the words of a server that does not start."""
    completed = subprocess.run(
        command(*arguments), env=environment(**variables), capture_output=True, text=True, timeout=60, check=False
    )
    assert completed.stdout == ""
    return completed.returncode, completed.stderr


def launch(*arguments: str, **variables: str) -> Running:
    """Start the server and wait until it is ready."""
    process = subprocess.Popen(
        command(*arguments),
        env=environment(**variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    return Running(process, json.loads(line))
