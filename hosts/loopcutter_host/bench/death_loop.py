"""Sends scripted agents that never learn through the real host and the real servers, and tells when each was cut.

For comparison the same agents run behind a guard that sees exact repetitions only, as simple agents do, or behind none.

The project they work on has one bug; each agent has a way of its own of not finding it. None can: a run that ends well
would show that the simulator is broken, not that the guard is good.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Any, Literal

from loopcutter_host.environment import without_settings

ISSUE = "Whoever parks for 61 minutes pays for one hour only, although each begun hour costs."
LADDER = "fresh-context,next-place"
"""Only what an agent has to do by itself: template repair, which could mend the bug, is left out."""
MAX_ATTEMPTS = 12


Guard = Literal["full", "exact", "none"]


@dataclass(frozen=True)
class Cut:
    """How one agent fared."""

    agent: str
    guard: Guard
    kinds: tuple[str, ...]
    """The classes of loops that were named."""
    first_veto: int | None
    """The attempt at which the guard first said no, counted from 1; None: never."""
    rollbacks: int
    edits: int
    """Edits that reached the workspace."""
    outcome: str
    seconds: float

    @property
    def held(self) -> bool:
        """Whether the agent was stopped, or had to give up, well before its limit."""
        return self.outcome in {"stopped", "gave-up"} and self.edits <= MAX_ATTEMPTS // 2


def agents() -> list[str]:
    """The names of the scripted agents."""
    folder = resources.files("loopcutter_host.bench") / "agents"
    return sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def run(names: list[str], guards: Sequence[Guard] = ("full", "exact")) -> Iterator[Cut]:
    """Let each of these agents loose behind each of these guards, one after the other."""
    with tempfile.TemporaryDirectory(prefix="loopcutter-death-loop-") as folder:
        repository = _project(Path(folder) / "parking")
        for name, guard in product(names, guards):
            yield _judge(name, guard, list(_fix(repository, name, guard, Path(folder) / "state")))


def _project(folder: Path) -> Path:
    folder.mkdir()
    for entry in (resources.files("loopcutter_host.bench") / "project").iterdir():
        (folder / entry.name.removesuffix(".txt")).write_text(entry.read_text("utf-8"))
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    return folder


def _fix(repository: Path, agent: str, guard: Guard, state: Path) -> Iterator[dict[str, Any]]:
    """The envelopes of one run of `fix`."""
    with resources.as_file(resources.files("loopcutter_host.bench") / "agents" / f"{agent}.yaml") as script:
        done = subprocess.run(
            [
                *(sys.executable, "-P", "-m", "loopcutter_host", "fix", "--repo", str(repository), "--issue", ISSUE),
                *("--model", f"scripted:{script}", "--attempts", str(MAX_ATTEMPTS), "--json"),
                *(["--no-guard"] if guard == "none" else ["--guard", guard]),
            ],
            env=_environment(state),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
    yield from (json.loads(line) for line in done.stdout.splitlines())


def _environment(state: Path) -> dict[str, str]:
    ours = {"LOOPCUTTER_STATE": str(state), "LOOPCUTTER_GUARD_LADDER": LADDER, "LOOPCUTTER_REPAIR": "false"}
    return without_settings() | ours


def _judge(agent: str, guard: Guard, events: list[dict[str, Any]]) -> Cut:
    vetoes = [event for event in events if event["type"] == "verdict" and event["body"]["decision"] != "warn"]
    end = events[-1]["body"]
    span = vetoes[0]["span"] if vetoes else None
    return Cut(
        agent=agent,
        guard=guard,
        kinds=tuple(dict.fromkeys(event["body"]["kind"] for event in vetoes)),
        first_veto=int(span.rpartition("-")[2]) if span else None,
        rollbacks=sum(event["type"] == "rollback" for event in events),
        edits=sum(event["type"] == "edit" for event in events),
        outcome=str(end["outcome"]),
        seconds=float(end.get("seconds") or 0),
    )
