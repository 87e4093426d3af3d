"""The sandbox: runs tests and commands of a tree under the backend that was chosen."""

import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread

from loopcutter_sandbox import verdict
from loopcutter_sandbox.admission import Admission, room
from loopcutter_sandbox.backends import Docker, for_this_system
from loopcutter_sandbox.changes import Changes
from loopcutter_sandbox.command import Shell, Suite, understand
from loopcutter_sandbox.errors import Refused, Unusable, ungrouped
from loopcutter_sandbox.guard import judge
from loopcutter_sandbox.interpreter import Interpreter
from loopcutter_sandbox.isolation import Backend, Choice, Isolating
from loopcutter_sandbox.limits import Limits
from loopcutter_sandbox.message import End, Message
from loopcutter_sandbox.output import readable, shown
from loopcutter_sandbox.place import WORKSPACE
from loopcutter_sandbox.process import Ended, LocalRunner, install_runner
from loopcutter_sandbox.report import CommandResult, Isolation, SandboxStatus, TestReport
from loopcutter_sandbox.results import Results
from loopcutter_sandbox.running import Runner
from loopcutter_sandbox.session import Sessions
from loopcutter_sandbox.state import States
from loopcutter_sandbox.wishes import Wishes
from loopcutter_sandbox.workspace import Work, Workspaces
from loopcutter_snapshots import ObjectStore

Progress = Callable[[int, int, str], Awaitable[None]]
"""Told how many of how many are done, and a word on it."""

_PROBE_S = 20.0
HEARTBEAT_S = 2.0
NO_WISHES = Wishes()
_REMEMBERED = 5_000
"""Failing tests."""


async def no_progress(done: int, total: int, words: str) -> None:
    """For callers that don't want to be told."""


@dataclass
class Sandbox:
    """Runs things of a tree, each in a workspace of its own."""

    trees: ObjectStore
    runner: Runner
    choice: Choice
    workspaces: Workspaces
    sessions: Sessions
    turns: Admission = field(default_factory=Admission)
    """How many runs there are at once; the others wait."""
    failing: dict[str, None] = field(default_factory=dict)
    """The tests that failed when they were last run, the latest last."""

    def close(self) -> None:
        """Remove all workspaces and whatever is kept ready."""
        self.runner.close()
        self.sessions.states.close()
        self.workspaces.close()

    async def status(self) -> SandboxStatus:
        """How runs are isolated here."""
        backend = self.runner.backend
        return SandboxStatus(backend.isolation, backend.gaps, self.runner.python, await self.choice.status())

    async def run_tests(
        self,
        tree: str,
        command: str = "",
        tests: Iterable[str] = (),
        *,
        workspace: str = "",
        base: str = "",
        wishes: Wishes = NO_WISHES,
        timeout_s: float = 120,
        progress: Progress = no_progress,
    ) -> TestReport:
        """Run the tests of `tree`, or in `workspace`: those of `tests`, or those `command` names, or all.

        With a `base`, the tests and their settings are those of that tree, whatever has become of them.
        """
        asked = understand(command)
        if isinstance(asked, Shell):
            self._guard(asked.command)
        async with self.sessions.at(tree, workspace) as start, self.turns:
            work, restored = await anyio.to_thread.run_sync(self.sessions.with_tests_of, start, base)
            if isinstance(asked, Shell):
                report, changes = await self._judge_command(work, asked.command, timeout_s)
            else:
                report, changes = await self.suite(work, asked, tuple(tests), wishes, timeout_s, progress)
            state = await self.sessions.take(workspace, changes)
            return replace(report, restored=restored, workspace=workspace, state=state)

    async def suite(
        self,
        work: Work,
        suite: Suite,
        tests: tuple[str, ...],
        wishes: Wishes = NO_WISHES,
        timeout_s: float = 120,
        progress: Progress = no_progress,
    ) -> tuple[TestReport, Changes | None]:
        """Run one suite, now, whatever else is running; the report, and what changed if `work` says to keep that."""
        request, results = self.asked(suite, tests, wishes)
        with ungrouped():
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_heartbeat, results, progress)
                ended = await self.runner.run(work, Limits(timeout_s), request, results.hear)
                tasks.cancel_scope.cancel()
        report = self.judged(work, results, ended)
        return (report if wishes.coverage else replace(report, coverage=None)), ended.changes

    def asked(self, suite: Suite, tests: tuple[str, ...], wishes: Wishes = NO_WISHES) -> tuple[dict[str, Any], Results]:
        """What a runner is told in order to run one suite, and who is to hear what it says."""
        results = Results(canaries=frozenset(f"test_{secrets.token_hex(3)}" for _ in range(3)))
        request = {
            "kind": "tests",
            "framework": suite.framework,
            "arguments": list(suite.arguments),
            "tests": list(tests),
            "first": list(self.failing) if wishes.failed_first else [],
            "canaries": sorted(results.canaries),
            **wishes.request(),
        }
        return request, results

    def judged(self, work: Work, results: Results, ended: Ended) -> TestReport:
        """The report of a run of a suite that is over."""
        self._remember(results)
        return verdict.of_tests(work.tree or "", results, ended, self.runner.backend)

    def _remember(self, results: Results) -> None:
        """Which tests fail at present."""
        for test, outcome in results.outcomes.items():
            self.failing.pop(test, None)
            if outcome in ("failed", "error"):
                self.failing[test] = None
        for test in list(self.failing)[:-_REMEMBERED]:
            del self.failing[test]

    async def run_command(
        self, tree: str, command: str, timeout_s: float = 60, *, workspace: str = ""
    ) -> CommandResult:
        """Run a shell command in a fresh copy of `tree`, or in `workspace`, which keeps what it changes."""
        self._guard(command)
        async with self.sessions.at(tree, workspace) as work, self.turns:
            result, changes = await self._command(work, command, timeout_s)
            state = await self.sessions.take(workspace, changes)
            left_out = changes.left_out[:100] if changes is not None else ()
            return replace(result, workspace=workspace, state=state, left_out=tuple(map(shown, left_out)))

    def _guard(self, command: str) -> None:
        """Turn away what should not even be tried, and, where nothing isolates, what can't be read."""
        found = judge(command, WORKSPACE)
        if found.verdict == "block":
            raise Refused(f"The command was not run (rule {found.rule}): {found.why}.")
        if found.verdict == "opaque" and self.runner.backend.isolation == "none":
            raise Refused(
                f"The command was not run (rule {found.rule}), for nothing is isolated here and it can't be checked: "
                f"{found.why}."
            )

    async def _command(self, work: Work, command: str, timeout_s: float) -> tuple[CommandResult, Changes | None]:
        ended = await self.runner.run(work, Limits(timeout_s), {"kind": "command", "command": command})
        return verdict.of_command(ended, self.runner.backend), ended.changes

    async def _judge_command(self, work: Work, command: str, timeout_s: float) -> tuple[TestReport, Changes | None]:
        result, changes = await self._command(work, command, timeout_s)
        return verdict.as_test(result, work.tree or ""), changes


async def _heartbeat(results: Results, progress: Progress) -> None:
    started = time.monotonic()
    while True:
        await anyio.sleep(HEARTBEAT_S)
        done, total = len(results.outcomes), max(len(results.collected), len(results.outcomes))
        await progress(done, total, f"{done} of {total} tests after {time.monotonic() - started:.0f} s")


@dataclass
class _Probe:
    """Opens a backend and runs the runner's own small check under it."""

    open: Callable[[Isolating], Awaitable[Runner]]
    opened: dict[int, Runner] = field(default_factory=dict)

    async def __call__(self, backend: Isolating) -> None:
        runner = await self.open(backend)
        heard: list[Message] = []
        try:
            ended = await runner.run(Work(None), Limits(_PROBE_S), {"kind": "probe"}, heard.append)
        except BaseException:
            runner.close()
            raise
        if any(isinstance(message, End) for message in heard) and ended.exit_code == 0:
            self.opened[id(backend)] = runner
            return
        runner.close()
        words = readable(ended.stderr.text().encode()).strip().splitlines()
        said = words[-1] if words else "no reason given"
        raise Unusable(f"its probe failed with exit code {ended.exit_code}: {said}")


async def open_sandbox(
    trees: ObjectStore,
    python: Path,
    *,
    minimum: Isolation = "landlock",
    unsafe: bool = False,
    backends: Iterable[Isolating] | None = None,
    folder: Path | None = None,
) -> Sandbox:
    """Choose the strongest backend that works and be ready to run; `folder` is where workspaces are made."""
    interpreter = await anyio.to_thread.run_sync(Interpreter.inspect, python)
    async with AsyncExitStack() as undo:
        workspaces = await anyio.to_thread.run_sync(Workspaces, trees, folder)
        undo.callback(workspaces.close)
        states = await anyio.to_thread.run_sync(States, trees.path, workspaces.folder)
        undo.callback(states.close)
        workspaces.layouts.trees = states.trees
        available = tuple(backends) if backends is not None else for_this_system(unsafe=unsafe)
        code = await anyio.to_thread.run_sync(install_runner, interpreter, workspaces.folder)

        async def opened(backend: Isolating) -> Runner:
            if isinstance(backend, Docker):
                return await backend.open(states.trees, workspaces.folder)
            assert isinstance(backend, Backend)
            return LocalRunner(backend, interpreter, code, workspaces)

        probe = _Probe(opened)
        choice = Choice(available, probe, minimum, unsafe)
        runner = probe.opened[id(await choice.strongest())]
        undo.pop_all()
        turns = Admission(room(Limits(1).total_bytes))
        return Sandbox(states.trees, runner, choice, workspaces, Sessions(states), turns)
