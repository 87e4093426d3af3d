"""A host that dies at any call, before it or after it: the next one brings the run to the same end.

The real vcs and the real guard in memory, a scripted model, and a death that is as sudden as SIGKILL: nothing is
written after it. Every call of a run is tried; what real processes add is in `tests/end_to_end/test_kill_matrix.py`.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import parking
from support.bench import Bench, bench
from support.case import ListedModel

from loopcutter_host import journal, runlog
from loopcutter_host.chat.scripted import Scripted
from loopcutter_host.commands.running import note, written_again
from loopcutter_host.config import Config
from loopcutter_host.control import Control
from loopcutter_host.dialogue import Dialogue
from loopcutter_host.fixing import Request, Run, work_on
from loopcutter_host.journal import Journal
from loopcutter_host.meter import Meter
from loopcutter_host.models import Lineup
from loopcutter_host.orders import Orders
from loopcutter_host.report import Report
from loopcutter_host.runlog import RunLog
from loopcutter_loopguard.events import Call, Outcome

SCRIPTS = Path(__file__).parents[1] / "support" / "temperaments"
CONFIG = Config.model_validate({"repair": False, "limits": {"attempts": 5}})


class Death(BaseException):
    """The end of a process; nobody handles it."""


@dataclass
class Mortal:
    """The servers of a host that dies at its nth call: before the servers hear of it, or before it hears of them."""

    inner: Bench
    dies_at: int = 0
    heard: bool = False
    made: int = 0
    last: str = ""
    """`server.tool` of the last call."""

    async def call(self, call: Call) -> Outcome:
        self.made += 1
        self.last = f"{call.server}.{call.tool}"
        if self.made == self.dies_at and not self.heard:
            raise Death
        came = await self.inner.call(call)
        if self.made == self.dies_at:
            raise Death
        return came


@dataclass(frozen=True)
class Told:
    """What there is to say of a run, however many lives it had."""

    outcome: str
    patch: str
    attempts: int
    done: Counter[str]
    verdicts: tuple[str, ...]


async def live(folder: Path, servers: Mortal, temperament: str) -> Report:
    """One life of a host; before a `hasty` one's model is asked, somebody quicker makes a wrong attempt."""
    temperament, hasty = temperament.removeprefix("hasty "), temperament.startswith("hasty ")
    log, kept = folder / "runs.sqlite", folder / "journal"
    record = journal.read(kept) if kept.exists() else None
    before = list(runlog.events(log, "r1"))
    meter = Meter(CONFIG.limits, record.spent if record else None)
    writing = RunLog(log, "r1")
    written = Journal(kept, meter, record)
    if record is None:
        written.begin({})
    else:
        writing.write("cmd", command="resume")
        writing.expect(written_again(before, record.seq))
    chat = Scripted.load(SCRIPTS / f"{temperament}.yaml")
    chat.skip(Counter(event.body["step"] for event in before if "step" in event.body))
    control = Control(Orders(log, "r1"), writing, meter)
    model = Dialogue(chat, listen=lambda exchange: note(writing, exchange))
    run = Run(writing, written, control, meter)
    quick = ListedModel([("// 60", "// 59")], name="quick", path="parking.py") if hasty else None
    return await work_on(Request(folder, parking.ISSUE), CONFIG, servers, "", Lineup(model, prepass=quick), run)


def lives(folder: Path, temperament: str, dies_at: int = 0, *, heard: bool = False) -> tuple[Told, Mortal]:
    """A run that is cut off once, or never; what there is to say of it, and the servers of its first life."""
    folder.mkdir()

    async def play() -> tuple[Report, Mortal]:
        async with bench(folder, parking.FILES) as servers:
            first = Mortal(servers, dies_at, heard)
            try:
                return await live(folder, first, temperament), first
            except Death:
                return await live(folder, Mortal(servers), temperament), first

    report, first = asyncio.run(play())
    return told(folder, report), first


def is_as_if_it_had_lived(life: Told, died: Mortal, whole: Told) -> bool:
    """Whether a death made no difference.

    A veto that the guard gave and the host did not live to hear is given twice: the ladder is a rung further on then.
    """
    if died.heard and died.last == "loopguard.review":
        return (life.outcome, life.patch) == (whole.outcome, whole.patch)
    return life == whole


def told(folder: Path, report: Report) -> Told:
    events = list(runlog.events(folder / "runs.sqlite", "r1"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    kinds = ("edit", "test", "rollback", "reflection", "state")
    done = Counter(
        str(event.body.get("step") or event.type) for event in events if event.type in kinds or "step" in event.body
    )
    vetoes = (event.body["decision"] for event in events if event.type == "verdict")
    # A call that was cut off between its warning and its end is warned of again when it is made.
    verdicts = tuple(decision for decision in vetoes if decision != "warn")
    return Told(report.outcome, report.patch, report.attempts, done, verdicts)


def deaths(calls: int, step: int) -> Iterator[tuple[int, bool]]:
    return ((number, heard) for number in range(1, calls + 1, step) for heard in (False, True))


@pytest.mark.parametrize("temperament", ["good", "hasty good", "stubborn"])
@pytest.mark.parametrize("step", [40, pytest.param(1, marks=[pytest.mark.long, pytest.mark.timeout(1200)])])
def test_a_host_that_dies_at_any_call_is_as_if_it_had_lived(tmp_path: Path, temperament: str, step: int) -> None:
    whole, alive = lives(tmp_path / "whole", temperament)

    strange = []
    for number, heard in deaths(alive.made, step):
        life, died = lives(tmp_path / f"{number}-{heard}", temperament, number, heard=heard)
        if not is_as_if_it_had_lived(life, died, whole):
            strange.append((number, heard, died.last, life))

    assert strange == [], whole
