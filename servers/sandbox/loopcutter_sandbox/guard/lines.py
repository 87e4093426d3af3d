"""Judges commands that come as lines of JSON: what `loopcutter-sandbox guard` does with one line."""

import json

from loopcutter_sandbox.guard.judge import judge


def answer(line: bytes, number: int, workspace: str) -> dict[str, str | int]:
    """The verdict on the command in `line`, or what is wrong with it."""
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return _malformed(number, "is no JSON")
    command = asked.get("command") if isinstance(asked, dict) else None
    if not isinstance(command, str):
        return _malformed(number, "names no command")
    found = judge(command, workspace)
    return {"command": command, "verdict": found.verdict, "rule": found.rule, "why": found.why}


def _malformed(number: int, what: str) -> dict[str, str | int]:
    return {"error": f'line {number} {what}; write one {{"command": "..."}} a line', "line": number}
