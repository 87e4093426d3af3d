"""Recordings of SWE-agent: `.traj`, a list of thought, action and observation."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_EDIT = re.compile(r"^edit\s+(\d+):(\d+)\s*\n(.*?)\n?(?:end_of_edit)?\s*$", re.S)
_COMMANDS = {
    "open": "path", "goto": "line", "create": "path", "scroll_up": "", "scroll_down": "", "submit": "",
    "search_dir": "query", "search_file": "query", "find_file": "query",
}  # fmt: skip


def recognises(document: Any) -> bool:
    """Whether a JSON document is such a recording."""
    steps = document.get("trajectory") if isinstance(document, Mapping) else None
    return isinstance(steps, list) and (not steps or (isinstance(steps[0], Mapping) and "action" in steps[0]))


def events(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Its steps as events. Exit codes were not recorded; whether a step went well is read off its words."""
    for number, step in enumerate(document["trajectory"]):
        if not isinstance(step, Mapping):
            continue
        action = str(step.get("action") or "")
        tool, args = _call(action.strip(), _open_file(step))
        observation = str(step.get("observation") or "")
        result = {"ok": looks_well(observation), "output": observation, "exit_code": None}
        yield {
            "step": number,
            "tool": tool,
            "args": args,
            "text": str(step.get("thought") or step.get("response") or ""),
            "result": result,
        }


_BAD = re.compile(
    r"Traceback \(most recent call last\)|command not found|No such file or directory|syntax error"
    r"|SyntaxError|IndentationError"
    r"|introduced new syntax error|edit was not applied|timed out|TIMED OUT|BUILD FAIL|\berror: "
    r"|^Error[: ]|\bERROR: |^Usage: "
    r"|No replacement was performed|^FAILED |FAILED \(|Permission denied|is not recognized|cannot find symbol",
    re.M,
)


def looks_well(output: str) -> bool:
    """Whether an output shows no sign of failure."""
    return not _BAD.search(output[:6000] + "\n" + output[-3000:])


def _open_file(step: Mapping[str, Any]) -> str:
    state = step.get("state")
    found = re.search(r'"open_file":\s*"([^"]*)"', state) if isinstance(state, str) else None
    if isinstance(state, Mapping):
        return str(state.get("open_file") or "")
    return found.group(1) if found else ""


def _call(action: str, open_file: str) -> tuple[str, dict[str, Any]]:
    if not action:
        return "", {}
    if found := _EDIT.match(action):
        return "edit", {
            "path": open_file,
            "start": int(found.group(1)),
            "end": int(found.group(2)),
            "text": found.group(3),
        }
    word, _, rest = action.partition(" ")
    if word in _COMMANDS and "\n" not in action:
        name = _COMMANDS[word]
        args: dict[str, Any] = {name: rest.strip()} if name and rest else {}
        if word == "goto":
            args["path"] = open_file
        elif word.startswith("scroll"):
            args = {"path": open_file, "line": None}
        return word, args
    return "bash", {"command": action}
