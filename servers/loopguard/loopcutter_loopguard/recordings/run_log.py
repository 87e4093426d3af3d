"""Run logs of Loopcutter itself: SQLite, one envelope an event."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from loopcutter_loopguard.errors import RecordingError

_MAGIC = b"SQLite format 3\x00"


def recognises(path: Path) -> bool:
    """Whether the file is a SQLite database."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def events(path: Path, run: str = "") -> Iterator[Mapping[str, Any]]:
    """The calls of one run, the newest when none is named, each with what came of it."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as log:
            rows = log.execute(
                "SELECT type, body FROM event WHERE run = ? ORDER BY seq", (run or _newest(log, path),)
            ).fetchall()
    except sqlite3.Error as error:
        raise RecordingError(
            str(path), 0, f"this database is no run log ({error}). Pass a run log of loopcutter-host."
        ) from None
    yield from _steps([(kind, json.loads(body)) for kind, body in rows])


def _newest(log: sqlite3.Connection, path: Path) -> str:
    row = log.execute("SELECT run FROM event ORDER BY rowid DESC LIMIT 1").fetchone()
    if row is None:
        raise RecordingError(str(path), 0, "the run log is empty. Record a run first.")
    return str(row[0])


def _steps(entries: list[tuple[str, Mapping[str, Any]]]) -> Iterator[Mapping[str, Any]]:
    """Pairs each action with its observation; tree, diff and checkpoint follow as events of their own."""
    step = 0
    waiting: dict[str, Any] | None = None
    said = ""
    for kind, body in entries:
        if kind == "thought":
            said = str(body.get("text") or "")
        elif kind == "action":
            name = ".".join(str(body[key]) for key in ("server", "tool") if body.get(key))
            waiting = {"tool": name, "args": body.get("arguments") or {}, "text": said}
            said = ""
        elif kind == "observation" and waiting is not None:
            known = {key: body[key] for key in ("tree", "diff", "tests", "checkpoint") if body.get(key) is not None}
            result = {"ok": bool(body.get("ok")), "output": str(body.get("text") or ""), "exit_code": None}
            tree = waiting["args"].get("tree") if isinstance(waiting["args"], Mapping) else None
            yield {"step": step, **waiting, "result": result, "tree": tree, **known}
            step += 1
            waiting = None
