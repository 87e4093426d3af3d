"""The tools of the vcs server: a thin skin over `Workshop` and `Workspace`."""

import functools
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import anyio.from_thread
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from loopcutter_snapshots import SnapshotError
from loopcutter_vcs.applying import Applied
from loopcutter_vcs.checkpoint import Checkpoint
from loopcutter_vcs.diff import Diff
from loopcutter_vcs.errors import VcsError, several
from loopcutter_vcs.housekeeping import DAYS, MEGABYTES, Collected, Limits
from loopcutter_vcs.kinds import Edit
from loopcutter_vcs.listing import BriefServer
from loopcutter_vcs.progress import Progress
from loopcutter_vcs.publishing import Published, Remotes
from loopcutter_vcs.workshop import Opened, Status, Workshop
from loopcutter_vcs.workspace import EditReport, History, Rollback

_INSTRUCTIONS = """\
Keeps the states of a repository while it is being changed. `open` copies the user's working tree into a workspace;
edits happen there and each leaves a checkpoint that `rollback` can restore. The user's repository stays untouched
until `apply`.
"""

Handle = Annotated[str, Field(description="Handle from open")]
Chosen = Annotated[str, Field(description="Handle of a checkpoint, or base, best; empty: the current one")]
Key = Annotated[str, Field(description="Done once per key", max_length=200)]

_SYMBOLS = 30
"""Named in the text of a diff; all of them are in its facts."""

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True)
class Finished:
    """An attempt that was closed."""

    workspace: str
    removed: bool
    """False when it had been closed before."""


def build(
    store: Path, repositories: Mapping[str, Path], remotes: Remotes | None = None, *, init: bool = False
) -> MCPServer:
    """The server: workspaces of `repositories` (by name), kept under `store`, published to `remotes`.

    With `init`, a folder that is no repository is made one when it is opened.
    """
    workshop = Workshop(store, repositories, init=init)

    @asynccontextmanager
    async def running(server: MCPServer) -> AsyncIterator[None]:
        try:
            yield
        finally:
            workshop.close()

    server = BriefServer(
        "loopcutter-vcs",
        title="Loopcutter version control",
        version=version("loopcutter"),
        instructions=_INSTRUCTIONS,
        lifespan=running,
        subscriptions=False,
        log_level="WARNING",
    )
    tools = Tools(workshop, remotes or Remotes({}))
    for tool, title, annotations in (
        (tools.open, "Open a workspace", _hints()),
        (tools.checkpoint, "Remember the current state", _hints()),
        (tools.edit, "Edit files", _hints()),
        (tools.diff, "Show what changed", _hints(read_only=True)),
        (tools.history, "List the checkpoints", _hints(read_only=True)),
        (tools.rollback, "Return to a checkpoint", _hints(idempotent=True)),
        (tools.publish, "Send a snapshot to another server", _hints(idempotent=True, open_world=True)),
        (tools.apply, "Bring the changes to the user's repository", _hints(destructive=True)),
        (tools.finish, "Close a workspace", _hints(idempotent=True)),
        (tools.gc, "Throw away old workspaces", _hints(destructive=True, idempotent=True)),
        (tools.status, "Show what is kept", _hints(read_only=True)),
    ):
        server.add_tool(tool, title=title, annotations=annotations)
    return server


def _hints(
    *, read_only: bool = False, destructive: bool = False, idempotent: bool = False, open_world: bool = False
) -> ToolAnnotations:
    return ToolAnnotations(
        read_only_hint=read_only,
        destructive_hint=destructive,
        idempotent_hint=idempotent or read_only,
        open_world_hint=open_world,
    )


def _told(tool: Callable[_P, _R]) -> Callable[_P, _R]:
    """Turn what can go wrong into words for the model; other exceptions would reach it without any."""

    @functools.wraps(tool)
    def telling(*arguments: _P.args, **options: _P.kwargs) -> _R:
        try:
            return tool(*arguments, **options)
        except (VcsError, SnapshotError) as error:
            raise ToolError(str(error)) from error
        except (OSError, sqlite3.Error) as error:
            raise ToolError(f"the store can't be used ({error}): check the disk and its permissions") from error

    return telling


@dataclass(frozen=True)
class Tools:
    """One method a tool. They run in worker threads; `Context` is only asked for where work can take a while."""

    workshop: Workshop
    remotes: Remotes

    @_told
    def open(
        self,
        ctx: Context,
        repository: Annotated[
            str, Field(description="Name of a repository of this server; empty for the only one")
        ] = "",
        files: Annotated[bool, Field(description="Also lay the files out in a folder, to be changed there")] = False,
        idempotency_key: Key = "",
    ) -> Annotated[CallToolResult, Opened]:
        """Take the user's working tree, uncommitted changes included, into a new workspace. The user's files,
        index and branches are not touched."""
        opened = self.workshop.open(repository, _progress(ctx), files=files, key=idempotency_key)
        remarks = "".join(f"\nWarning: {warning}" for warning in opened.warnings)
        return _result(
            f"Workspace {opened.workspace} of {opened.repository}, tree {opened.base.tree}.{remarks}", opened
        )

    @_told
    def checkpoint(
        self,
        workspace: Handle,
        label: Annotated[str, Field(description="A word on why", max_length=200)] = "",
        checkpoint: Annotated[str, Field(description="An existing one, to mark it instead of making one")] = "",
        best: Annotated[bool, Field(description="Mark it as the best state so far")] = False,
        idempotency_key: Key = "",
    ) -> Annotated[CallToolResult, Checkpoint]:
        """Remember the state of all files of a workspace, to return to it later. Edits do this by themselves. One
        checkpoint can be marked as the best: that word then stands for it in other tools."""
        made = self.workshop.find(workspace).checkpoint(label, checkpoint, best=best, key=idempotency_key)
        return _result(f"Checkpoint {made.id}, tree {made.tree}{', the best so far' * best}.", made)

    @_told
    def edit(
        self,
        workspace: Handle,
        edits: Annotated[list[Edit], Field(min_length=1, max_length=200)],
        idempotency_key: Key = "",
    ) -> Annotated[CallToolResult, EditReport]:
        """Change files of a workspace: all edits are made, or none. Text to replace is found exactly, else by its
        lines with other whitespace or indentation, else by similarity; the report says how. An edit that is
        ambiguous, or after which Python no longer parses, is refused. Leaves a checkpoint."""
        report = self.workshop.find(workspace).edit(edits, idempotency_key)
        changed = (
            f"Changed {several(report.changed)}" if report.changed else "Changed nothing: the files were so already"
        )
        return _result(f"{changed}. Checkpoint {report.checkpoint.id}, tree {report.checkpoint.tree}.", report)

    @_told
    def diff(
        self,
        workspace: Handle,
        base: Annotated[str, Field(description="Handle of a checkpoint; empty: the state that was opened")] = "",
        to: Chosen = "",
        normalised: Annotated[bool, Field(description="Without comments and formatting")] = False,
    ) -> Annotated[CallToolResult, Diff]:
        """Show the changed lines, Python classes and functions. Of another workspace, name WORKSPACE:CHECKPOINT."""
        difference = self.workshop.find(workspace).diff(base, to, normalised=normalised)
        symbols = [f"\n{symbol.change}: {symbol.symbol} ({symbol.path})" for symbol in difference.symbols[:_SYMBOLS]]
        return _result(difference.stat + "".join(symbols), difference)

    @_told
    def history(
        self, workspace: Handle, limit: Annotated[int, Field(ge=1, le=1000)] = 50
    ) -> Annotated[CallToolResult, History]:
        """List the newest checkpoints of a workspace, and which of them is the base, the current and the best."""
        history = self.workshop.find(workspace).history(limit)
        shown = [f"\n{made.id} {made.label}" for made in history.checkpoints]
        return _result(f"{len(shown) + history.older} checkpoints, now at {history.current}.{''.join(shown)}", history)

    @_told
    def rollback(
        self,
        workspace: Handle,
        checkpoint: Annotated[str, Field(description="Its handle, or base, best")],
        idempotency_key: Key = "",
    ) -> Annotated[CallToolResult, Rollback]:
        """Make all files of a workspace what they were at a checkpoint. The state that is left gets a checkpoint of
        its own, so that this can be undone."""
        done = self.workshop.find(workspace).rollback(checkpoint, idempotency_key)
        return _result(f"Back at {done.restored.id}, tree {done.restored.tree}. {done.undo.id} undoes it.", done)

    @_told
    def publish(
        self,
        workspace: Handle,
        remote: Annotated[str, Field(description="Name of a server: sandbox, retrieval")],
        ctx: Context,
        checkpoint: Chosen = "",
        idempotency_key: Key = "",
    ) -> Annotated[CallToolResult, Published]:
        """Send the files of a checkpoint to another server, which then knows them by the hash of their tree. Only
        what it does not have yet is sent."""
        published = self.workshop.publish(
            workspace, self.remotes, remote, checkpoint, _progress(ctx), key=idempotency_key
        )
        return _result(f"{remote} has tree {published.tree}.", published)

    @_told
    def apply(
        self,
        workspace: Handle,
        checkpoint: Chosen = "",
        branch: Annotated[str, Field(description="Make this new branch instead of changing the working tree")] = "",
        message: Annotated[str, Field(description="Commit message, with branch")] = "",
        idempotency_key: Key = "",
    ) -> Annotated[CallToolResult, Applied]:
        """Merge what changed since the workspace was opened into the user's working tree as it is now, or commit it
        to a new branch. With a conflict nothing is written, and the files in conflict are named."""
        applied = self.workshop.apply(workspace, checkpoint, branch, message, idempotency_key)
        return _result(_what_was_applied(applied), applied, failed=bool(applied.conflicts))

    @_told
    def finish(self, workspace: Handle, idempotency_key: Key = "") -> Annotated[CallToolResult, Finished]:
        """Close a workspace: its files are taken down, its checkpoints can still be compared, published and applied."""
        removed = self.workshop.finish(workspace, idempotency_key)
        return _result(
            f"{workspace} is closed." if removed else f"{workspace} was closed before.", Finished(workspace, removed)
        )

    @_told
    def gc(
        self,
        older_than_days: Annotated[float, Field(ge=0, description="Not used for so long")] = DAYS,
        larger_than_mb: Annotated[float, Field(ge=0, description="The oldest go until no more is kept")] = MEGABYTES,
        idempotency_key: Key = "",
    ) -> Annotated[CallToolResult, Collected]:
        """Forget workspaces that were not used for long, and what killed servers left. The user's files are not
        looked at; workspaces used within the hour stay."""
        done = self.workshop.collect(Limits(older_than_days, larger_than_mb), idempotency_key)
        freed = (done.bytes_before - done.bytes_after) / 1_000_000
        return _result(f"Forgot {len(done.workspaces)} workspaces; {freed:.1f} MB less on disk.", done)

    @_told
    def status(self) -> Annotated[CallToolResult, Status]:
        """Show the repositories of this server, the workspaces it keeps, and how much room they take."""
        status = self.workshop.status()
        kept = f"{len(status.workspaces)} workspaces of {', '.join(status.repositories)}"
        return _result(f"{kept}, {status.bytes / 1_000_000:.1f} MB.", status)


def _what_was_applied(applied: Applied) -> str:
    if applied.conflicts:
        return (
            f"Nothing was written, because the user changed the same places of {several(applied.conflicts)}: "
            "apply to a branch and merge it there, or open a new workspace"
        )
    if not applied.changed:
        return "Nothing to write: the user's files are so already."
    where = f"branch {applied.branch}, commit {applied.commit}" if applied.branch else "the working tree"
    return f"Applied to {where}: {several(applied.changed)}."


def _result(text: str, facts: Any, *, failed: bool = False) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=asdict(facts), is_error=failed
    )


def _progress(ctx: Context) -> Progress:
    """Tell the client from the thread the tool runs in, and stop there when the client has cancelled."""

    def progress(done: float, total: float, what: str) -> None:
        anyio.from_thread.check_cancelled()
        anyio.from_thread.run(ctx.report_progress, done, total, what)

    return progress
