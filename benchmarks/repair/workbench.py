"""Real trees in a real sandbox, and a toolbox over both for the repairer."""

import resource
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    tried: int = 0
    first: int = 0
    """The number of the first candidate that passed the tests it was tried with; 0 when none did."""

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
        git("update-index", "--cacheinfo", f"100644,{blob},{path}", git_dir=self.store.path, index=index)
        return git("write-tree", git_dir=self.store.path, index=index).decode().strip()

    async def briefing(self, tree: str, tests: Sequence[str]) -> tuple[Briefing, bool]:
        """The suite of a tree, traced; and whether all of it could be collected."""
        arguments = {"tree": tree, "tests": list(tests), "coverage": True, "timeout_s": 300}
        outcome = await self.call(Call("sandbox", "run_tests", arguments))
        if not outcome.ok:
            raise RuntimeError(f"the sandbox could not run the tests: {outcome.text}")
        report = outcome.data
        failures = tuple(
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
        told = Briefing("", tree, tree, failures, tuple(report["passed"]), report["coverage"] or {})
        return told, report["status"] in ("passed", "failed")

    async def call(self, call: Call) -> Outcome:
        """Answer as the server would."""
        if call.server == "retrieval":
            return self._read(call)
        result = await self.sandbox.call_tool(call.tool, dict(call.arguments), read_timeout_seconds=600)
        data: dict[str, Any] = dict(result.structured_content or {})
        words = " ".join(getattr(part, "text", "") for part in result.content)
        if call.tool == "try_edits" and not result.is_error:
            passed = [number for number, each in enumerate(data["results"], 1) if each["status"] == "passed"]
            self.first = self.first or (self.tried + passed[0] if passed else 0)
            self.tried += data["tried"]
        return Outcome(call, not result.is_error, words, data)

    def _read(self, call: Call) -> Outcome:
        path = call.arguments["path"]
        lines = self.store.read(call.arguments["tree"], path).decode().split("\n")
        lines = lines if lines[-1] else lines[:-1]
        data = {"path": path, "start": 1, "end": len(lines), "total": len(lines), "text": "\n".join(lines)}
        return Outcome(call, True, data["text"], data)


@asynccontextmanager
async def workbench(folder: Path) -> AsyncIterator[Workbench]:
    """A workbench with the strongest isolation that works here."""
    store = ObjectStore(folder / "store")
    sandbox = await open_sandbox(store, Path(sys.executable), minimum="none", unsafe=True)
    try:
        async with Client(build(sandbox)) as client:
            yield Workbench(store, client)
    finally:
        sandbox.close()


def cpu_seconds() -> float:
    """What this process and those it waited for have used."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
