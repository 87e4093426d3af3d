"""A toolbox in memory: vcs, sandbox and retrieval over one small file, without a process, a disk or a network.

The project under work is one Python file that defines `answer()`. Its tests are named conditions on what that returns.
"""

import ast
import difflib
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loopcutter_host.connections import outcome
from loopcutter_loopguard.events import Call, Outcome

PATH = "answer.py"
TEST_FILE = "test_answer.py"


@dataclass
class Workshop:
    """Answers the calls of a run. `conditions` maps a test's name to what must hold of `answer()`."""

    source: str
    conditions: Mapping[str, Callable[[Any], bool]]
    calls: list[str] = field(default_factory=list)
    """`server.tool` of every call, in order."""
    best: str = ""
    """The checkpoint that was marked as the best."""
    further: Sequence[Mapping[str, Any]] = ()
    """Places that retrieval names only to one who says what was tried already."""
    tried: list[Sequence[str]] = field(default_factory=list)
    """What it was told of that."""
    _states: list[str] = field(default_factory=list)

    async def call(self, call: Call) -> Outcome:
        self.calls.append(f"{call.server}.{call.tool}")
        answer = getattr(self, f"_{call.server}_{call.tool}")(**call.arguments)
        if isinstance(answer, str):
            return outcome(call, False, answer, {})
        return outcome(call, True, str(answer.get("status", "done")), answer)

    def _checkpoint(self) -> dict[str, Any]:
        self._states.append(self.source)
        tree = hashlib.sha1(self.source.encode()).hexdigest()
        return {"id": f"c{len(self._states) - 1}", "tree": tree}

    def _vcs_open(self, repository: str = "", **_: str) -> dict[str, Any]:
        return {"workspace": "w0", "base": self._checkpoint(), "warnings": []}

    def _vcs_publish(self, workspace: str, remote: str) -> dict[str, Any]:
        return {"remote": remote}

    def _vcs_edit(self, workspace: str, edits: list[dict[str, Any]], **_: str) -> dict[str, Any] | str:
        before = self.source
        for edit in edits:
            if edit["search"] not in self.source:
                self.source = before
                return f"{edit['search']!r} is not in {PATH}. Read the file again."
            self.source = self.source.replace(edit["search"], edit["replace"], 1)
        return {"checkpoint": self._checkpoint(), "changed": [PATH], "diff": _unified(before, self.source)}

    def _vcs_diff(self, workspace: str, base: str = "c0", to: str = "", normalised: bool = False) -> dict[str, Any]:
        before, after = (self._states[int(name[1:])] if name else self.source for name in (base, to))
        unified = _unified(ast.unparse(ast.parse(before)), ast.unparse(ast.parse(after)))
        changed = [{"path": PATH, "symbol": "answer", "change": "changed"}] if unified else []
        return {
            "files": [{"path": PATH, "added": 1, "removed": 1}] if unified else [],
            "unified": unified,
            "symbols": changed,
        }

    def _vcs_checkpoint(self, workspace: str, checkpoint: str, best: bool, **_: str) -> dict[str, Any]:
        self.best = checkpoint
        return {"id": checkpoint, "tree": hashlib.sha1(self._states[int(checkpoint[1:])].encode()).hexdigest()}

    def _vcs_rollback(self, workspace: str, checkpoint: str, **_: str) -> dict[str, Any]:
        self.source = self._states[int(checkpoint[1:])]
        return {"restored": {"id": checkpoint, "tree": hashlib.sha1(self.source.encode()).hexdigest()}}

    def _retrieval_index(self, tree: str) -> dict[str, Any]:
        return {"tree": tree}

    def _retrieval_locate(
        self, tree: str, issue: str, failures: list[Any], limit: int, tried: Sequence[str] = ()
    ) -> dict[str, Any]:
        place = {"path": PATH, "symbol": "answer", "lines": [1, 2], "score": 1.0, "why": "the only place"}
        if tried:
            self.tried.append(tried)
        places = list(self.further) if f"{PATH}::answer" in tried else [place]
        return {"places": places, "files": [], "paths": [PATH], "left_out": int(bool(tried))}

    def _retrieval_neighbors(self, tree: str, symbol: str) -> dict[str, Any]:
        return {"tests": []}

    def _retrieval_search(self, tree: str, query: str, limit: int) -> dict[str, Any]:
        return {"places": []}

    def _sandbox_run_tests(self, tree: str, tests: list[str], **options: Any) -> dict[str, Any]:
        scope: dict[str, Any] = {}
        exec(self.source, scope)
        result = scope["answer"]()
        names = [f"{TEST_FILE}::{name}" for name in self.conditions]
        chosen = [name for name in names if not tests or name in tests]
        passed = [name for name in chosen if self.conditions[name.partition("::")[2]](result)]
        failed = [name for name in chosen if name not in passed]
        failures = [
            {"test": name, "exception": "AssertionError", "message": f"answer() is {result!r}"} for name in failed
        ]
        return {
            "status": "failed" if failed else "passed",
            "passed": passed,
            "failed": failed,
            "errors": [],
            "failures": failures,
            "duration_s": 0.01,
            "isolation": "none",
            "tree": tree,
            "coverage": None,
        }


def _unified(before: str, after: str) -> str:
    return "\n".join(
        difflib.unified_diff(before.splitlines(), after.splitlines(), f"a/{PATH}", f"b/{PATH}", lineterm="")
    )
