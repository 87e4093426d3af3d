"""Pause, resume and nudge reach a run that another process works on, before its next action."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from loopcutter_host.config import Limits
from loopcutter_host.control import Control, HeldToolbox
from loopcutter_host.meter import Meter
from loopcutter_host.orders import Orders, leave
from loopcutter_host.runlog import RunLog, events
from loopcutter_loopguard.events import Call, Outcome

CALL = Call("vcs", "diff", {})


@dataclass
class Server:
    """Answers everything and counts."""

    best: str | None = None
    calls: list[Call] = field(default_factory=list)

    async def call(self, call: Call) -> Outcome:
        self.calls.append(call)
        return Outcome(call, ok=True, text="done")


def control(folder: Path, heard: int = 0) -> Control:
    path = folder / "runs.sqlite"
    return Control(Orders(path, "r1", heard), RunLog(path, "r1"), Meter(Limits()))


def told(folder: Path) -> list[tuple[str, str]]:
    return [
        (event.type, str(event.body.get("command") or event.body.get("state")))
        for event in events(folder / "runs.sqlite", "r1")
    ]


def test_a_paused_run_makes_no_call_until_it_is_resumed(tmp_path: Path) -> None:
    async def play() -> tuple[int, int]:
        held, server = control(tmp_path), Server()
        held.entered("edit")
        tools = HeldToolbox(server, held, Meter(Limits()))
        leave(tmp_path / "runs.sqlite", "r1", "pause")
        async with held.listening():
            call = asyncio.create_task(tools.call(CALL))
            await asyncio.wait([call], timeout=0.3)
            before = len(server.calls)
            leave(tmp_path / "runs.sqlite", "r1", "resume")
            await call
        return before, len(server.calls)

    assert asyncio.run(play()) == (0, 1)
    assert told(tmp_path) == [("cmd", "pause"), ("state", "paused"), ("cmd", "resume"), ("state", "edit")]


def test_orders_for_other_runs_and_old_ones_are_not_heard(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    leave(path, "r2", "pause")
    old = leave(path, "r1", "nudge", "old")
    leave(path, "r1", "nudge", "new")
    held = control(tmp_path, heard=old)

    held.hear()
    held.hear()

    assert held.words == ("new",)


def test_a_run_that_is_taken_up_again_hears_the_nudges_and_is_not_paused(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    leave(path, "r1", "nudge", "look at cart.py")
    leave(path, "r1", "pause")
    held = control(tmp_path)

    held.take_up()

    asyncio.run(held.hold())
    assert held.words == ("look at cart.py",)
    assert ("state", "paused") not in told(tmp_path)


def test_the_orders_lie_where_only_their_owner_can_read(tmp_path: Path) -> None:
    leave(tmp_path / "state" / "runs.sqlite", "r1", "pause")

    assert (tmp_path / "state").stat().st_mode & 0o077 == 0
    assert (tmp_path / "state" / "runs.sqlite").stat().st_mode & 0o077 == 0
