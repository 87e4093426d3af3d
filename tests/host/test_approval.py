"""An edit is shown after the guard let it through; a no takes it back, and the model hears why."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from loopcutter_host.approval import ApprovedToolbox
from loopcutter_host.config import Limits
from loopcutter_host.errors import BadUsage
from loopcutter_host.meter import Meter
from loopcutter_host.runlog import RunLog, events
from loopcutter_loopguard.events import Call, Outcome

EDIT = Call("vcs", "edit", {"workspace": "w", "edits": [1]})


@dataclass
class Vcs:
    """Stands at a checkpoint; an edit goes to the next, a rollback to the one it names."""

    at: str = "c1"
    calls: list[str] = field(default_factory=list)

    async def call(self, call: Call) -> Outcome:
        self.calls.append(call.tool)
        if call.tool == "edit":
            self.at = "c2"
        elif call.tool == "rollback":
            self.at = str(call.arguments["checkpoint"])
        return Outcome(call, True, "done", {"current": self.at}, diff="+1\n", checkpoint=self.at)


def edit(folder: Path, *typed: str) -> tuple[Outcome, Vcs, list[str]]:
    vcs, shown, lines = Vcs(), [], list(typed)

    async def answer(question: str) -> str:
        if not lines:
            raise EOFError
        return lines.pop(0)

    log = RunLog(folder / "runs.sqlite", "r1")
    tools = ApprovedToolbox(vcs, answer, shown.append, log, Meter(Limits()))
    return asyncio.run(tools.call(EDIT)), vcs, shown


def test_a_yes_lets_the_edit_stand(tmp_path: Path) -> None:
    came, vcs, shown = edit(tmp_path, "\n", " Yes \n")

    assert (came.ok, vcs.at, shown) == (True, "c2", ["+1\n"])


@pytest.mark.parametrize(
    ("typed", "words"),
    [("n\n", "the user refused this edit"), ("too broad\n", "the user refused this edit, saying: too broad")],
)
def test_a_no_takes_it_back_and_is_told(tmp_path: Path, typed: str, words: str) -> None:
    came, vcs, _ = edit(tmp_path, typed)

    assert (came.ok, came.text, vcs.at) == (False, words, "c1")
    (event,) = events(tmp_path / "runs.sqlite", "r1")
    assert (event.type, event.body["command"]) == ("cmd", "refuse")


def test_without_anybody_there_the_run_ends(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="input ended"):
        edit(tmp_path)
