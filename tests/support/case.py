"""Builds a case over a workshop or a bench, so that the agent's loop can be tested without a server of its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loopcutter_host import ladder
from loopcutter_host.case import Case, Checkpoint
from loopcutter_host.config import Limits
from loopcutter_host.guard import Guard, GuardedToolbox, Unguarded
from loopcutter_host.model import Briefing, Model, Plan, Proposal, Reflection
from loopcutter_host.runlog import RunLog
from loopcutter_host.toolbox import Toolbox, use


@dataclass
class ListedModel:
    """A model that proposes the replacements of a list, one an attempt, and says so when the list is at its end."""

    replacements: Iterable[tuple[str, str]]
    name: str = "listed"
    needs_coverage: bool = False
    briefings: list[Briefing] = field(default_factory=list)
    """What it was told before each edit."""
    path: str = "answer.py"
    _rest: Iterator[tuple[str, str]] | None = None

    async def plan(self, briefing: Briefing, tools: Toolbox) -> Plan:
        return Plan(f"{self.name} has an idea", briefing.places)

    async def edit(self, briefing: Briefing, tools: Toolbox) -> Proposal:
        self.briefings.append(briefing)
        self._rest = self._rest or iter(self.replacements)
        change = next(self._rest, None)
        if change is None:
            return Proposal((), "the list is at its end")
        search, replace = change
        edit = {"kind": "replace", "path": self.path, "search": search, "replace": replace}
        return Proposal((edit,), f"{search!r} becomes {replace!r}")

    async def reflect(self, briefing: Briefing, tools: Toolbox) -> Reflection:
        empty = briefing.attempts[-1].result.startswith("nothing proposed")
        return Reflection("it did not work", "stop" if empty else "edit")


async def open_case(
    servers: Toolbox,
    model: Model,
    folder: Path,
    *,
    guard: Guard | None = None,
    fallback: Model | None = None,
    prepass: Model | None = None,
    issue: str = "the answer is wrong",
    limits: Limits | None = None,
    second: Model | None = None,
    wanted: Sequence[str] = ("fresh-context", "next-place", "reproduce-first", "other-granularity", "template-repair"),
    allow_test_edits: bool = False,
    keep_test: bool = False,
) -> Case:
    """A case whose workspace was just opened."""
    log = RunLog(folder / "runs.sqlite", "r1")
    tools = GuardedToolbox(servers, guard or Unguarded(), log)
    opened = (await use(tools, "vcs", "open")).data
    here = Checkpoint(opened["base"]["id"], opened["base"]["tree"])
    return Case(
        issue=issue,
        test_command="",
        workspace=opened["workspace"],
        base=here,
        here=here,
        model=model,
        fallback=fallback,
        tools=tools,
        log=log,
        limits=limits or Limits(),
        prepass=prepass,
        second=second,
        ladder=ladder.executable(wanted, model, second, fallback),
        allow_test_edits=allow_test_edits,
        keep_test=keep_test,
    )
