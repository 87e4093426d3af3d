"""The command line: recordings in, verdicts out."""

import json
import sqlite3
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from staging import shell

from loopcutter_loopguard.__main__ import main

MISSING = shell("cat tax.py", "cat: tax.py: No such file or directory", False)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["replay", *map(str, arguments)])


def told(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def written(path: Path, *values: Any) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def test_every_step_has_a_line_and_the_last_one_sums_up(tmp_path: Path) -> None:
    lines = told(run(written(tmp_path / "r.jsonl", *[MISSING] * 4)))
    assert [line["decision"] for line in lines[:-1]] == ["allow", "warn", "block", "block"]
    assert lines[-1] == {"first_flag": 2, "decision": "block", "kind": "repetition", "steps": 4, "wasted_steps": 2}


def test_a_run_without_a_loop_has_no_first_flag(tmp_path: Path) -> None:
    assert told(run(written(tmp_path / "r.jsonl", shell("ls", "a"))))[-1]["first_flag"] is None


def test_a_batch_has_one_line_a_case(tmp_path: Path) -> None:
    cases = written(
        tmp_path / "c.jsonl", {"id": "loop", "events": [MISSING] * 4}, {"id": "work", "events": [shell("ls", "a")]}
    )
    assert told(run("--batch", cases, "--json")) == [
        {"id": "loop", "first_flag": 2, "decision": "block", "kind": "repetition"},
        {"id": "work", "first_flag": -1, "decision": "allow", "kind": ""},
    ]
    assert told(run("--batch", cases, "--json", "--level", "warn"))[0]["first_flag"] == 1


def test_the_picture_shows_where_the_loop_began_and_what_was_wasted(tmp_path: Path) -> None:
    picture = tmp_path / "out.svg"
    told(run(written(tmp_path / "r.jsonl", *[MISSING] * 4), "--svg", picture))
    drawn = picture.read_text(encoding="utf-8")
    assert "begins at step 0, flagged at step 2 (block), 2 of 4 steps wasted" in drawn
    assert drawn.count("<rect x=") >= 4


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('{"tool": "ls"}\n{oops\n', "line 2: this is no JSON"),
        ('{"tool": "ls"}\n[1]\n', "line 2: an event must be an object"),
        ('{"tool": "ls"}\n{"x": 1}\n', "line 2: neither `tool`"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, lines: str, says: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(lines, encoding="utf-8")
    result = run(path)
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_bad_case_is_named(tmp_path: Path) -> None:
    result = run("--batch", written(tmp_path / "c.jsonl", {"id": "a", "events": []}, {"id": "b"}))
    assert result.exit_code == 2
    assert "line 2" in result.stderr


def test_a_missing_file_and_no_file_at_all_are_errors(tmp_path: Path) -> None:
    assert "there is no such file" in run(tmp_path / "none").stderr
    assert run().exit_code == 2


def test_swe_agent(tmp_path: Path) -> None:
    step = {
        "action": 'find_file "Parser"\n',
        "observation": 'No matches found for "Parser"',
        "thought": "Look.",
        "state": "{}",
    }
    path = written(tmp_path / "a.traj", {"trajectory": [step] * 4, "history": [], "info": {}})
    assert told(run(path))[-1]["first_flag"] == 2


def test_mini_swe_agent(tmp_path: Path) -> None:
    messages = [{"role": "system", "content": ""}, {"role": "user", "content": "Fix."}]
    for _ in range(4):
        messages += [
            {"role": "assistant", "content": "THOUGHT: see\n```bash\ncat tax.py\n```"},
            {"role": "user", "content": "<returncode>1</returncode>\n<output>\nNo such file\n</output>"},
        ]
    path = written(
        tmp_path / "a.traj.json", {"messages": messages, "info": {}, "trajectory_format": "mini-swe-agent-1"}
    )
    assert told(run(path))[-1]["first_flag"] == 2


def test_mini_swe_agent_with_tool_calls(tmp_path: Path) -> None:
    call = {
        "function": {"name": "bash", "arguments": json.dumps({"command": "cat tax.py"})},
        "id": "1",
        "type": "function",
    }
    turn = [{"role": "assistant", "content": None, "tool_calls": [call]}, {"role": "tool", "content": "No such file"}]
    lines = told(
        run(written(tmp_path / "a.traj.json", {"messages": turn * 4, "trajectory_format": "mini-swe-agent-2"}))
    )
    assert [line["tool"] for line in lines[:-1]] == ["bash"] * 4


def test_openhands_old(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = [{"id": 0, "source": "user", "action": "message", "args": {"content": "Fix."}}]
    for number in range(1, 9, 2):
        events += [
            {"id": number, "source": "agent", "action": "run", "args": {"command": "cat tax.py", "thought": "see"}},
            {
                "id": number + 1,
                "source": "agent",
                "observation": "run",
                "cause": number,
                "content": "No such file",
                "extras": {"exit_code": 1},
            },
        ]
    path = tmp_path / "events.json"
    path.write_text(json.dumps(events), encoding="utf-8")
    lines = told(run(path))
    assert [line["tool"] for line in lines[:-1]] == ["@user", "bash", "bash", "bash", "bash"]
    assert lines[-1]["first_flag"] == 3


def test_openhands_new(tmp_path: Path) -> None:
    events = []
    for number in range(4):
        call = {"tool_name": "terminal", "tool_call_id": f"c{number}", "source": "agent"}
        events += [
            {
                **call,
                "kind": "ActionEvent",
                "thought": [{"text": "see"}],
                "action": {"kind": "X", "command": "cat tax.py"},
            },
            {
                **call,
                "kind": "ObservationEvent",
                "observation": {"content": [{"text": "No such file"}], "exit_code": 1},
            },
        ]
    assert told(run(written(tmp_path / "events.jsonl", *events)))[-1]["first_flag"] == 2


def test_atif(tmp_path: Path) -> None:
    steps = [{"step_id": 0, "source": "user", "message": "Fix."}]
    steps += [
        {
            "step_id": number,
            "source": "agent",
            "message": "see",
            "tool_calls": [
                {"tool_call_id": f"c{number}", "function_name": "bash", "arguments": {"command": "cat tax.py"}}
            ],
            "observation": {"results": [{"source_call_id": f"c{number}", "content": "No such file or directory"}]},
        }
        for number in range(1, 5)
    ]
    path = written(tmp_path / "t.json", {"schema_version": "ATIF-v1.4", "agent": {"name": "x"}, "steps": steps})
    assert told(run(path))[-1]["first_flag"] == 3


def test_run_log(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    log = sqlite3.connect(path)
    log.execute("CREATE TABLE event (run TEXT, seq INTEGER, ts REAL, node TEXT, type TEXT, span TEXT, body TEXT)")
    action = {"server": "retrieval", "tool": "search", "arguments": {"query": "total", "tree": "t0"}}
    answer = {"server": "retrieval", "tool": "search", "ok": True, "text": "nothing found"}
    for seq in range(0, 8, 2):
        for offset, (kind, body) in enumerate((("action", action), ("observation", answer))):
            log.execute(
                "INSERT INTO event VALUES ('r1', ?, 0, 'n', ?, NULL, ?)", (seq + offset, kind, json.dumps(body))
            )
    log.commit()
    log.close()
    lines = told(run(path))
    assert lines[0]["tool"] == "retrieval.search"
    assert lines[-1]["first_flag"] == 2


def test_two_runs_under_one_handle_are_judged_without_a_crash(tmp_path: Path) -> None:
    other = [shell(f"cat page{n}.md", f"page {n}") for n in range(4)]
    mixed = [event for pair in zip([MISSING] * 4, other, strict=True) for event in pair]
    assert told(run(written(tmp_path / "r.jsonl", *mixed)))[-1]["first_flag"] == 4


def test_unicode_of_every_kind_is_drawn_and_told(tmp_path: Path) -> None:
    odd = shell("cat \ud800\x00\x1b[31m\u202e.py", "cat: \udfff: No such file \x07", False)
    path = tmp_path / "r.jsonl"
    path.write_text("".join(json.dumps(odd) + "\n" for _ in range(4)), encoding="utf-8")
    picture = tmp_path / "out.svg"
    assert told(run(path, "--svg", picture))[-1]["first_flag"] == 2
    ElementTree.parse(picture)
