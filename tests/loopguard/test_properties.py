"""What must hold for every run there can be."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from staging import decisions, edit, red, shell, step, verdicts

from loopcutter_loopguard.judge import Judge
from loopcutter_loopguard.policy import default
from loopcutter_loopguard.replay import STRICTNESS, outcome_of

SETTINGS = settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
COMMANDS = st.sampled_from(
    [
        "ls",
        "pytest -q",
        "cat a | head -3",
        "sed -i s/a/b/ x.py",
        "if (",
        "grep -rn x .",
        "sleep 5; cat f",
        "cat <<E > f\nx\nE",
    ]
)
NAMES = st.sampled_from(
    [
        "command",
        "path",
        "old_str",
        "new_str",
        "content",
        "edits",
        "query",
        "start_line",
        "patch",
        "code",
        "source",
        "symbol",
    ]
)
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "tool": st.sampled_from(["shell", "edit_file", "read_file", "", "@user", "vcs.edit", "search", "none"])
        | ANYTHING,
        "args": st.dictionaries(NAMES, COMMANDS | ANYTHING, max_size=5) | ANYTHING,
        "text": ANYTHING,
        "result": st.fixed_dictionaries({}, optional={"ok": ANYTHING, "output": ANYTHING, "exit_code": ANYTHING})
        | ANYTHING,
        "diff": st.just("--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n") | ANYTHING,
        "tests": st.fixed_dictionaries({}, optional={"passed": ANYTHING, "failed": ANYTHING, "errors": ANYTHING})
        | ANYTHING,
        "tree": st.sampled_from(["t1", "t2"]) | ANYTHING,
    },
)
MOVES = st.sampled_from(
    [
        shell("cat missing.py", "cat: missing.py: No such file or directory", False),
        shell("ls", "a.py"),
        shell("pytest -q", "1 failed: assert 1 == 2", False),
        red(),
        edit("return a - b", "return a + b"),
        edit("return a + b", "return a - b"),
        edit("return a - b", "return a - b * 2  # so"),
        step("search", "No matches found", query="total"),
        step("", text="I should look at the discount first."),
    ]
)
RUNS = st.lists(MOVES, max_size=25)


@SETTINGS
@given(st.lists(EVENTS, max_size=12))
def test_nothing_of_the_right_shape_makes_it_raise(events: list[dict[str, Any]]) -> None:
    assert len(verdicts(events)) == len(events)


@SETTINGS
@given(RUNS)
def test_judging_twice_gives_the_same_verdicts(run: list[dict[str, Any]]) -> None:
    assert verdicts(run) == verdicts(json.loads(json.dumps(run)))


@SETTINGS
@given(RUNS, st.integers(0, 25))
def test_what_comes_later_never_changes_an_earlier_verdict(run: list[dict[str, Any]], cut: int) -> None:
    assert verdicts(run[:cut]) == verdicts(run)[:cut]


@SETTINGS
@given(RUNS, MOVES)
def test_progress_never_makes_the_next_verdict_stricter(run: list[dict[str, Any]], last: dict[str, Any]) -> None:
    progress = [
        step("write_file", "written", path="new/feature.py", content="def feature():\n    return 42\n"),
        {
            **shell("make check", "3 passed"),
            "tests": {"passed": ["test_a", "test_b", "test_new"], "failed": [], "errors": []},
        },
    ]
    without = decisions([*run, last])[-1]
    with_progress = decisions([*run, *progress, last])[-1]
    assert STRICTNESS[with_progress] <= STRICTNESS[without]


@SETTINGS
@given(RUNS)
def test_asking_without_telling_leaves_the_history_as_it_is(run: list[dict[str, Any]]) -> None:
    judge = Judge(default())
    for event in run:
        outcome, text = outcome_of(event)
        judge.record(outcome, text)
    before = judge.history.total, judge.history.workspace.state, len(judge.history.steps)
    judge.review(outcome_of(red())[0].call)
    assert (judge.history.total, judge.history.workspace.state, len(judge.history.steps)) == before
