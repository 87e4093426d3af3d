"""The history on disk: what was asked, answered and recorded, in one SQLite file, enough to judge on from it."""

import dataclasses
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loopcutter_loopguard.errors import StoreError, UnknownRun

VERSION = 1
RECALLED = 2_000
"""Entries read back when a run is taken up again; older ones only when they decided something."""
KEPT = 20_000
"""Entries of one run that stay on disk."""
LONGEST = 200_000
"""Characters of one text that are kept."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    run TEXT PRIMARY KEY, label TEXT NOT NULL, ladder TEXT NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, step INTEGER NOT NULL, what TEXT NOT NULL,
    weighty INTEGER NOT NULL, ts REAL NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entries_of_run ON entries (run, seq);
"""


@dataclass(frozen=True)
class Entry:
    """One thing that happened in a run: a `review`, a `record` or a `reset`."""

    step: int
    what: str
    body: Mapping[str, Any]
    seq: int = 0
    ts: float = 0.0


class Store:
    """Keeps the entries of all runs. `None` as path keeps them in memory only."""

    def __init__(self, path: Path | None) -> None:
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                ":memory:" if path is None else path, isolation_level=None, check_same_thread=False
            )
            self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA)
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"the history {path} can't be opened: {error}. Pass another file with --store.") from error
        if version > VERSION:
            raise StoreError(
                f"the history {path} was made by a newer loopguard. Update loopcutter or pass another --store."
            )
        self._db.execute(f"PRAGMA user_version = {VERSION}")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def begin(self, run: str, label: str, ladder: tuple[str, ...]) -> None:
        """Note that a run has begun."""
        self._db.execute("INSERT INTO runs VALUES (?, ?, ?, ?)", (run, label, json.dumps(ladder), time.time()))

    def ladder(self, run: str) -> tuple[str, ...]:
        """The ladder the run was begun with."""
        row = self._db.execute("SELECT ladder FROM runs WHERE run = ?", (run,)).fetchone()
        if row is None:
            raise UnknownRun(run)
        return tuple(json.loads(row[0]))

    def append(self, run: str, entry: Entry, weighty: bool) -> None:
        """Add one entry. `weighty` ones decide something for good and are read back however old they are."""
        body = json.dumps(_plain(entry.body), ensure_ascii=True)
        row = (run, entry.step, entry.what, int(weighty), time.time(), body)
        cursor = self._db.execute(
            "INSERT INTO entries (run, step, what, weighty, ts, body) VALUES (?, ?, ?, ?, ?, ?)", row
        )
        if cursor.lastrowid and cursor.lastrowid % 1000 == 0:
            self._forget(run)

    def recall(self, run: str) -> Iterator[Entry]:
        """What is needed to judge on, oldest first."""
        newest = "SELECT seq FROM entries WHERE run = ? ORDER BY seq DESC LIMIT 1 OFFSET ?"
        row = self._db.execute(newest, (run, RECALLED)).fetchone()
        rows = self._db.execute(
            "SELECT step, what, body, seq, ts FROM entries WHERE run = ? AND (weighty OR seq > ?) ORDER BY seq",
            (run, row[0] if row else 0),
        )
        for step, what, body, seq, ts in rows:
            yield Entry(step, what, json.loads(body), seq, ts)

    def latest(self, run: str, limit: int) -> list[Entry]:
        """The last entries of a run, oldest first."""
        rows = self._db.execute(
            "SELECT step, what, body, seq, ts FROM entries WHERE run = ? ORDER BY seq DESC LIMIT ?", (run, limit)
        ).fetchall()
        return [Entry(step, what, json.loads(body), seq, ts) for step, what, body, seq, ts in reversed(rows)]

    def _forget(self, run: str) -> None:
        self._db.execute(
            "DELETE FROM entries WHERE run = ? AND NOT weighty AND seq <= "
            "(SELECT seq FROM entries WHERE run = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)",
            (run, run, KEPT),
        )


def _plain(value: Any, depth: int = 0) -> Any:
    """What JSON can hold, with endless texts cut."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[: LONGEST // 2] + value[-LONGEST // 2 :]
    if depth > 40:
        return None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name), depth + 1) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner, depth + 1) for inner in value]
    return value
