"""The tools for workspaces that stay: `checkpoint`, `restore`, `diff`, `cleanup`."""

from typing import Annotated

from mcp.server import MCPServer
from mcp.types import CallToolResult, ToolAnnotations
from pydantic import Field

from loopcutter_sandbox.answer import answer, explained
from loopcutter_sandbox.report import Cleanup, WorkspaceDiff, WorkspaceState
from loopcutter_sandbox.sandbox import Sandbox
from loopcutter_sandbox.session import Session

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_ADDS = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_REPLACES = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False)

Name = Annotated[str, Field(description="A workspace, as restore named it.", max_length=100)]
StateId = Annotated[str, Field(description="A checkpoint, a state, or the hash of a tree.", pattern=r"^[0-9a-f]{40}$")]
Scope = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=1000)]],
    Field(description="Only these folders and files of it; all by default.", max_length=1000),
]


def offer_workspaces(server: MCPServer, sandbox: Sandbox) -> None:
    """Offer them on `server`."""

    def told(session: Session, label: str = "") -> WorkspaceState:
        backend, now = sandbox.runner.backend, session.state
        return WorkspaceState(session.name, now.id, len(now.nodes), label, backend.isolation, backend.gaps)

    @server.tool(title="Open or put back a workspace", annotations=_REPLACES)
    async def restore(
        state: StateId,
        workspace: Name = "",
        scope: Scope = [],  # noqa: B006 - never changed; the schema shows the default
    ) -> Annotated[CallToolResult, WorkspaceState]:
        """Open a workspace in a state (a tree, a checkpoint), or put one that is open back into it, byte for byte.

        run_tests and run_command with a workspace keep the files they make there, until cleanup.
        """
        with explained():
            session = await sandbox.sessions.restore(workspace, state, scope)
        done = "is back in" if workspace else "was opened in"
        return answer(f"Workspace {session.name} {done} state {session.state.id}.", told(session))

    @server.tool(title="Keep a state", annotations=_ADDS)
    async def checkpoint(
        workspace: Name, label: Annotated[str, Field(description="A word on it, for people.", max_length=200)] = ""
    ) -> Annotated[CallToolResult, WorkspaceState]:
        """Keep the present state of a workspace, with the files that runs have made there, to come back to."""
        with explained():
            kept = await sandbox.sessions.checkpoint(workspace, label)
        return answer(f"Checkpoint {kept.id} of {workspace}.", told(sandbox.sessions.find(workspace), label))

    @server.tool(title="Compare a workspace", annotations=_READS)
    async def diff(
        workspace: Name,
        since: Annotated[str, Field(description="A state; by default the one it was opened in.", max_length=40)] = "",
    ) -> Annotated[CallToolResult, WorkspaceDiff]:
        """Tell which files of a workspace are different, and how."""
        with explained():
            found = await sandbox.sessions.diff(workspace, since)
        backend = sandbox.runner.backend
        difference = WorkspaceDiff(**vars(found), isolation=backend.isolation, gaps=backend.gaps)
        return answer(f"{len(found.files)} paths of {workspace} differ.\n{found.patch}".rstrip(), difference)

    @server.tool(title="Give up workspaces", annotations=_REPLACES)
    async def cleanup(workspace: Name = "") -> Annotated[CallToolResult, Cleanup]:
        """Give up a workspace with its checkpoints, or all of them."""
        with explained():
            names, checkpoints = await sandbox.sessions.cleanup(workspace)
        backend = sandbox.runner.backend
        given = Cleanup(tuple(names), checkpoints, backend.isolation, backend.gaps)
        return answer(f"Given up: {', '.join(names) or 'nothing'}.", given)
