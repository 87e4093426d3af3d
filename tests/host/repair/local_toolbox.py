"""An honest toolbox without servers: it reads real files and really runs the tests on every candidate."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from loopcutter_host.model import Briefing, Edit, Failure
from loopcutter_loopguard.events import Call, Outcome

RUNNER = Path(__file__).with_name("runner.py")


class LocalToolbox:
    """Answers `retrieval.read` and `sandbox.try_edits` for the program in a folder."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self.folder = folder
        self.calls: list[Call] = []
        self.answers: list[dict[str, Any]] = []
        """What was told of the candidates of each call."""
        self.tried = 0
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())

    @property
    def tests(self) -> list[str]:
        """The ids of all test functions."""
        return [
            f"{file.relative_to(self.folder)}::{name}"
            for file in sorted(self.folder.rglob("test_*.py"))
            for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)
        ]

    def briefing(self, **more: Any) -> Briefing:
        """Where a run stands that has just run all tests."""
        seen = self._run({"observe": self.tests})
        failures = tuple(
            Failure(each["test"], each["exception"], each["message"], frames=tuple(map(tuple, each["frames"])))
            for each in seen["failures"]
        )
        told = {"issue": "", "tree": "now", "base_tree": "now", "passing": tuple(seen["passing"]), **more}
        return Briefing(failures=failures, coverage=seen["coverage"], **told)

    def apply(self, edit: Edit) -> None:
        """As `vcs.edit` does: the one place nearest to the line."""
        file = self.folder / edit["path"]
        text = file.read_bytes().decode()
        found = [match.start() for match in re.finditer(re.escape(edit["search"]), text)]
        start = min(found, key=lambda each: abs(text.count("\n", 0, each) + 1 - edit["near_line"]))
        file.write_bytes((text[:start] + edit["replace"] + text[start + len(edit["search"]) :]).encode())

    async def call(self, call: Call) -> Outcome:
        """Make the call."""
        self.calls.append(call)
        if (call.server, call.tool) == ("retrieval", "read"):
            return self._read(call)
        assert (call.server, call.tool) == ("sandbox", "try_edits")
        trial = self._run(call.arguments)
        self.tried += trial["tried"]
        self.answers.append(trial)
        return Outcome(call, True, f"{len(trial['passing'])} of {trial['tried']} pass", trial)

    def _read(self, call: Call, page: int = 100) -> Outcome:
        """A hundred lines at a time, so that the caller has to page."""
        path, first = call.arguments["path"], call.arguments["start"]
        if not (self.folder / path).is_file():
            return Outcome(call, False, f"{path} is not in the tree. Ask for a path that search gave.")
        lines = (self.folder / path).read_bytes().decode().removesuffix("\n").split("\n")
        text = "\n".join(lines[first - 1 : first - 1 + page])
        end = min(first - 1 + page, len(lines))
        return Outcome(call, True, text, {"path": path, "start": first, "end": end, "total": len(lines), "text": text})

    def _run(self, command: Mapping[str, Any]) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(RUNNER)],
            input=json.dumps(command),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer
