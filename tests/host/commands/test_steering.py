"""What `pause`, `resume` and `nudge` say of a run that can't hear them."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from loopcutter_host import lease
from loopcutter_host.commands.steering import nudge, pause, resume
from loopcutter_host.folders import Folders
from loopcutter_host.orders import Orders
from loopcutter_host.runlog import RunLog


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    monkeypatch.setenv("LOOPCUTTER_STATE", str(tmp_path / "state"))
    return Folders.of_user()


@pytest.fixture
def run(folders: Folders) -> Iterator[RunLog]:
    log = RunLog(folders.run_log, "r1")
    log.write("run.start", repository="/r", issue="it breaks")
    yield log
    log.close()


def said(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.parametrize("order", [pause, lambda name: resume(name, json_output=False), lambda name: nudge(name, "hi")])
def test_a_run_that_is_unknown_over_or_elsewhere_gets_no_word(
    folders: Folders, run: RunLog, capsys: pytest.CaptureFixture[str], order: Callable[[str], int]
) -> None:
    assert (order("r2"), "there is no run 'r2'" in said(capsys)) == (2, True)
    run.write("run.end", outcome="gave-up")
    assert (order("r1"), "run r1 is over: gave-up" in said(capsys)) == (2, True)
    with closing(sqlite3.connect(folders.run_log)) as log:
        log.execute("UPDATE event SET node = 'node-b'")
        log.commit()
    assert (order("r1"), "run r1 belongs to machine node-b" in said(capsys)) == (2, True)


@pytest.mark.parametrize("order", [pause, lambda name: nudge(name, "hi")])
def test_a_run_that_was_cut_off_is_to_be_taken_up_first(
    folders: Folders, run: RunLog, capsys: pytest.CaptureFixture[str], order: Callable[[str], int]
) -> None:
    folders.journals.mkdir()
    folders.journal("r1").touch()

    assert (order("r1"), "resume r1" in said(capsys)) == (2, True)


def test_a_run_that_is_not_paused_is_not_resumed(
    folders: Folders, run: RunLog, capsys: pytest.CaptureFixture[str]
) -> None:
    with lease.held(folders.locks, "r1"):
        assert (resume("r1", json_output=False), "is not paused" in said(capsys)) == (2, True)


def test_a_word_waits_for_a_host_that_is_busy(
    folders: Folders, run: RunLog, capsys: pytest.CaptureFixture[str]
) -> None:
    with lease.held(folders.locks, "r1"):
        assert (nudge("r1", "look at cart.py", patience=0.1), "hears it later" in said(capsys)) == (0, True)

    orders = Orders(folders.run_log, "r1")
    assert [(order.command, order.text) for order in orders.new()] == [("nudge", "look at cart.py")]
    orders.close()


@pytest.mark.parametrize("text", ["", " \n", "x" * 5000, "@/no/such/file"])
def test_a_nudge_that_can_not_be_used_is_refused(
    folders: Folders, run: RunLog, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    with lease.held(folders.locks, "r1"):
        assert (nudge("r1", text), "the nudge" in said(capsys)) == (2, True)
