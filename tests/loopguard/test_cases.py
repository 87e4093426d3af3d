"""Staged runs of every kind: loops are found in time, innocent twins are left alone."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from loopcutter_loopguard.policy import default
from loopcutter_loopguard.replay import judged, summed_up

OWN = Path(__file__).parent / "cases"
STAGED = Path(__file__).parents[2] / "benchmarks" / "loopguard" / "data"
CASES = [
    json.loads(line)
    for folder in (OWN, STAGED)
    for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
]

RENAMED = {
    "shell": "run_terminal_cmd",
    "read_file": "view_file",
    "edit_file": "str_replace",
    "write_file": "create_file",
}
ARGUMENTS = {
    "path": "file_path",
    "old_str": "old_string",
    "new_str": "new_string",
    "command": "cmd",
    "content": "file_text",
}


def first_flag(events: list[dict[str, Any]]) -> int:
    return summed_up(judged(events, default())).first_flag


def is_right(case: dict[str, Any], flagged: int) -> bool:
    return flagged >= case["loop_start"] if case["loop"] else flagged < 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_loops_are_found_and_work_is_left_alone(case: dict[str, Any]) -> None:
    assert is_right(case, first_flag(case["events"])), case["note"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_bare_recordings_without_diff_tests_and_tree_are_judged_as_well(case: dict[str, Any]) -> None:
    if "needs" in case:
        pytest.skip("calls and answers alone do not tell")
    bare = [{name: event[name] for name in ("step", "tool", "args", "text", "result")} for event in case["events"]]
    assert is_right(case, first_flag(bare)), case["note"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_other_names_for_tools_and_arguments_make_no_difference(case: dict[str, Any]) -> None:
    renamed = [
        {
            **event,
            "tool": RENAMED.get(event["tool"], event["tool"]),
            "args": {ARGUMENTS.get(name, name): value for name, value in event["args"].items()},
        }
        for event in case["events"]
    ]
    assert is_right(case, first_flag(renamed)), case["note"]


def test_the_cases_are_what_their_script_stages(tmp_path: Path) -> None:
    before = {name: (OWN / name).read_bytes() for name in ("cases.jsonl", "pairs.json")}
    subprocess.run([sys.executable, str(OWN / "make.py"), str(tmp_path)], check=True)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
