"""A run is held, let go, spoken to and looked over from outside, by the installed command."""

import os
import pty
import select
import subprocess
from pathlib import Path

import pytest
from support.command import BIN, environment, run
from support.live_run import fixing, last_events, running
from support.repository import copy_example, fingerprint
from support.till import ISSUE


@pytest.mark.timeout(240)
def test_a_run_is_paused_told_something_and_let_go_from_another_terminal(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    with running(tmp_path, *fixing(repository, model="builtin")) as live:
        assert live.reach("state read")
        paused = run(tmp_path, "pause", "last")
        assert live.reach("state paused")
        twice = run(tmp_path, "pause", "last")
        listed, shown = run(tmp_path, "runs"), run(tmp_path, "show", "last")
        nudged = run(tmp_path, "nudge", "last", "look at best_tier in till/discount.py")
        empty, endless = run(tmp_path, "nudge", "last", " "), run(tmp_path, "nudge", "last", "x" * 100_000)
        resumed = run(tmp_path, "resume", "last")
        code = live.end()

    assert (paused.code, twice.code, nudged.code, resumed.code, code) == (0, 0, 0, 0, 0), live.err
    assert "is paused already" in twice.out
    assert " paused " in listed.out
    assert "now: paused" in shown.err
    assert (empty.code, endless.code) == (2, 2)
    assert "longer than 4 KiB" in endless.err
    words = [event["body"] for event in live.events if event["type"] == "cmd"]
    assert [word["command"] for word in words] == ["pause", "nudge", "resume"]
    for command in (("pause", "last"), ("nudge", "last", "more"), ("resume", "last")):
        over = run(tmp_path, *command)
        assert (over.code, "is over: fixed" in over.err) == (2, True)


def test_a_dry_run_shows_an_edit_and_makes_none(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    before = fingerprint(repository)

    ended = run(tmp_path, *fixing(repository, "--dry-run", model="builtin"))

    assert ended.code == 0, ended.err
    assert "+    reached = [tier for tier in TIERS if tier.threshold <= subtotal]" in ended.out
    assert "neither tested nor applied" in ended.err
    assert fingerprint(repository) == before
    assert last_events(tmp_path)[-1]["body"]["outcome"] == "planned"
    assert run(tmp_path, *fixing(repository, "--dry-run", "--apply")).code == 2


@pytest.mark.long
def test_a_limit_ends_the_run_with_an_honest_report(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")

    ended = run(tmp_path, *fixing(repository, "--max-tokens", "200"), extra={"LOOPCUTTER_REPAIR": "false"})

    assert (ended.code, "the limit of 200 tokens is reached" in ended.err) == (3, True), ended.err


@pytest.mark.long
def test_a_run_that_was_interrupted_is_taken_up_again(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    with running(tmp_path, *fixing(repository)) as live:
        assert live.reach("vcs.edit attempt-2")
        live.process.terminate()
        assert live.end() == 143

    assert "Go on with it" in live.err
    again = run(tmp_path, "resume", "last")
    assert (again.code, "2 attempts" in again.err) == (0, True), again.err
    assert "tier.threshold <= subtotal" in again.out


def test_without_a_terminal_nobody_can_approve(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")

    ended = run(tmp_path, *fixing(repository, "--interactive"))

    assert (ended.code, "--interactive needs a terminal" in ended.err) == (2, True)


@pytest.mark.timeout(240)
@pytest.mark.skipif(not hasattr(pty, "openpty"), reason="needs a pseudo terminal")
def test_each_edit_is_approved_or_sent_back_with_a_word(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    ours, theirs = pty.openpty()
    command = [str(BIN / "loopcutter-host"), *fixing(repository, "--interactive")]
    with subprocess.Popen(
        command, env=environment(tmp_path), stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True
    ) as host:
        os.close(theirs)
        seen = _answer(ours, ["the rounding is right\n", "y\n"])
        out, _ = host.communicate(timeout=60)
    os.close(ours)

    assert host.returncode == 0, seen
    assert "tier.threshold <= subtotal" in out
    said = [event["body"] for event in last_events(tmp_path) if event["type"] == "cmd"]
    assert [(word["command"], word["text"]) for word in said] == [
        ("refuse", "the rounding is right"),
        ("approve", ""),
    ]
    prompts = [event["body"]["prompt"] for event in last_events(tmp_path) if event["body"].get("step") == "reflect"]
    assert "the user refused this edit, saying: the rounding is right" in prompts[0]


def _answer(terminal: int, answers: list[str]) -> str:
    """Type an answer to each question; all that was shown."""
    shown = ""
    while True:
        ready, _, _ = select.select([terminal], [], [], 90)
        assert ready, shown
        try:
            shown += os.read(terminal, 65_536).decode(errors="replace")
        except OSError:  # the other end was closed
            return shown
        if answers and shown.count("Keep this edit?") > 2 - len(answers):
            os.write(terminal, answers.pop(0).encode())


@pytest.mark.long
def test_a_run_is_judged_again_and_exported(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    with running(tmp_path, "fix", "--repo", str(repository), "--issue", ISSUE) as live:
        assert live.end() == 0, live.err

    assert last_events(tmp_path) == live.events
    judged = run(tmp_path, "replay", "last")
    assert (judged.code, "no loop" in judged.out) == (0, True), judged.err
