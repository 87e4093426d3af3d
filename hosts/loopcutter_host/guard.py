"""The guard in front of every call: `Guard` is the seam, `Loopguard` asks the server, `GuardedToolbox` obeys."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from loopcutter_host.connections import demand
from loopcutter_host.errors import GuardStopped, RollbackForced
from loopcutter_host.runlog import RunLog
from loopcutter_host.toolbox import Toolbox, use
from loopcutter_loopguard.events import Call, Outcome, Verdict


class Guard(Protocol):
    """Judges a call before it is made and hears what came of it."""

    async def review(self, call: Call) -> Verdict: ...

    async def record(self, outcome: Outcome) -> str | None:
        """Tell what came of a call; returns the best checkpoint known now (most tests green)."""
        ...


class Unguarded:
    """Allows everything: `--no-guard`, for comparison."""

    async def review(self, call: Call) -> Verdict:
        return Verdict("allow")

    async def record(self, outcome: Outcome) -> str | None:
        return None


class JudgedToolbox(Toolbox, Protocol):
    """A toolbox whose calls a guard hears of."""

    @property
    def best(self) -> str | None:
        """The checkpoint with most tests green, as the guard knows it."""
        ...


class Loopguard:
    """The guard, reached over MCP. If it can't be reached the call raises, and so nothing goes on unreviewed."""

    def __init__(self, server: Toolbox, run: str) -> None:
        self._server = server
        self.run = run
        """The handle of the history at the server."""

    @classmethod
    async def begin(cls, server: Toolbox, label: str, ladder: tuple[str, ...]) -> "Loopguard":
        """Open a history of its own for a run."""
        begun = await use(server, "loopguard", "begin", label=label, ladder=list(ladder))
        return cls(server, demand(begun)["run"])

    async def steps(self) -> int | None:
        """How many outcomes the server has heard of; None when it has lost the history of the run."""
        history = await use(self._server, "loopguard", "history", run=self.run, limit=50)
        if not history.ok:
            return None
        return max((int(step["step"]) + 1 for step in history.data["steps"]), default=0)

    async def review(self, call: Call) -> Verdict:
        data = demand(await use(self._server, "loopguard", "review", run=self.run, call=_wire(call)))
        fields = {name: data[name] for name in Verdict.__dataclass_fields__ if name in data}
        return Verdict(**{**fields, "evidence": tuple(fields.get("evidence") or ())})

    async def record(self, outcome: Outcome) -> str | None:
        body = {
            "call": _wire(outcome.call),
            "ok": outcome.ok,
            "text": outcome.text,
            "tests": asdict(outcome.tests) if outcome.tests else None,
            "tree": outcome.tree,
            "diff": outcome.diff,
            "checkpoint": outcome.checkpoint,
        }
        data = demand(await use(self._server, "loopguard", "record", run=self.run, outcome=body))
        best = data.get("best")
        return str(best) if best else None


def _wire(call: Call) -> dict[str, Any]:
    return {"server": call.server, "tool": call.tool, "arguments": dict(call.arguments)}


def _untold(outcome: Outcome) -> None:
    """Nobody else wants to know."""


@dataclass
class GuardedToolbox:
    """Asks the guard before every call; nothing reaches `inner` unreviewed.

    A blocked call comes back as an outcome that is not ok, for the model to read. `rollback` and `stop` end the step:
    they are raised, and the agent's loop obeys them.
    """

    inner: Toolbox
    guard: Guard
    log: RunLog
    best: str | None = None
    """The checkpoint with most tests green, as the guard knows it."""
    made: Callable[[Outcome], None] = _untold
    """Told what a server answered, before the guard is."""

    async def call(self, call: Call) -> Outcome:
        self.log.write("action", server=call.server, tool=call.tool, arguments=_short(call.arguments))
        verdict = await self.guard.review(call)
        if verdict.decision != "allow":
            self.log.write("verdict", server=call.server, tool=call.tool, **asdict(verdict))
        match verdict.decision:
            case "rollback":
                raise RollbackForced(verdict)
            case "stop":
                raise GuardStopped(verdict)
            case "block":
                return Outcome(call, ok=False, text=_words(verdict))
        outcome = await self.inner.call(call)
        self.made(outcome)
        self.best = await self.guard.record(outcome) or self.best
        self.log.write("observation", server=call.server, tool=call.tool, ok=outcome.ok, **_seen(outcome))
        if verdict.decision == "warn":
            return replace(outcome, text=f"{outcome.text}\n\nNote of the guard: {_words(verdict)}")
        return outcome


def _words(verdict: Verdict) -> str:
    return " ".join(part for part in (verdict.reason, verdict.directive or verdict.progress) if part)


def _seen(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the log keeps it: enough to judge the run again from the log alone."""
    known = {"tree": outcome.tree, "tests": asdict(outcome.tests) if outcome.tests else None}
    return {"text": outcome.text[:2000], **{key: value for key, value in known.items() if value}}


def _short(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as the log keeps them: a batch of candidates is counted, not copied."""
    return {
        key: f"{len(value)} items" if isinstance(value, list) and len(value) > 20 else value
        for key, value in arguments.items()
    }
