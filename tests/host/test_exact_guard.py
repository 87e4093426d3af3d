"""The guard that Loopcutter is compared with sees identical calls in a row, and nothing else."""

import asyncio

from loopcutter_host.exact_guard import ExactGuard
from loopcutter_loopguard.events import Call, Outcome


def decisions(*calls: Call) -> list[str]:
    async def play() -> list[str]:
        guard, given = ExactGuard(), []
        for call in calls:
            given.append((await guard.review(call)).decision)
            await guard.record(Outcome(call, ok=True, text="done"))
        return given

    return asyncio.run(play())


def edit(text: str, key: str = "") -> Call:
    return Call("vcs", "edit", {"edits": [{"replace": text}], "idempotency_key": key})


def test_the_third_identical_call_in_a_row_ends_the_run() -> None:
    assert decisions(edit("x = 1", "a"), edit("x = 1", "b"), edit("x = 1", "c")) == ["allow", "allow", "stop"]


def test_calls_of_other_tools_in_between_do_not_hide_it() -> None:
    test = Call("sandbox", "run_tests", {"tree": "t"})

    assert decisions(edit("x"), test, edit("x"), Call("sandbox", "run_tests", {"tree": "u"}), edit("x"))[-1] == "stop"


def test_a_blank_more_is_another_call_to_it() -> None:
    assert set(decisions(edit("x = 1"), edit("x  = 1"), edit("x = 1"), edit("x  = 1"))) == {"allow"}


def test_what_the_host_does_by_itself_is_never_cut() -> None:
    assert set(decisions(*[Call("vcs", "publish", {"workspace": "w", "remote": "sandbox"})] * 5)) == {"allow"}
