"""What a person sees of a run without a terminal: plain lines, one for each thing that happened."""

import io
from pathlib import Path

from rich.console import Console

from loopcutter_host.runlog import RunLog
from loopcutter_host.view import View


def seen(folder: Path, *events: tuple[str, dict[str, object]]) -> list[str]:
    out = io.StringIO()
    view = View(Console(file=out, highlight=False, soft_wrap=True))
    log = RunLog(folder / "runs.sqlite", "r1", (view,))
    for kind, body in events:
        log.write(kind, **body)  # type: ignore[arg-type]
    return out.getvalue().splitlines()


def test_an_edit_shows_the_lines_that_changed(tmp_path: Path) -> None:
    diff = "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n"

    assert seen(tmp_path, ("edit", {"changed": ["x.py"], "diff": diff})) == [
        "  edit     x.py",
        "           -a = 1",
        "           +a = 2",
    ]


def test_a_long_edit_is_cut_and_says_so(tmp_path: Path) -> None:
    diff = "".join(f"+line {number}\n" for number in range(100))

    lines = seen(tmp_path, ("edit", {"changed": ["x.py"], "diff": diff}))

    assert (len(lines), lines[-1].strip()) == (26, "… 76 more lines")


def test_a_rollback_names_the_reason_and_the_approach_that_is_forced(tmp_path: Path) -> None:
    verdict = {"decision": "rollback", "reason": "the third of its kind", "rung": "next-place", "directive": "words"}

    assert seen(tmp_path, ("verdict", verdict), ("rollback", {"checkpoint": "c1"})) == [
        "  guard    VETO and rollback: the third of its kind",
        "           another approach is forced: next-place",
        "  rollback workspace is back at c1",
    ]


def test_words_of_a_model_are_shown_as_words(tmp_path: Path) -> None:
    lines = seen(tmp_path, ("thought", {"text": "[red]not markup[/red] :smile:", "model": "m"}))

    assert lines == ["  think    [red]not markup[/red] :smile:"]


def test_escape_sequences_of_strangers_do_not_reach_the_terminal(tmp_path: Path) -> None:
    lines = seen(tmp_path, ("test", {"summary": "\x1b[2Jall green\r\u202e", "status": "failed"}))

    assert lines == ["  test     \\x1b[2Jall green\\r\\u202e"]


def test_states_are_silent_without_a_terminal(tmp_path: Path) -> None:
    assert seen(tmp_path, ("state", {"state": "read"}), ("run.end", {"outcome": "fixed"})) == []
