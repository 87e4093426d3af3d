"""Runs the installed commands as a user does, with a state folder of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    def events(self) -> list[dict[str, Any]]:
        """The envelopes of `--json`."""
        return [json.loads(line) for line in self.out.splitlines()]


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a user whose home is an empty folder."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LOOPCUTTER_", "XDG_", "OLLAMA_"))
    }
    return {**kept, "HOME": str(home), "NO_COLOR": "1", "PATH": f"{BIN}:{os.environ['PATH']}", **(extra or {})}


def run(home: Path, *arguments: str, extra: Mapping[str, str] | None = None, timeout: float = 110) -> Ended:
    """Run `loopcutter-host` to its end."""
    done = subprocess.run(
        [str(BIN / "loopcutter-host"), *arguments],
        env=environment(home, extra),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
