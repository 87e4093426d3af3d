"""The guarded toolbox: nothing passes unreviewed, and each verdict has its effect."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from loopcutter_host.errors import GuardStopped, Missing, RollbackForced
from loopcutter_host.guard import GuardedToolbox, Loopguard
from loopcutter_host.runlog import RunLog, events
from loopcutter_loopguard.events import Call, Outcome, Verdict

CALL = Call("vcs", "edit", {"edits": []})


@dataclass
class Answers:
    """A server that answers each call with the next of its outcomes."""

    outcomes: list[Outcome]
    calls: list[Call] = field(default_factory=list)

    async def call(self, call: Call) -> Outcome:
        self.calls.append(call)
        return self.outcomes.pop(0)


@dataclass
class Sentence:
    """A guard that gives one verdict."""

    verdict: Verdict
    recorded: list[Outcome] = field(default_factory=list)

    async def review(self, call: Call) -> Verdict:
        return self.verdict

    async def record(self, outcome: Outcome) -> str | None:
        self.recorded.append(outcome)
        return "c7"


def toolbox(verdict: Verdict, folder: Path) -> tuple[GuardedToolbox, Answers, Sentence]:
    server, guard = Answers([Outcome(CALL, ok=True, text="edited")]), Sentence(verdict)
    return GuardedToolbox(server, guard, RunLog(folder / "runs.sqlite", "r1")), server, guard


def test_an_allowed_call_is_made_recorded_and_answered(tmp_path: Path) -> None:
    tools, server, guard = toolbox(Verdict("allow"), tmp_path)

    outcome = asyncio.run(tools.call(CALL))

    assert (outcome.text, server.calls, guard.recorded, tools.best) == ("edited", [CALL], [outcome], "c7")


def test_a_warning_travels_with_the_result(tmp_path: Path) -> None:
    tools, _, _ = toolbox(
        Verdict("warn", reason="the second of its kind.", progress="Another tree would be."), tmp_path
    )

    outcome = asyncio.run(tools.call(CALL))

    assert outcome.text == "edited\n\nNote of the guard: the second of its kind. Another tree would be."


def test_a_blocked_call_is_not_made_and_says_why(tmp_path: Path) -> None:
    tools, server, guard = toolbox(Verdict("block", reason="the third of its kind."), tmp_path)

    outcome = asyncio.run(tools.call(CALL))

    assert (outcome.ok, outcome.text) == (False, "the third of its kind.")
    assert (server.calls, guard.recorded) == ([], [])
    assert [event.type for event in events(tmp_path / "runs.sqlite", "r1")] == ["action", "verdict"]


@pytest.mark.parametrize(("decision", "error"), [("rollback", RollbackForced), ("stop", GuardStopped)])
def test_a_rollback_or_a_stop_interrupts_the_step(tmp_path: Path, decision: str, error: type[Exception]) -> None:
    tools, server, _ = toolbox(Verdict(decision), tmp_path)  # type: ignore[arg-type]

    with pytest.raises(error):
        asyncio.run(tools.call(CALL))
    assert server.calls == []


@dataclass
class Unreachable:
    async def call(self, call: Call) -> Outcome:
        raise Missing("loopguard is gone.")


def test_without_its_guard_nothing_goes_on(tmp_path: Path) -> None:
    server = Answers([Outcome(CALL, ok=True, text="edited")])
    tools = GuardedToolbox(server, Loopguard(Unreachable(), "g1"), RunLog(tmp_path / "runs.sqlite", "r1"))

    with pytest.raises(Missing):
        asyncio.run(tools.call(CALL))
    assert server.calls == []


def test_a_batch_of_candidates_is_counted_in_the_log_and_not_copied(tmp_path: Path) -> None:
    tools, server, _ = toolbox(Verdict("allow"), tmp_path)
    call = Call("sandbox", "try_edits", {"candidates": [{"id": str(i)} for i in range(500)], "tests": ["a"]})

    asyncio.run(tools.call(call))

    (action, _) = events(tmp_path / "runs.sqlite", "r1")
    assert action.body["arguments"] == {"candidates": "500 items", "tests": ["a"]}
    assert server.calls == [call]
