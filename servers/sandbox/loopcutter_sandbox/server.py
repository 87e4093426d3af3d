"""Offers the sandbox over MCP: `run_tests`, `run_command`, `try_edits`, `status`; the rest is in `offer`."""

from importlib.metadata import version
from typing import Annotated

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, ToolAnnotations
from pydantic import BaseModel, Field

from loopcutter_sandbox.answer import answer, explained
from loopcutter_sandbox.candidate import Candidate
from loopcutter_sandbox.offer import offer_workspaces
from loopcutter_sandbox.report import CommandResult, SandboxStatus, TestReport, Trial
from loopcutter_sandbox.sandbox import Progress, Sandbox
from loopcutter_sandbox.trial import try_edits
from loopcutter_sandbox.wishes import Wishes

_INSTRUCTIONS = (
    "Runs tests, commands and candidate edits of a tree that was published to this server, each in a throw-away copy "
    "without network. Nothing that runs here changes the tree. A workspace, opened with restore, keeps what runs "
    "change in it: checkpoint, restore and diff work on it."
)
_RUNS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Tree = Annotated[
    str,
    Field(description="Hash of a tree, as publishing it returned, or of a checkpoint.", pattern=r"^([0-9a-f]{40})?$"),
]
Place = Annotated[str, Field(description="A workspace that restore has opened, instead of a tree.", max_length=100)]
Base = Annotated[
    str,
    Field(
        description="A tree whose tests and test settings count, whatever has become of them; those that differ are "
        "named.",
        pattern=r"^([0-9a-f]{40})?$",
    ),
]
TestIds = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=2000)]],
    Field(description="Ids of tests, as run_tests gives them; also classes, files and folders.", max_length=10_000),
]
Seconds = Annotated[float, Field(description="Everything is killed after this long.", gt=0, le=3600)]
Command = Annotated[str, Field(max_length=20_000)]


class CandidateIn(BaseModel):
    """One candidate edit."""

    id: str = Field(description="Any name for it.", max_length=200)
    path: str = Field(description="File within the tree.", max_length=1000)
    start: int = Field(description="First byte that is replaced, counted from 0.", ge=0)
    end: int = Field(description="The byte after the last one that is replaced.", ge=0)
    text: str = Field(description="What takes their place.", max_length=200_000)
    weight: float = Field(description="How likely it is, compared with the others.", default=1, gt=0, le=1e9)
    weighs: list[str] = Field(
        description="Ids of those of which it only tells what they are worth, by `weights …` in its failure.",
        default=[],
        max_length=5000,
    )
    tests: list[str] = Field(
        description="If it weighs others: what it runs, in this order.", default=[], max_length=100
    )

    def read(self) -> Candidate:
        """The candidate itself."""
        place = self.id, self.path, self.start, self.end, self.text
        return Candidate(*place, weight=self.weight, weighs=tuple(self.weighs), tests=tuple(self.tests))


def build(sandbox: Sandbox) -> MCPServer:
    """The server. Whoever opened `sandbox` closes it."""
    server = MCPServer(
        "loopcutter-sandbox",
        title="Sandbox",
        version=version("loopcutter"),
        instructions=_INSTRUCTIONS,
        log_level="WARNING",
        subscriptions=False,
    )
    _offer_runs(server, sandbox)
    _offer_trial(server, sandbox)
    offer_workspaces(server, sandbox)
    return server


def _offer_runs(server: MCPServer, sandbox: Sandbox) -> None:
    @server.tool(title="Run tests", annotations=_RUNS)
    async def run_tests(
        ctx: Context,
        tree: Tree = "",
        command: Annotated[Command, Field(description="Test command; empty for pytest with its defaults.")] = "",
        tests: TestIds = [],  # noqa: B006 - never changed; the schema shows the default
        coverage: Annotated[bool, Field(description="Also tell which lines each test executed.")] = False,
        timeout_s: Seconds = 120,
        workspace: Place = "",
        base: Base = "",
        show_locals: Annotated[bool, Field(description="Also tell the values of variables at failures.")] = False,
        stop_at_first: Annotated[bool, Field(description="End at the first failure.")] = False,
        failed_first: Annotated[bool, Field(description="Begin with the tests that failed last time.")] = False,
        test_timeout_s: Annotated[float, Field(description="Bound for each test; 0 for none.", ge=0, le=3600)] = 0,
    ) -> Annotated[CallToolResult, TestReport]:
        """Run the tests of a tree: which passed, which failed and why, with the frames inside the project.

        Give a tree, and everything is thrown away afterwards, or a workspace, which keeps what the tests change.
        """
        wishes = Wishes(coverage, show_locals, stop_at_first, failed_first, test_timeout_s)
        progress = _progress(ctx)
        with explained():
            report = await sandbox.run_tests(
                tree,
                command,
                tests,
                workspace=workspace,
                base=base,
                wishes=wishes,
                timeout_s=timeout_s,
                progress=progress,
            )
        return answer(_report_in_words(report), report)

    @server.tool(title="Run a command", annotations=_RUNS)
    async def run_command(
        command: Annotated[Command, Field(description="Shell command, run at the root of the tree.", min_length=1)],
        tree: Tree = "",
        timeout_s: Seconds = 60,
        workspace: Place = "",
    ) -> Annotated[CallToolResult, CommandResult]:
        """Run a shell command in a fresh copy of a tree, or in a workspace, which keeps what it changes. No network.

        A command that reaches for what lies outside of the workspace is not run; the answer says what to do instead.
        """
        with explained():
            result = await sandbox.run_command(tree, command, timeout_s, workspace=workspace)
        ending = "was killed: its time was over" if result.timed_out else f"ended with exit code {result.exit_code}"
        return answer(f"The command {ending} after {result.duration_s:.1f} s ({result.isolation}).", result)

    @server.tool(title="Show the isolation", annotations=_RUNS)
    async def status() -> Annotated[CallToolResult, SandboxStatus]:
        """Tell how runs are isolated here, what that leaves open, and what else was tried."""
        state = await sandbox.status()
        return answer(
            f"Isolation: {state.isolation}; not held back: {'; '.join(state.gaps) or 'nothing known'}.", state
        )


def _offer_trial(server: MCPServer, sandbox: Sandbox) -> None:
    @server.tool(title="Try edits", annotations=_RUNS)
    async def try_edits(
        tree: Annotated[Tree, Field(min_length=40)],
        tests: Annotated[TestIds, Field(min_length=1)],
        candidates: Annotated[list[CandidateIn], Field(max_length=5000)],
        ctx: Context,
        stop_after: Annotated[int, Field(description="Enough passing candidates.", ge=1, le=1000)] = 1,
        timeout_s: Seconds = 60,
    ) -> Annotated[CallToolResult, Trial]:
        """Try many small edits of a tree against some tests. Those that pass run again where none has left a trace."""
        edits = [each.read() for each in candidates]
        with explained():
            trial = await _try_edits(
                sandbox, tree, tests, edits, stop_after=stop_after, timeout_s=timeout_s, progress=_progress(ctx)
            )
        passing = ", ".join(trial.passing) or "none"
        return answer(f"{trial.tried} of {len(edits)} candidates tried; passing: {passing}.", trial)


_try_edits = try_edits


def _progress(ctx: Context) -> Progress:
    async def tell(done: int, total: int, words: str) -> None:
        await ctx.report_progress(done, total or None, words)

    return tell


def _report_in_words(report: TestReport) -> str:
    counts = {
        "passed": len(report.passed),
        "failed": len(report.failed),
        "errors": len(report.errors),
        "skipped": len(report.skipped),
    }
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "no tests"
    first = ""
    if report.failures:
        failure = report.failures[0]
        first = f"\n{failure.test}: {failure.exception}: {failure.message.splitlines()[0] if failure.message else ''}"
    return f"{report.status}: {told} in {report.duration_s:.1f} s ({report.isolation}).{first}"
