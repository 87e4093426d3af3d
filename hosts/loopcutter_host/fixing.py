"""One run from end to end: servers, guard, workspace, the agent's loop, the report."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from loopcutter_host import ladder, topology
from loopcutter_host.agent import work
from loopcutter_host.approval import ApprovedToolbox, Ask
from loopcutter_host.case import Case, Checkpoint
from loopcutter_host.config import Config
from loopcutter_host.connections import Connections, demand
from loopcutter_host.control import Control, HeldToolbox
from loopcutter_host.errors import BadUsage, HostError, NotSolved
from loopcutter_host.exact_guard import ExactGuard
from loopcutter_host.facts import facts, restore
from loopcutter_host.folders import Folders
from loopcutter_host.guard import Guard, GuardedToolbox, JudgedToolbox, Loopguard, Unguarded
from loopcutter_host.held import held
from loopcutter_host.journal import Journal, Record, RememberedToolbox
from loopcutter_host.meter import Meter
from loopcutter_host.models import Lineup
from loopcutter_host.report import Report, report_on
from loopcutter_host.runlog import RunLog
from loopcutter_host.servers import ServerGroup, start_embedded
from loopcutter_host.table import DRY_RUN, TABLE, End, State
from loopcutter_host.toolbox import Toolbox, use
from loopcutter_loopguard.events import Outcome

TIDY_UP_S = 3.0
PLANNED = "this was a dry run: the edit was neither tested nor applied, but by what the model itself tried"


@dataclass(frozen=True)
class Request:
    """What the user asks for."""

    repository: Path
    issue: str
    apply: bool = False
    branch: str = ""
    init: bool = False
    """Make the folder a git repository first, if it is none."""
    dry_run: bool = False
    """Stop at the first edit, before it is tested."""


@dataclass(frozen=True)
class Approval:
    """How the user is asked about each edit."""

    ask: Ask
    show: Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """What one run is told to others by, remembered by, steered by and limited by."""

    log: RunLog
    journal: Journal
    control: Control
    meter: Meter
    approval: Approval | None = None
    """None: every edit the guard allows is made."""


async def fix(
    request: Request,
    config: Config,
    folders: Folders,
    models: Lineup,
    run: Run,
    group: ServerGroup,
) -> Report:
    """Work on one issue with servers that are started here, or that a manifest names."""
    async with run.control.listening(), _servers(request, config, folders, group) as (servers, repository):
        return await work_on(request, config, servers, repository, models, run)


async def work_on(
    request: Request, config: Config, servers: Toolbox, repository: str, models: Lineup, run: Run
) -> Report:
    """Work on one issue; `repository` is the name by which vcs knows it, empty for its only one.

    The user's repository is only written when the request says so and the fix is verified. A run whose journal tells
    of an earlier life goes on from there.
    """
    chosen = _held(models, run)
    rungs = ladder.executable(config.guard.ladder, chosen.first, chosen.second, chosen.fallback)
    tools = _toolbox(servers, await _guard(servers, config, rungs, run), run)
    case = await _open(request, config, chosen, tools, run, repository)
    await _take_up(case, servers, run)
    end, reason = await _work(case, run, dry=request.dry_run)
    report = await report_on(case, servers, end, reason, run.meter.spent, str(request.repository))
    if report.verified and (request.apply or request.branch):
        report = await _apply(report, tools, request, run.log.run)
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


def _held(models: Lineup, run: Run) -> Lineup:
    """The models, each held by the user's word and remembered by the journal."""
    fallback, second, prepass = (
        other and held(other, run.control, run.journal) for other in (models.fallback, models.second, models.prepass)
    )
    return Lineup(held(models.first, run.control, run.journal), fallback, second, prepass)


async def _guard(servers: Toolbox, config: Config, rungs: tuple[str, ...], run: Run) -> Guard:
    """The guard of a run. One that is taken up again gets its history back, from the server or from the journal."""
    record = run.journal.record or Record()
    if not config.guard.enabled:
        return Unguarded()
    if config.guard.kind == "exact":
        return await _told(ExactGuard(), record.made)
    known = Loopguard(servers, record.guard) if record.guard else None
    steps = await known.steps() if known else None
    if known and steps is not None:
        if record.unheard and steps < len(record.made):
            await known.record(record.unheard)
        return known
    guard = await Loopguard.begin(servers, run.log.run, rungs)
    run.journal.name_guard(guard.run)
    return await _told(guard, record.made)


async def _told(guard: Guard, made: list[Outcome]) -> Guard:
    for outcome in made:
        await guard.record(outcome)
    return guard


def _toolbox(servers: Toolbox, guard: Guard, run: Run) -> JudgedToolbox:
    """From the outside in: what was done before a cut, the user's word and the limits, the guard, the user's eye."""
    behind: Toolbox = servers
    if run.approval is not None:
        behind = ApprovedToolbox(servers, run.approval.ask, run.approval.show, run.log, run.meter)
    best = run.journal.record.best if run.journal.record else None
    guarded = GuardedToolbox(behind, guard, run.log, best, run.journal.keep_made)
    return RememberedToolbox(HeldToolbox(guarded, run.control, run.meter), run.journal)


async def _open(
    request: Request,
    config: Config,
    models: Lineup,
    tools: JudgedToolbox,
    run: Run,
    repository: str,
) -> Case:
    # The key makes it one workspace, even if the host is killed before it hears of it.
    opened = await use(tools, "vcs", "open", repository=repository, idempotency_key=run.log.run)
    if not opened.ok:
        raise BadUsage(opened.text)
    base = Checkpoint(opened.data["base"]["id"], opened.data["base"]["tree"])
    if run.journal.record is None or not run.journal.record.state:
        warnings = opened.data["warnings"]
        run.log.write("checkpoint", id=base.id, tree=base.tree, label="as the user left it", notes=warnings)
    return Case(
        issue=request.issue,
        test_command=config.test,
        workspace=opened.data["workspace"],
        base=base,
        here=base,
        model=models.first,
        fallback=models.fallback,
        second=models.second,
        prepass=models.prepass,
        ladder=ladder.executable(config.guard.ladder, models.first, models.second, models.fallback),
        keep_test=config.keep_test,
        allow_test_edits=config.allow_test_edits,
        tools=tools,
        log=run.log,
        limits=config.limits,
    )


async def _take_up(case: Case, servers: Toolbox, run: Run) -> None:
    """Give a case the facts it had before the cut, and the workspace the state that they speak of."""
    record = run.journal.record
    if record is None or not record.state:
        return
    restore(case, record.facts)
    at = demand(await use(servers, "vcs", "history", workspace=case.workspace, limit=1))["current"]
    if record.checkpoint not in ("", at):
        # An edit or a rollback was made that the host did not live to hear of: it is made again, or not at all.
        demand(await use(servers, "vcs", "rollback", workspace=case.workspace, checkpoint=record.checkpoint))
    for remote in ("retrieval", "sandbox"):  # they may be new, and know nothing
        demand(await use(servers, "vcs", "publish", workspace=case.workspace, remote=remote, checkpoint="base"))


async def _work(case: Case, run: Run, *, dry: bool) -> tuple[str, str]:
    """(how it ended, why) of the agent's work."""

    def entering(state: State | End) -> None:
        run.control.entered(state)
        run.journal.enter(state, facts(case), run.log.seq, case.tools.best)

    record = run.journal.record
    start = _state(record.state) if record and record.state else State.READ
    try:
        async with run.meter.limited_time():
            end = await work(case, start, table=DRY_RUN if dry else TABLE, entering=entering)
    except NotSolved as unsolved:
        return End.GAVE_UP, str(unsolved)
    if end is End.PLANNED:
        return end, PLANNED
    return end, "" if end is End.FIXED else case.ended_because


def _state(name: str) -> State | End:
    return State(name) if name in set(State) else End(name)


async def _apply(report: Report, tools: Toolbox, request: Request, run: str) -> Report:
    applied = await use(
        tools,
        "vcs",
        "apply",
        workspace=report.workspace,
        checkpoint=report.checkpoint,
        branch=request.branch,
        idempotency_key=run,
    )
    if not applied.ok:
        raise HostError(f"the fix is verified but was not applied: {applied.text}")
    return replace(report, applied=tuple(applied.data["changed"]), branch=applied.data.get("branch") or "")
