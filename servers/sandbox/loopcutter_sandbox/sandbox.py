"""The sandbox: runs tests and commands of a tree under the backend that was chosen."""

import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import anyio.to_thread

from loopcutter_sandbox.backends import for_this_system
from loopcutter_sandbox.command import Shell, Suite, understand
from loopcutter_sandbox.errors import Refused, Unusable
from loopcutter_sandbox.guard import judge
from loopcutter_sandbox.interpreter import Interpreter
from loopcutter_sandbox.isolation import Backend, Choice
from loopcutter_sandbox.limits import Limits
from loopcutter_sandbox.message import End, Message
from loopcutter_sandbox.output import readable
from loopcutter_sandbox.place import WORKSPACE
from loopcutter_sandbox.process import Ended, Runner, install_runner
from loopcutter_sandbox.report import CommandResult, Isolation, SandboxStatus, TestReport
from loopcutter_sandbox.results import Results, failure
from loopcutter_sandbox.traceback_text import last_failure
from loopcutter_sandbox.workspace import Change, Trees, Workspaces

Progress = Callable[[int, int, str], Awaitable[None]]
"""Told how many of how many are done, and a word on it."""

COMMAND = "command"
"""The one test id of a command that is judged by its exit code."""

_PROBE_S = 20.0
HEARTBEAT_S = 2.0


async def no_progress(done: int, total: int, words: str) -> None:
    """For callers that don't want to be told."""


@dataclass
class Sandbox:
    """Runs things of a tree, each in a workspace of its own."""

    trees: Trees
    runner: Runner
    choice: Choice
    workspaces: Workspaces
    turns: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(2))
    """How many runs there are at once; the others wait."""

    def close(self) -> None:
        """Remove all workspaces."""
        self.workspaces.close()

    async def status(self) -> SandboxStatus:
        """How runs are isolated here."""
        backend = self.runner.backend
        python = self.runner.interpreter.executable
        return SandboxStatus(backend.isolation, backend.gaps, python, await self.choice.status())

    async def run_tests(
        self,
        tree: str,
        command: str = "",
        tests: Iterable[str] = (),
        *,
        coverage: bool = False,
        timeout_s: float = 120,
        progress: Progress = no_progress,
    ) -> TestReport:
        """Run the tests of `tree`: those of `tests`, or those `command` names, or all."""
        known = await anyio.to_thread.run_sync(self.trees.resolve, tree)
        asked = understand(command)
        if isinstance(asked, Shell):
            self._guard(asked.command)
        async with self.turns:
            if isinstance(asked, Shell):
                return await self._judge_command(known, asked.command, timeout_s)
            return await self.suite(known, asked, tuple(tests), coverage, timeout_s, progress)

    async def suite(
        self,
        tree: str,
        suite: Suite,
        tests: tuple[str, ...],
        coverage: bool = False,
        timeout_s: float = 120,
        progress: Progress = no_progress,
        change: Change | None = None,
    ) -> TestReport:
        """Run one suite, now, whatever else is running."""
        results = Results()
        request = {
            "kind": "tests",
            "framework": suite.framework,
            "arguments": list(suite.arguments),
            "tests": list(tests),
            "coverage": coverage,
            "plugins": self.runner.interpreter.plugins,
        }
        async with self.workspaces.lease(tree, change) as folder, anyio.create_task_group() as tasks:
            tasks.start_soon(_heartbeat, results, progress)
            ended = await self.runner.run(folder, Limits(timeout_s), request, results.hear)
            tasks.cancel_scope.cancel()
        return self._report(tree, results, ended, coverage)

    def _report(self, tree: str, results: Results, ended: Ended, coverage: bool) -> TestReport:
        status = results.status(ended)
        failures = [failure(described, ended.shown) for described in results.failures]
        failures += results.unfinished_failure(status, ended)
        errors = dict.fromkeys((*results.of("error"), *results.errors))
        if status in ("timeout", "killed", "crashed", "error"):
            errors.update(dict.fromkeys([results.running] if results.running else results.unfinished[:50]))
        notes = [*results.notes, *_reason(status, results, ended)]
        backend = self.runner.backend
        return TestReport(
            status=status,
            passed=results.of("passed"),
            failed=results.of("failed"),
            errors=tuple(errors),
            skipped=results.of("skipped"),
            failures=tuple(failures),
            stdout=ended.shown(ended.stdout.text()),
            stderr="\n".join(
                filter(None, [*(f"[sandbox] {note}" for note in notes), ended.shown(ended.stderr.text())])
            ),
            exit_code=ended.exit_code,
            duration_s=round(ended.duration_s, 4),
            tree=tree,
            isolation=backend.isolation,
            gaps=backend.gaps,
            coverage=results.lines if coverage else None,
        )

    async def run_command(self, tree: str, command: str, timeout_s: float = 60) -> CommandResult:
        """Run a shell command in a fresh copy of `tree`."""
        known = await anyio.to_thread.run_sync(self.trees.resolve, tree)
        self._guard(command)
        async with self.turns:
            return await self._command(known, command, timeout_s)

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

    async def _command(self, tree: str, command: str, timeout_s: float) -> CommandResult:
        async with self.workspaces.lease(tree) as folder:
            ended = await self.runner.run(folder, Limits(timeout_s), {"kind": "command", "command": command})
        backend = self.runner.backend
        return CommandResult(
            exit_code=ended.exit_code,
            stdout=ended.shown(ended.stdout.text()),
            stderr=ended.shown(ended.stderr.text()),
            truncated=ended.stdout.truncated or ended.stderr.truncated,
            duration_s=round(ended.duration_s, 4),
            timed_out=ended.timed_out,
            isolation=backend.isolation,
            gaps=backend.gaps,
        )

    async def _judge_command(self, tree: str, command: str, timeout_s: float) -> TestReport:
        result = await self._command(tree, command, timeout_s)
        good = result.exit_code == 0
        bad = () if good else (last_failure(COMMAND, f"{result.stdout}\n{result.stderr}", result.exit_code),)
        killed = result.exit_code is None and not result.timed_out
        return TestReport(
            status="passed" if good else "timeout" if result.timed_out else "killed" if killed else "failed",
            passed=(COMMAND,) if good else (),
            failed=() if good else (COMMAND,),
            errors=(),
            skipped=(),
            failures=bad,
            stdout=result.stdout,
            stderr=result.stderr,
            exit_code=result.exit_code,
            duration_s=result.duration_s,
            tree=tree,
            isolation=result.isolation,
            gaps=result.gaps,
        )


def _reason(status: str, results: Results, ended: Ended) -> list[str]:
    where = f" while {results.running} was running" if results.running else ""
    match status:
        case "timeout":
            return [f"the time was over{where}; everything was killed"]
        case "killed":
            return [f"it was killed for using more than it may (output, CPU time or memory){where}"]
        case "crashed":
            return [
                f"it ended without a complete report{where}, with exit code {ended.exit_code}; nothing it said counts"
            ]
    return []


async def _heartbeat(results: Results, progress: Progress) -> None:
    started = time.monotonic()
    while True:
        await anyio.sleep(HEARTBEAT_S)
        done, total = len(results.outcomes), max(len(results.collected), len(results.outcomes))
        await progress(done, total, f"{done} of {total} tests after {time.monotonic() - started:.0f} s")


@dataclass(frozen=True)
class _Probe:
    """Runs the runner's own small check under a backend."""

    interpreter: Interpreter
    code: Path
    workspaces: Workspaces

    async def __call__(self, backend: Backend) -> None:
        heard: list[Message] = []
        async with self.workspaces.lease(None) as folder:
            ended = await Runner(backend, self.interpreter, self.code).run(
                folder, Limits(_PROBE_S), {"kind": "probe"}, heard.append
            )
        if not any(isinstance(message, End) for message in heard) or ended.exit_code != 0:
            words = readable(ended.stderr.text().encode()).strip().splitlines()
            said = words[-1] if words else "no reason given"
            raise Unusable(f"its probe failed with exit code {ended.exit_code}: {said}")


async def open_sandbox(
    trees: Trees,
    python: Path,
    *,
    minimum: Isolation = "landlock",
    unsafe: bool = False,
    backends: Iterable[Backend] | None = None,
    folder: Path | None = None,
) -> Sandbox:
    """Choose the strongest backend that works and be ready to run; `folder` is where workspaces are made."""
    interpreter = await anyio.to_thread.run_sync(Interpreter.inspect, python)
    async with AsyncExitStack() as undo:
        workspaces = await anyio.to_thread.run_sync(Workspaces, trees, folder)
        undo.callback(workspaces.close)
        available = tuple(backends) if backends is not None else for_this_system(unsafe=unsafe)
        code = await anyio.to_thread.run_sync(install_runner, interpreter, workspaces.folder)
        choice = Choice(available, _Probe(interpreter, code, workspaces), minimum, unsafe)
        runner = Runner(await choice.strongest(), interpreter, code)
        undo.pop_all()
        return Sandbox(trees, runner, choice, workspaces)
