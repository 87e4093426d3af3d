"""Offers the judge over MCP: `begin`, `review`, `record`, `history`, `explain`, `reset`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from loopcutter_loopguard import wire
from loopcutter_loopguard.errors import LoopguardError, UnknownRun
from loopcutter_loopguard.events import Outcome, Verdict
from loopcutter_loopguard.policy import Policy, default
from loopcutter_loopguard.runs import Runs
from loopcutter_loopguard.store import Store

Handle = Annotated[str, Field(description="The handle that `begin` returned.", max_length=64)]

_INSTRUCTIONS = (
    "Judges whether an agent goes round in circles. Begin a run, ask `review` before every tool call, tell `record` "
    "what came of it. `warn` lets the call pass; `block`, `rollback` and `stop` mean: don't make it."
)
_ADDS = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def build(store: Store | None = None, policy: Policy | None = None) -> MCPServer:
    """The server. Without a store the history lives in memory only."""
    kept = store or Store(None)
    runs = Runs(kept, policy or default())

    @asynccontextmanager
    async def lifespan(server: MCPServer) -> AsyncIterator[None]:
        yield
        if store is None:
            kept.close()  # nobody else knows of it

    server = MCPServer(
        "loopcutter-loopguard",
        title="Loopguard",
        version=version("loopcutter"),
        instructions=_INSTRUCTIONS,
        log_level="WARNING",
        subscriptions=False,
        lifespan=lifespan,
    )
    _offer_judging(server, runs)
    _offer_looking(server, runs)
    return server


def _offer_judging(server: MCPServer, runs: Runs) -> None:
    @server.tool(title="Begin a run", annotations=_ADDS)
    async def begin(
        label: Annotated[str, Field(description="A name for people.", max_length=500)] = "",
        ladder: Annotated[
            list[str] | None,
            Field(
                description="Different approaches, forced one after the other; the policy's when left out.",
                max_length=50,
            ),
        ] = None,
    ) -> Annotated[CallToolResult, wire.Begun]:
        """Start judging a run of an agent. All other tools take the handle this returns."""
        run = runs.begin(label, tuple(ladder or ()))
        return _result(f"Run {run} has begun.", wire.Begun(run=run))

    @server.tool(title="Review a call", annotations=_ADDS)
    async def review(
        run: Handle,
        call: Annotated[wire.CallIn, Field(description="The tool call that is about to be made.")],
        text: Annotated[str, Field(description="What the agent says along with it.")] = "",
        force: Annotated[str, Field(description="A reason to overrule a veto; granted once a run and logged.")] = "",
    ) -> Annotated[CallToolResult, Verdict]:
        """Judge a tool call before it is made: allow, warn, block, rollback or stop. Without a tool, judge prose."""
        verdict = _known(lambda: runs.review(run, call.plain(), text, force))
        return _result(in_words(verdict), verdict)

    @server.tool(title="Record an outcome", annotations=_ADDS)
    async def record(
        run: Handle,
        outcome: Annotated[wire.OutcomeIn, Field(description="What came of the call.")],
        text: Annotated[str, Field(description="What the agent said along with it.")] = "",
    ) -> Annotated[CallToolResult, wire.Recorded]:
        """Tell the judge what came of a call: its text, and tests, tree, diff and checkpoint where known."""
        plain: Outcome = outcome.plain()
        recorded = _known(lambda: runs.record(run, plain, text))
        words = (
            f"Step {recorded.step} recorded{', progress' if recorded.progress else ''}. {in_words(recorded.verdict)}"
        )
        return _result(words, wire.Recorded(**{name: getattr(recorded, name) for name in wire.Recorded.model_fields}))

    @server.tool(title="Forget what happened", annotations=_ADDS)
    async def reset(
        run: Handle,
        reason: Annotated[str, Field(description="Why; it is logged.", min_length=1, max_length=2000)],
    ) -> Annotated[CallToolResult, wire.Begun]:
        """Lift every veto of a run and hold nothing against it any more. What happened stays in the history."""
        _known(lambda: runs.reset(run, reason))
        return _result(f"Run {run} starts afresh.", wire.Begun(run=run))


def _offer_looking(server: MCPServer, runs: Runs) -> None:
    @server.tool(title="What happened", annotations=_READS)
    async def history(
        run: Handle,
        limit: Annotated[int, Field(description="How many of the latest entries.", ge=1, le=1000)] = 50,
    ) -> Annotated[CallToolResult, wire.HistoryOut]:
        """List the latest steps and verdicts of a run, oldest first, and the best checkpoint."""
        entries = _known(lambda: runs.history(run, limit))
        out = wire.history_out(run, entries, _known(lambda: runs.best(run)))
        return _result(
            f"{len(out.steps)} steps, {len(out.verdicts)} verdicts; best checkpoint: {out.best or 'none'}.", out
        )

    @server.tool(title="Explain a verdict", annotations=_READS)
    async def explain(run: Handle) -> Annotated[CallToolResult, wire.Explanation]:
        """Explain the latest verdict that was not `allow`: its class, the steps it rests on, what would be progress."""
        out = _known(lambda: wire.explanation(run, runs.history(run, 1000)))
        return _result(out.text, out)


def in_words(verdict: Verdict) -> str:
    """A verdict in one or two lines."""
    if verdict.decision == "allow":
        return f"allow: {verdict.reason}" if verdict.reason else "allow"
    steps = f" (steps {', '.join(map(str, verdict.evidence))})" if verdict.evidence else ""
    return (
        f"{verdict.decision}: {verdict.reason}{steps}.\n{verdict.directive or 'Progress would be: ' + verdict.progress}"
    )


def _known(ask: Any) -> Any:
    try:
        return ask()
    except (UnknownRun, LoopguardError) as error:
        raise ToolError(str(error)) from error


def _result(text: str, structured: Any) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=wire.plain(structured))
