"""Finds the last Python traceback in what a command printed."""

import re

from loopcutter_sandbox.place import WORKSPACE
from loopcutter_sandbox.report import Failure, Frame

_HEAD = "Traceback (most recent call last):"
_PLACE = re.compile(r'\s*File "(?P<path>[^"\n]+)", line (?P<line>\d+)(?:, in (?P<function>.+))?')
_END = re.compile(r"(?P<exception>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?")
_FRAMES = 30


def last_failure(test: str, text: str, exit_code: int | None) -> Failure:
    """The failure of a command: its last traceback, or only its exit code."""
    lines = text.splitlines()
    try:
        start = len(lines) - 1 - lines[::-1].index(_HEAD)
    except ValueError:
        start = None
    if start is None:
        tail = "\n".join(lines[-10:])
        return Failure(test, "", 0, "ExitCode", f"exit code {exit_code}\n{tail}".strip(), ())
    frames = []
    exception, message = "", ""
    for position in range(start + 1, len(lines)):
        place = _PLACE.fullmatch(lines[position])
        if place is not None:
            code = lines[position + 1].strip() if position + 1 < len(lines) else ""
            path = _inside(place["path"])
            if path is not None:
                frames.append(Frame(path, int(place["line"]), place["function"] or "", code))
        elif lines[position] and not lines[position][0].isspace():
            end = _END.match(lines[position])
            if end is not None:
                exception = end["exception"].rpartition(".")[2]
                message = "\n".join([end["message"] or "", *lines[position + 1 : position + 20]]).strip()
            break
    deepest = frames[-1] if frames else Frame("", 0, "", "")
    return Failure(test, deepest.path, deepest.line, exception, message, tuple(frames[-_FRAMES:]))


def _inside(path: str) -> str | None:
    if path.startswith(f"{WORKSPACE}/"):
        return path.removeprefix(f"{WORKSPACE}/")
    return None if path.startswith(("/", "<")) else path
