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
    """Pairs each action with its observation; what the log says of it afterwards is added."""
    called: dict[str, Any] | None = None
    done: dict[str, Any] | None = None
    number, said = 0, ""
    for kind, body in entries:
        if kind == "thought":
            said = str(body.get("text") or "")
        elif kind == "action":
            if done is not None:
                yield done
            name = ".".join(str(body[key]) for key in ("server", "tool") if body.get(key))
            called, done = {"step": number, "tool": name, "args": body.get("arguments") or {}, "text": said}, None
            said = ""
        elif kind == "observation" and called is not None:
            tree = called["args"].get("tree") if isinstance(called["args"], Mapping) else None
            result = {"ok": bool(body.get("ok")), "output": str(body.get("text") or ""), "exit_code": None}
            done, called = {**called, "result": result, "tree": tree, **_known(body)}, None
            number += 1
        elif kind in ("edit", "test", "checkpoint", "rollback") and done is not None:
            done |= _known(body)
            if kind == "checkpoint" and body.get("id"):
                done["checkpoint"] = body["id"]
    if done is not None:
        yield done


def _known(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: body[key] for key in ("tree", "diff", "checkpoint") if isinstance(body.get(key), str)} | {
        key: body[key] for key in ("tests",) if isinstance(body.get(key), Mapping)
    }
