"""Real trees in a real sandbox, and a toolbox over both for the repairer."""

import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clock import cpu_seconds, settle
from mcp import Client

from loopcutter_host.model import Briefing, Failure
from loopcutter_loopguard.events import Call, Outcome
from loopcutter_sandbox.sandbox import open_sandbox
from loopcutter_sandbox.server import build
from loopcutter_snapshots import ObjectStore, git


@dataclass
class Workbench:
    """A store of trees and a sandbox that runs them; answers `retrieval.read` and `sandbox.*` as the servers do."""

    store: ObjectStore
    sandbox: Client
    patience: float = 60
    """Seconds that the whole suite may take."""
    tried: int = 0
    first: int = 0
    """The number of the first candidate that passed the tests it was tried with; 0 when none did."""
    cpu: float = 0
    """CPU seconds used when the repairer began."""
    cpu_first: float = 0
    """CPU seconds from then until a candidate had passed."""

    def begin(self) -> None:
        """A new repairer begins."""
        self.tried = self.first = 0
        self.cpu, self.cpu_first = cpu_seconds(), 0

    def receive(self, folder: Path) -> str:
        """The tree of a folder."""
        index = self.store.path / "index-of-benchmark"
        git("read-tree", "--empty", git_dir=self.store.path, index=index)
        git("add", "--all", "--force", ".", git_dir=self.store.path, work_tree=folder, directory=folder, index=index)
        return git("write-tree", git_dir=self.store.path, index=index).decode().strip()

    def changed(self, tree: str, path: str, text: str) -> str:
        """The tree with another text at a path."""
        index = self.store.path / "index-of-benchmark"
        blob = git("hash-object", "-w", "--stdin", git_dir=self.store.path, stdin=text.encode()).decode().strip()
        git("read-tree", tree, git_dir=self.store.path, index=index)
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", git_dir=self.store.path, index=index)
        return git("write-tree", git_dir=self.store.path, index=index).decode().strip()

    async def briefing(self, tree: str, tests: Sequence[str], coverage: bool = False) -> tuple[Briefing, bool]:
        """The tests of a tree; and whether all of them could be collected."""
        arguments = {"tree": tree, "tests": list(tests), "coverage": coverage, "timeout_s": self.patience}
        outcome = await self.call(Call("sandbox", "run_tests", arguments))
        if outcome.ok and outcome.data["status"] in ("timeout", "out-of-memory"):
            # As the host does: a test that never ends fails then.
            arguments["test_timeout_s"] = self.patience / 12
            outcome = await self.call(Call("sandbox", "run_tests", arguments))
        if not outcome.ok:
            raise RuntimeError(f"the sandbox could not run the tests: {outcome.text}")
        report = outcome.data
        told = Briefing("", tree, tree, _failures(report), tuple(report["passed"]), report["coverage"] or {})
        return told, report["status"] in ("passed", "failed", "timeout")

    async def call(self, call: Call) -> Outcome:
        """Answer as the server would."""
        if call.server == "retrieval":
            return self._read(call)
        result = await self.sandbox.call_tool(call.tool, dict(call.arguments), read_timeout_seconds=600)
        data: dict[str, Any] = dict(result.structured_content or {})
        words = " ".join(getattr(part, "text", "") for part in result.content)
        if call.tool == "try_edits" and not result.is_error:
            await settle()
            self._count(data)
        return Outcome(call, not result.is_error, words, data)

    def _count(self, data: Mapping[str, Any]) -> None:
        passed = [number for number, each in enumerate(data["results"], 1) if each["status"] == "passed"]
        if passed and not self.first:
            self.first = self.tried + passed[0]
            self.cpu_first = cpu_seconds() - self.cpu
        self.tried += data["tried"]

    def _read(self, call: Call) -> Outcome:
        path = call.arguments["path"]
        lines = self.store.read(call.arguments["tree"], path).decode().split("\n")
        lines = lines if lines[-1] else lines[:-1]
        data = {"path": path, "start": 1, "end": len(lines), "total": len(lines), "text": "\n".join(lines)}
        return Outcome(call, True, data["text"], data)


def _failures(report: Mapping[str, Any]) -> tuple[Failure, ...]:
    return tuple(
        Failure(
            each["test"],
            each["exception"],
            each["message"],
            each["file"],
            each["line"],
            tuple((frame["path"], frame["line"], frame["function"]) for frame in each["frames"]),
        )
        for each in report["failures"]
    )


@asynccontextmanager
async def workbench(folder: Path, patience: float = 60) -> AsyncIterator[Workbench]:
    """A workbench with the strongest isolation that works here."""
    store = ObjectStore(folder / "store")
    sandbox = await open_sandbox(store, Path(sys.executable), minimum="none", unsafe=True)
    try:
        async with Client(build(sandbox)) as client:
            yield Workbench(store, client, patience)
    finally:
        sandbox.close()
