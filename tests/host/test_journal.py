"""What was finished before a cut is answered from the journal, and the rest is done."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from loopcutter_host.config import Limits
from loopcutter_host.errors import HostError, ModelFailed, RollbackForced
from loopcutter_host.journal import Journal, Record, RememberedToolbox, read
from loopcutter_host.meter import Meter, Spent
from loopcutter_host.model import Place, Plan
from loopcutter_loopguard.events import Call, Outcome, Verdict

EDIT = Call("vcs", "edit", {"edits": [1], "idempotency_key": "one"})
SEARCH = Call("retrieval", "search", {"query": "x"})
PLAN = Plan("the sum is wrong", (Place("cart.py", "total", (1, 2), 0.5, "word"),))


@dataclass
class Server:
    """Answers everything, or says no by veto."""

    veto: Verdict | None = None
    best: str | None = "c1"
    calls: list[Call] = field(default_factory=list)
    made: Callable[[Outcome], None] = print

    async def call(self, call: Call) -> Outcome:
        self.calls.append(call)
        if self.veto:
            raise RollbackForced(self.veto)
        data = {"checkpoint": {"id": "c2", "tree": "t2"}, "diff": "+1"}
        came = Outcome(call, True, "done", data, checkpoint="c2")
        self.made(came)
        return came


def begin(path: Path) -> Journal:
    journal = Journal(path, Meter(Limits()))
    journal.begin({"config": {}})
    journal.enter("edit", {"issue": '"it breaks"'}, 7, "c1")
    return journal


def again(path: Path) -> tuple[Journal, Record]:
    """The journal as the next host opens it, its first state entered."""
    record = read(path)
    journal = Journal(path, Meter(Limits(), record.spent), record)
    journal.enter("edit", {"issue": '"it breaks"'}, 99, None)
    return journal, record


def call(journal: Journal, server: Server, *calls: Call) -> list[Outcome]:
    server.made = journal.keep_made

    async def play() -> list[Outcome]:
        return [await RememberedToolbox(server, journal).call(each) for each in calls]

    return asyncio.run(play())


def test_a_finished_call_is_not_made_again_even_under_another_key(tmp_path: Path) -> None:
    call(begin(tmp_path / "j"), Server(), EDIT)
    journal, record = again(tmp_path / "j")
    server = Server()

    (came,) = call(journal, server, Call("vcs", "edit", {"edits": [1], "idempotency_key": "two"}))

    assert (server.calls, came.checkpoint, came.diff, came.data["diff"]) == ([], "c2", "+1", "+1")
    assert (record.state, record.seq, record.facts, record.checkpoint, record.best) == (
        "edit",
        7,
        {"issue": "it breaks"},
        "c2",
        "c1",
    )


def test_a_call_that_was_answered_is_not_made_again_even_if_the_guard_did_not_hear_of_it(tmp_path: Path) -> None:
    came = Outcome(EDIT, True, "done", {"checkpoint": {"id": "c2", "tree": "t2"}}, checkpoint="c2")
    begin(tmp_path / "j").keep_made(came)
    journal, record = again(tmp_path / "j")
    server = Server()

    call(journal, server, EDIT)

    assert (server.calls, record.checkpoint) == ([], "c2")
    assert record.unheard is not None
    assert [made.call.tool for made in record.made] == ["edit"]


def test_a_call_is_remembered_once_for_each_time_it_was_made(tmp_path: Path) -> None:
    call(begin(tmp_path / "j"), Server(), EDIT)
    server = Server()

    call(again(tmp_path / "j")[0], server, EDIT, EDIT)

    assert server.calls == [EDIT]


def test_what_was_made_before_the_state_is_made_again_when_asked_but_not_what_only_reads(tmp_path: Path) -> None:
    first = begin(tmp_path / "j")
    call(first, Server(), EDIT, SEARCH)
    first.enter("test", {"issue": '"it breaks"'}, 12, "c1")
    server = Server()

    call(again(tmp_path / "j")[0], server, SEARCH, EDIT, SEARCH)

    assert server.calls == [EDIT]


def test_servers_that_are_new_are_prepared_anew(tmp_path: Path) -> None:
    publish = Call("vcs", "publish", {"workspace": "w", "remote": "sandbox"})
    call(begin(tmp_path / "j"), Server(), publish)
    server = Server()

    call(again(tmp_path / "j")[0], server, publish)

    assert server.calls == [publish]


def test_a_veto_is_remembered(tmp_path: Path) -> None:
    verdict = Verdict("rollback", "near-identical-edit", "again", (1, 2), rollback_to="c0", rung="fresh-context")
    with pytest.raises(RollbackForced):
        call(begin(tmp_path / "j"), Server(verdict), EDIT)
    server = Server()

    with pytest.raises(RollbackForced) as veto:
        call(again(tmp_path / "j")[0], server, EDIT)
    assert (veto.value.verdict, server.calls) == (verdict, [])


def test_a_model_is_not_asked_twice_and_its_failure_is_remembered(tmp_path: Path) -> None:
    async def plan() -> Plan:
        return PLAN

    async def fail() -> Plan:
        raise ModelFailed("it said nothing")

    async def never() -> Plan:
        raise AssertionError("asked again")

    async def first(journal: Journal) -> None:
        await journal.answered("plan", Plan, plan)
        with pytest.raises(ModelFailed):
            await journal.answered("plan", Plan, fail)

    async def second(journal: Journal) -> Plan:
        known = await journal.answered("plan", Plan, never)
        with pytest.raises(ModelFailed, match="it said nothing"):
            await journal.answered("plan", Plan, never)
        return known

    asyncio.run(first(begin(tmp_path / "j")))
    assert asyncio.run(second(again(tmp_path / "j")[0])) == PLAN


def test_a_line_that_a_killed_host_was_writing_is_dropped(tmp_path: Path) -> None:
    call(begin(tmp_path / "j"), Server(), EDIT)
    whole = (tmp_path / "j").read_bytes()
    for length in range(len(whole) - 40, len(whole)):
        (tmp_path / "j").write_bytes(whole[:length])
        journal, _ = again(tmp_path / "j")
        journal.name_guard("g1")
        assert read(tmp_path / "j").guard == "g1"


def test_what_was_spent_is_known_to_the_next_host(tmp_path: Path) -> None:
    meter = Meter(Limits(), Spent(10, 20, 30))
    Journal(tmp_path / "j", meter).begin({})

    spent = read(tmp_path / "j").spent
    assert (spent.seconds >= 10, spent.tokens, spent.test_runs) == (True, 20, 30)


def test_without_a_journal_a_run_can_not_be_taken_up(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="is gone"):
        read(tmp_path / "none")


def test_a_journal_is_for_its_owner_alone(tmp_path: Path) -> None:
    begin(tmp_path / "journals" / "j")

    assert (tmp_path / "journals" / "j").stat().st_mode & 0o077 == 0
