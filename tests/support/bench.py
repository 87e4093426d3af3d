"""A workplace for models, in memory but for git: the real vcs and the real guard, tests run by importing the code.

Tests are the functions of the files in `tests/`; their names are told with the path.

It is a toolbox like the one of a run, so the agent's loop can't tell it from real servers; only much faster.
"""

import ast
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mcp import Client

from loopcutter_host.connections import outcome
from loopcutter_host.guard import Loopguard
from loopcutter_loopguard.events import Call, Outcome
from loopcutter_loopguard.server import build
from support.desk import Desk, desk
from support.library import Library
from support.repository import make_repository


@dataclass
class Bench:
    """The servers of a run."""

    desk: Desk
    guard_server: Client
    calls: list[str] = field(default_factory=list)
    """`server.tool` of every call, in order."""
    ran: int = 0
    """How often the tests were run."""

    async def call(self, call: Call) -> Outcome:
        self.calls.append(f"{call.server}.{call.tool}")
        match call.server:
            case "vcs" if call.tool == "publish":
                return outcome(call, True, "published", {})
            case "vcs":
                return await self._over_mcp(self.desk.client, call)
            case "loopguard":
                return await self._over_mcp(self.guard_server, call)
            case "retrieval":
                return await self._retrieve(call)
        data = self._run_tests(self.files(call.arguments["tree"]), call.arguments.get("tests") or ())
        return outcome(call, True, data["status"], {**data, "tree": call.arguments["tree"]})

    async def guard(self, ladder: tuple[str, ...]) -> Loopguard:
        """The guard of one run."""
        return await Loopguard.begin(self, "r1", ladder)

    def files(self, tree: str) -> dict[str, str]:
        """Path → content of a tree, as it is in git."""
        return {path: self.desk.content(tree, path).decode() for path in self.desk.entries(tree)}

    async def _over_mcp(self, client: Client, call: Call) -> Outcome:
        result = await client.call_tool(call.tool, dict(call.arguments))
        words = "\n".join(getattr(part, "text", "") for part in result.content)
        return outcome(call, not result.is_error, words, dict(result.structured_content or {}))

    async def _retrieve(self, call: Call) -> Outcome:
        tree = call.arguments["tree"]
        library = Library(self.files(tree), (tree,))
        if call.tool == "index":
            return outcome(call, True, "indexed", {"tree": tree})
        if call.tool not in ("search", "locate"):
            return await library.call(call)
        everywhere = (await library.call(Call("retrieval", "search", {"tree": tree, "query": ""}))).data["places"]
        places = [{**place, "why": "word"} for place in everywhere if not place["path"].startswith("tests/")]
        return outcome(call, True, "found", {"places": places, "files": []})

    def _run_tests(self, files: Mapping[str, str], chosen: Sequence[str]) -> dict[str, Any]:
        self.ran += 1
        failures: dict[str, dict[str, Any]] = {}
        passed: list[str] = []
        for file in sorted(path for path in files if path.startswith("tests/test_")):
            scope = _scope(files, file)
            for name in [node.name for node in ast.parse(files[file]).body if isinstance(node, ast.FunctionDef)]:
                test = f"{file}::{name}"
                if chosen and test not in chosen and file not in chosen:
                    continue
                failure = _failure(test, scope[name])
                if failure is None:
                    passed.append(test)
                else:
                    failures[test] = failure
        return {
            "status": "failed" if failures else "passed" if passed else "no-tests",
            "passed": passed,
            "failed": list(failures),
            "errors": [],
            "failures": list(failures.values()),
            "duration_s": 0.01,
            "isolation": "none",
            "coverage": None,
        }


def _scope(files: Mapping[str, str], test_file: str) -> dict[str, Any]:
    """The names of the code and of one file of tests, in one namespace."""
    scope: dict[str, Any] = {}
    code = sorted(path for path in files if path.endswith(".py") and not path.startswith("tests/"))
    for path in (*code, test_file):
        exec(compile(files[path].replace("from parking", "# from parking"), path, "exec"), scope)
    return scope


def _failure(test: str, run: Callable[[], object]) -> dict[str, Any] | None:
    try:
        run()
    except Exception as error:
        frames = []
        at = error.__traceback__
        while at is not None:
            code = at.tb_frame.f_code
            if code.co_filename.endswith(".py") and not code.co_filename.startswith("/"):
                frames.append({"path": code.co_filename, "line": at.tb_lineno, "function": code.co_name, "code": ""})
            at = at.tb_next
        last = frames[-1] if frames else {"path": test.partition("::")[0], "line": 1}
        return {
            "test": test,
            "exception": type(error).__name__,
            "message": str(error),
            "file": last["path"],
            "line": last["line"],
            "frames": frames,
        }
    return None


@asynccontextmanager
async def bench(folder: Path, files: Mapping[str, str]) -> AsyncIterator[Bench]:
    """A workplace over a fresh repository with these files."""
    repository = make_repository(folder / "repository", files)
    async with desk(repository, folder / "store") as opened, Client(build()) as guard:
        yield Bench(opened, guard)
