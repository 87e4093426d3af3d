"""`loopcutter-sandbox guard` as another program uses it."""

import json
import subprocess
import sys


def guard(*lines: bytes) -> list[dict[str, object]]:
    """What the command answers to these lines."""
    command = [sys.executable, "-m", "loopcutter_sandbox", "guard"]
    done = subprocess.run(command, input=b"\n".join(lines), capture_output=True, check=True)
    assert done.stderr == b""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_line_is_answered_and_a_malformed_one_stops_nothing() -> None:
    answers = guard(
        b'{"command": "pytest -q"}',
        b"no json",
        b"",
        b'{"command": 3}',
        b'["pytest"]',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"command": "rm -rf /\xc3\xa9", "more": 1}',
        b'{"command": "eval \\"$x\\" \\ud800"}',
    )
    assert [(one.get("verdict"), one.get("rule"), one.get("line")) for one in answers] == [
        ("allow", "", None),
        (None, None, 2),
        (None, None, 4),
        (None, None, 5),
        (None, None, 6),
        (None, None, 7),
        ("block", "delete-outside", None),
        ("opaque", "hidden-program", None),
    ]
    assert answers[0] == {"command": "pytest -q", "verdict": "allow", "rule": "", "why": ""}
    assert answers[1]["error"] == 'line 2 is no JSON; write one {"command": "..."} a line'
