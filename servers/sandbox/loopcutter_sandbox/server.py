"""Offers the sandbox over MCP: `run_tests`, `run_command`, `try_edits`, `status`."""

from importlib.metadata import version
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field, TypeAdapter

from loopcutter_sandbox.errors import SandboxError
from loopcutter_sandbox.report import CommandResult, SandboxStatus, TestReport, Trial
from loopcutter_sandbox.sandbox import Progress, Sandbox
from loopcutter_sandbox.trial import Candidate, try_edits
from loopcutter_snapshots import SnapshotError

_INSTRUCTIONS = (
    "Runs tests, commands and candidate edits of a tree that was published to this server, each in a throw-away copy "
    "without network. Nothing that runs here changes the tree."
)
_RUNS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Tree = Annotated[str, Field(description="Hash of the tree, as publishing it returned.", pattern=r"^[0-9a-f]{40}$")]
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
    return server


def _offer_runs(server: MCPServer, sandbox: Sandbox) -> None:
    @server.tool(title="Run tests", annotations=_RUNS)
    async def run_tests(
        tree: Tree,
        ctx: Context,
        command: Annotated[Command, Field(description="Test command; empty for pytest with its defaults.")] = "",
        tests: TestIds = [],  # noqa: B006 - never changed; the schema shows the default
        coverage: Annotated[bool, Field(description="Also tell which lines each test executed.")] = False,
        timeout_s: Seconds = 120,
    ) -> Annotated[CallToolResult, TestReport]:
        """Run the tests of a tree: which passed, which failed and why, with the frames inside the project."""
        with _explained():
            report = await sandbox.run_tests(
                tree, command, tests, coverage=coverage, timeout_s=timeout_s, progress=_progress(ctx)
            )
        return _result(_report_in_words(report), report)

    @server.tool(title="Run a command", annotations=_RUNS)
    async def run_command(
        tree: Tree,
        command: Annotated[Command, Field(description="Shell command, run at the root of the tree.", min_length=1)],
        timeout_s: Seconds = 60,
    ) -> Annotated[CallToolResult, CommandResult]:
        """Run a shell command in a fresh copy of a tree, without network. What it changes is thrown away.

        A command that reaches for what lies outside of the workspace is not run; the answer says what to do instead.
        """
        with _explained():
            result = await sandbox.run_command(tree, command, timeout_s)
        ending = "was killed: its time was over" if result.timed_out else f"ended with exit code {result.exit_code}"
        return _result(f"The command {ending} after {result.duration_s:.1f} s ({result.isolation}).", result)

    @server.tool(title="Show the isolation", annotations=_RUNS)
    async def status() -> Annotated[CallToolResult, SandboxStatus]:
        """Tell how runs are isolated here, what that leaves open, and what else was tried."""
        state = await sandbox.status()
        return _result(
            f"Isolation: {state.isolation}; not held back: {'; '.join(state.gaps) or 'nothing known'}.", state
        )


def _offer_trial(server: MCPServer, sandbox: Sandbox) -> None:
    @server.tool(title="Try edits", annotations=_RUNS)
    async def try_edits(
        tree: Tree,
        tests: Annotated[TestIds, Field(min_length=1)],
        candidates: Annotated[list[CandidateIn], Field(max_length=5000)],
        ctx: Context,
        stop_after: Annotated[int, Field(description="Enough passing candidates.", ge=1, le=1000)] = 1,
        timeout_s: Seconds = 60,
    ) -> Annotated[CallToolResult, Trial]:
        """Try many small edits of a tree against some tests. Those that pass are run once more from a fresh copy."""
        edits = [Candidate(each.id, each.path, each.start, each.end, each.text) for each in candidates]
        with _explained():
            trial = await _try_edits(
                sandbox, tree, tests, edits, stop_after=stop_after, timeout_s=timeout_s, progress=_progress(ctx)
            )
        passing = ", ".join(trial.passing) or "none"
        return _result(f"{trial.tried} of {len(edits)} candidates tried; passing: {passing}.", trial)


_try_edits = try_edits


class _explained:
    """What the subject raises, in words for the model."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, SandboxError | SnapshotError):
            raise ToolError(str(error)) from error


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


def _result(text: str, content: Any) -> CallToolResult:
    structured = TypeAdapter(type(content)).dump_python(content, mode="json")
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)
