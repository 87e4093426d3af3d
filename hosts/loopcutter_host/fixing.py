"""One run from end to end: servers, guard, workspace, the agent's loop, the report."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

from loopcutter_host import topology
from loopcutter_host.agent import work
from loopcutter_host.case import Case, Checkpoint
from loopcutter_host.config import Config
from loopcutter_host.connections import Connections, demand
from loopcutter_host.errors import BadUsage, HostError, NotSolved
from loopcutter_host.evidence import compare
from loopcutter_host.folders import Folders
from loopcutter_host.guard import Guard, GuardedToolbox, Loopguard, Unguarded
from loopcutter_host.model import Model
from loopcutter_host.runlog import RunLog
from loopcutter_host.servers import ServerGroup, start_embedded
from loopcutter_host.table import End
from loopcutter_host.toolbox import use

TIDY_UP_S = 3.0


@dataclass(frozen=True)
class Request:
    """What the user asks for."""

    repository: Path
    issue: str
    apply: bool = False
    branch: str = ""
    init: bool = False
    """Make the folder a git repository first, if it is none."""


@dataclass(frozen=True)
class Report:
    """How a run ended, and what there is to show for it."""

    outcome: str
    reason: str
    patch: str
    """Unified diff from the user's tree to the best state reached; empty when nothing better was found."""
    mended: tuple[str, ...]
    open: tuple[str, ...]
    still_failing: tuple[str, ...]
    """Tests that failed before, that the run is not about, and that fail as before."""
    alternatives: tuple[str, ...]
    attempts: int
    seconds: float
    isolation: str
    workspace: str
    checkpoint: str
    repository: str
    applied: tuple[str, ...] = ()
    branch: str = ""

    @property
    def verified(self) -> bool:
        return self.outcome == End.FIXED


async def fix(
    request: Request,
    config: Config,
    folders: Folders,
    models: tuple[Model, Model | None],
    log: RunLog,
    group: ServerGroup,
) -> Report:
    """Work on one issue. The user's repository is only written when the request says so and the fix is verified."""
    begun = time.monotonic()
    async with _servers(request, config, folders, group) as (servers, repository):
        guard: Guard = Unguarded()
        if config.guard.enabled:
            guard = await Loopguard.begin(servers, log.run, config.guard.ladder)
        tools = GuardedToolbox(servers, guard, log)
        case = await _open(request, config, models, tools, log, repository)
        try:
            end, reason = await _work(case, config)
            report = await _report(case, end, reason, time.monotonic() - begun, request.repository)
            if report.verified and (request.apply or request.branch):
                report = await _apply(report, tools, request)
        finally:
            with contextlib.suppress(TimeoutError, HostError):
                async with asyncio.timeout(TIDY_UP_S):
                    await use(servers, "vcs", "finish", workspace=case.workspace)
    return report


@contextlib.asynccontextmanager
async def _servers(
    request: Request, config: Config, folders: Folders, group: ServerGroup
) -> AsyncIterator[tuple[Connections, str]]:
    """The connected servers of a run, and the name by which vcs knows the repository."""
    if config.manifest:
        known = topology.read(Path(config.manifest).expanduser())
        async with Connections(known.addresses) as servers:
            yield servers, known.repository
        return
    with tempfile.TemporaryDirectory(prefix="loopcutter-") as scratch:
        await start_embedded(group, config, folders, request.repository, Path(scratch), init=request.init)
        async with Connections(group.addresses) as servers:
            yield servers, ""


async def _open(
    request: Request,
    config: Config,
    models: tuple[Model, Model | None],
    tools: GuardedToolbox,
    log: RunLog,
    repository: str,
) -> Case:
    opened = await use(tools, "vcs", "open", repository=repository)
    if not opened.ok:
        raise BadUsage(opened.text)
    base = Checkpoint(opened.data["base"]["id"], opened.data["base"]["tree"])
    log.write("checkpoint", id=base.id, tree=base.tree, label="as the user left it", notes=opened.data["warnings"])
    model, fallback = models
    return Case(
        issue=request.issue,
        test_command=config.test,
        workspace=opened.data["workspace"],
        base=base,
        here=base,
        model=model,
        fallback=fallback,
        tools=tools,
        log=log,
        limits=config.limits,
    )


async def _work(case: Case, config: Config) -> tuple[str, str]:
    """(how it ended, why) of the agent's work."""
    try:
        async with asyncio.timeout(config.limits.minutes * 60):
            end = await work(case)
    except TimeoutError:
        return End.GAVE_UP, f"the limit of {config.limits.minutes:g} minutes is reached"
    except NotSolved as unsolved:
        return End.GAVE_UP, str(unsolved)
    return end, "" if end is End.FIXED else case.ended_because


async def _report(case: Case, end: str, reason: str, seconds: float, repository: Path) -> Report:
    known = case.base.tree in case.evidence
    outcome = compare(case.baseline, case.now, case.targets) if known else None
    shown = case.here.id if end == End.FIXED else case.tools.best or case.base.id
    patch = ""
    if shown != case.base.id:
        patch = str(demand(await use(case.tools, "vcs", "diff", workspace=case.workspace, to=shown))["unified"])
    return Report(
        outcome=end,
        reason=reason,
        patch=patch,
        mended=outcome.mended if outcome else (),
        open=outcome.open if outcome else (),
        still_failing=tuple(t for t in case.now.broken if t not in case.targets) if known and outcome else (),
        alternatives=case.proposal.alternatives if case.proposal and end == End.FIXED else (),
        attempts=len(case.attempts),
        seconds=seconds,
        isolation=case.baseline.isolation if known else "",
        workspace=case.workspace,
        checkpoint=shown,
        repository=str(repository),
    )


async def _apply(report: Report, tools: GuardedToolbox, request: Request) -> Report:
    applied = await use(
        tools, "vcs", "apply", workspace=report.workspace, checkpoint=report.checkpoint, branch=request.branch
    )
    if not applied.ok:
        raise HostError(f"the fix is verified but was not applied: {applied.text}")
    return replace(report, applied=tuple(applied.data["changed"]), branch=applied.data.get("branch") or "")
