"""A project in a folder of its own, that answers for the two servers the repairer needs."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from loopcutter_host.model import Briefing, Failure
from loopcutter_loopguard.events import Call, Outcome

_JUDGE = Path(__file__).with_name("judge.py")


class Workbench:
    """A copy of a project; a `Toolbox` with `retrieval.read` and `sandbox.try_edits`."""

    def __init__(self, project: Path, folder: Path, tests: Sequence[str], python_path: str) -> None:
        self.folder = folder
        self.tried = 0
        self.first = 0
        """The number of the first candidate that passed the failing tests; 0 when none did."""
        self.cpu = 0.0
        self._tests = list(tests)
        self._path = python_path
        self._judge: subprocess.Popen[str] | None = None
        shutil.copytree(project, folder, ignore=shutil.ignore_patterns("__pycache__", ".git"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        shutil.rmtree(self.folder)

    def briefing(self) -> tuple[Briefing, bool]:
        """The suite as it stands, and whether it could be collected."""
        answer = self._ask({"do": "suite", "tests": self._tests}, compiled=True)
        self._stop()
        failures = tuple(
            Failure(**{**each, "frames": tuple((path, line, name) for path, line, name in each["frames"])})
            for each in answer["failures"]
        )
        return Briefing("", "now", "now", failures, tuple(answer["passed"]), answer["coverage"]), not answer["broken"]

    async def call(self, call: Call) -> Outcome:
        """Answer as the servers would."""
        if call.tool == "read":
            return self._read(call)
        answer = self._ask({"do": "try", **call.arguments})
        if not self.first and answer["passing"]:
            statuses = [each["status"] for each in answer["results"]]
            self.first = self.tried + statuses.index("passed") + 1
        self.tried += answer["tried"]
        return Outcome(call, True, f"{answer['tried']} tried", answer)

    def _read(self, call: Call) -> Outcome:
        file = self.folder / call.arguments["path"]
        if not file.is_file():
            return Outcome(call, False, "No such file: give a path of the tree.")
        text = file.read_bytes().decode()
        total = len(text.splitlines())
        return Outcome(call, True, text, {"path": str(file), "start": 1, "end": total, "total": total, "text": text})

    def _ask(self, command: Mapping[str, Any], compiled: bool = False) -> dict[str, Any]:
        if self._judge is None:
            environment = {**os.environ, "PYTHONPATH": self._path, "PYTHONHASHSEED": "0"}
            environment |= {} if compiled else {"PYTHONDONTWRITEBYTECODE": "1"}
            self._judge = subprocess.Popen(
                [sys.executable, str(_JUDGE)],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        assert self._judge.stdin
        assert self._judge.stdout
        self._judge.stdin.write(json.dumps(command) + "\n")
        self._judge.stdin.flush()
        answer: dict[str, Any] = json.loads(self._judge.stdout.readline())
        self.cpu = max(self.cpu, answer["cpu_s"])
        return answer

    def _stop(self) -> None:
        if self._judge is not None:
            assert self._judge.stdin
            assert self._judge.stdout
            self._judge.stdin.close()
            self._judge.wait()
            self._judge.stdout.close()
            self._judge = None
