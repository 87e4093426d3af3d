"""The run log: append-only, in order, without holes, and safe to read while it is written."""

import json
import stat
from pathlib import Path

from loopcutter_host.runlog import Event, RunLog, events, find, summaries


def test_what_is_written_is_read_back_in_order_and_without_holes(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "runs.sqlite", "r1")
    log.write("run.start", repository="/r", issue="it breaks")
    log.span = "attempt-1"
    log.write("edit", diff="+1")

    read = list(events(tmp_path / "runs.sqlite", "r1"))

    assert [(event.seq, event.type, event.span, event.body) for event in read] == [
        (1, "run.start", None, {"repository": "/r", "issue": "it breaks"}),
        (2, "edit", "attempt-1", {"diff": "+1"}),
    ]


def test_two_runs_count_for_themselves(tmp_path: Path) -> None:
    first, second = (RunLog(tmp_path / "runs.sqlite", name) for name in ("r1", "r2"))
    for log in (first, second, first, second, first):
        log.write("state", state="read")

    assert [event.seq for event in events(tmp_path / "runs.sqlite", "r1")] == [1, 2, 3]
    assert [event.seq for event in events(tmp_path / "runs.sqlite", "r2")] == [1, 2]


def test_a_log_that_is_opened_again_goes_on_counting(tmp_path: Path) -> None:
    RunLog(tmp_path / "runs.sqlite", "r1").write("run.start")
    RunLog(tmp_path / "runs.sqlite", "r1").write("run.end", outcome="crashed")

    assert [event.seq for event in events(tmp_path / "runs.sqlite", "r1")] == [1, 2]


def test_listeners_get_the_envelope_that_is_on_disk(tmp_path: Path) -> None:
    heard: list[Event] = []
    log = RunLog(tmp_path / "runs.sqlite", "r1", (heard.append,))
    log.write("thought", text="ünïcode \N{SNOWMAN}", nested={"list": [1, None]})

    assert heard == list(events(tmp_path / "runs.sqlite", "r1"))
    assert json.loads(heard[0].line())["body"] == {"text": "ünïcode ☃", "nested": {"list": [1, None]}}


def test_a_huge_text_is_cut_and_says_so(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "runs.sqlite", "r1")
    event = log.write("observation", text="x" * 1_000_000, parts=["y" * 1_000_000])

    assert len(event.line()) < 70_000
    assert event.body["text"].endswith("more characters)")


def test_the_log_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    RunLog(tmp_path / "runs.sqlite", "r1").write("run.start")

    assert stat.S_IMODE((tmp_path / "runs.sqlite").stat().st_mode) == 0o600


def test_runs_are_found_by_the_beginning_of_their_name_and_the_newest_as_last(tmp_path: Path) -> None:
    for name in ("20260101-a", "20260102-b", "2026_1"):
        RunLog(tmp_path / "runs.sqlite", name).write("run.start")

    assert find(tmp_path / "runs.sqlite", "202601") == ["20260102-b", "20260101-a"]
    assert find(tmp_path / "runs.sqlite", "2026_") == ["2026_1"]
    assert find(tmp_path / "runs.sqlite", "last") == ["2026_1"]
    assert find(tmp_path / "none.sqlite", "last") == []


def test_a_summary_tells_how_a_run_ended_or_that_it_goes_on(tmp_path: Path) -> None:
    ended, going = (RunLog(tmp_path / "runs.sqlite", name) for name in ("r1", "r2"))
    for log in (ended, going):
        log.write("run.start", repository="/r", issue="it breaks")
        log.write("edit")
    ended.write("run.end", outcome="fixed")

    found = [(summary.run, summary.outcome, summary.attempts) for summary in summaries(tmp_path / "runs.sqlite")]

    assert found == [("r2", "running", 1), ("r1", "fixed", 1)]
