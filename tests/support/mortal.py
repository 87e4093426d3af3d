"""Operations on workspaces in a process of their own, which can be killed at any moment."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

KEPT = "ignored/kept.log"
"""Made by hand where it is ignored, it has to outlive every rollback."""

_PROGRAM = Path(__file__).with_name("mortal_server.py")


@dataclass(frozen=True)
class Death:
    """When an operation is killed: after a share of what it takes when it is let live."""

    by: Literal["call", "time"]
    """`call`: just before one of the calls that leave something behind. `time`: after that share of the seconds."""
    share: float
    """From 0 to 1."""
    alone: bool = False
    """Only the server; a git it has started goes on, as after the kernel's choice of one process or `kill -9`."""


@dataclass(frozen=True)
class Outcome:
    """What became of an operation."""

    status: str
    """`done`, `refused`, or `killed`."""
    result: Any = None
    said: str = ""
    """Why it was refused."""


@dataclass
class Mortal:
    """Servers for one repository, one after the other; each lives for one operation. Get one with `mortal`."""

    program: "subprocess.Popen[str]"
    store: Path
    repository: Path
    _calls: dict[str, int] = field(default_factory=dict)
    _seconds: dict[str, float] = field(default_factory=dict)

    def attempt(self, operation: str, workspace: str = "", death: Death | None = None, **more: Any) -> Outcome:
        """Carry out an operation, or begin it."""
        order: dict[str, Any] = {"operation": operation, "workspace": workspace, "key": "", "files": False} | more
        order |= {"store": str(self.store), "repository": str(self.repository), "alone": bool(death and death.alone)}
        order = {"by_hand": {}, "branch": "", **order}
        kind = f"{operation} {bool(order['branch'])} {order['files']}"
        if death is not None and death.by == "call":
            order["call"] = 1 + int(death.share * self._calls.get(kind, 150))
        elif death is not None:
            order["seconds"] = death.share * self._seconds.get(kind, 0.2)
        answer = self._asked(order)
        if answer["status"] == "done" and death is None:
            self._calls[kind], self._seconds[kind] = answer["calls"], answer["seconds"]
        assert answer["status"] in ("done", "refused", "killed"), answer
        return Outcome(answer["status"], answer.get("result"), answer.get("said", ""))

    def settle(self) -> None:
        """Wait for the gits that killed servers have left running."""
        self._asked({"operation": "settle"})

    def _asked(self, order: Mapping[str, Any]) -> dict[str, Any]:
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.program.stdin.write(json.dumps(order) + "\n")
        self.program.stdin.flush()
        answer: dict[str, Any] = json.loads(self.program.stdout.readline())
        return answer


@contextmanager
def mortals() -> Iterator["subprocess.Popen[str]"]:
    """The program that servers are forked from."""
    with subprocess.Popen(
        [sys.executable, str(_PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        try:
            yield program
        finally:
            assert program.stdin is not None
            program.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                program.wait(timeout=30)
            program.kill()  # it has been waiting for an operation that takes for ever
