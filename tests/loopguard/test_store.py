"""The history on disk."""

from pathlib import Path

import pytest

from loopcutter_loopguard.errors import StoreError, UnknownRun
from loopcutter_loopguard.events import Call, Outcome
from loopcutter_loopguard.policy import default
from loopcutter_loopguard.runs import Runs
from loopcutter_loopguard.store import Entry, Store

CALL = Call("", "shell", {"command": "cat tax.py"})


def test_what_decided_something_is_recalled_however_old(tmp_path: Path) -> None:
    store = Store(tmp_path / "h.sqlite")
    store.begin("g1", "", ())
    store.append("g1", Entry(0, "reset", {"reason": "first"}), weighty=True)
    for number in range(2100):
        store.append("g1", Entry(number, "reset", {"reason": str(number)}), weighty=False)
    recalled = [entry.body["reason"] for entry in store.recall("g1")]
    assert recalled[0] == "first"
    assert len(recalled) == 2001
    store.close()


def test_a_run_goes_on_after_a_restart_as_if_nothing_had_happened(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    store = Store(path)
    before = Runs(store, default())
    run = before.begin()
    for _ in range(2):
        before.record(run, Outcome(CALL, False, "cat: tax.py: No such file"))
    store.close()
    store = Store(path)
    assert Runs(store, default()).review(run, CALL).decision == "block"
    store.close()


def test_an_unknown_run_is_an_error(tmp_path: Path) -> None:
    store = Store(None)
    with pytest.raises(UnknownRun, match="Start one with `begin`"):
        Runs(store, default()).review("g9", CALL)
    store.close()


def test_a_file_that_is_no_history_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    path.write_text("this is no database at all, and it is long enough to be sure of that" * 20, encoding="utf-8")
    with pytest.raises(StoreError, match="can't be opened"):
        Store(path)


def test_endless_texts_are_cut_on_disk() -> None:
    store = Store(None)
    store.begin("g1", "", ())
    store.append("g1", Entry(0, "reset", {"reason": "x" * 1_000_000}), weighty=False)
    assert len(store.latest("g1", 1)[0].body["reason"]) == 200_000
    store.close()
