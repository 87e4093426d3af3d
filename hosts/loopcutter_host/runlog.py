"""The run log: append-only, one envelope an event, in SQLite. `show`, `runs` and every figure in a report read it."""

import json
import platform
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from loopcutter_host.errors import HostError

EventType = Literal[
    "run.start",
    "state",
    "thought",
    "action",
    "verdict",
    "observation",
    "test",
    "edit",
    "checkpoint",
    "rollback",
    "reflection",
    "hw",
    "cmd",
    "run.end",
]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL, seq INTEGER NOT NULL, ts REAL NOT NULL, node TEXT NOT NULL,
    type TEXT NOT NULL, span TEXT, body TEXT NOT NULL,
    UNIQUE (run, seq)
)
"""

_MAX_TEXT = 32_000
"""Longest string kept in a body; the log tells what happened, it is no archive of outputs."""


@dataclass(frozen=True)
class Event:
    """One envelope. Its fields are the interface of `--json`, `show --json` and every reader of the log."""

    v: int
    seq: int
    """Counted from 1 within the run, without holes."""
    run: str
    ts: float
    """Seconds since the epoch."""
    node: str
    """The machine's name."""
    type: str
    span: str | None
    """Groups the events of one attempt: `attempt-3`."""
    body: dict[str, Any]

    def line(self) -> str:
        """The envelope as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Summary:
    """One run in a line, for `runs`."""

    run: str
    started: float
    outcome: str
    """`fixed`, `gave-up`, `aborted`, …; `running` while there is no end."""
    repository: str
    issue: str
    attempts: int
    seconds: float
    last: Event
    """The event it stands at."""


def open_log(path: Path) -> sqlite3.Connection:
    """Open (and make, where needed) the log, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=True)
    if path.stat().st_mode & 0o022:
        raise HostError(f"others can write the run log {path}.", f"Run: chmod 600 {path}")
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_SCHEMA)
    except sqlite3.Error as error:
        connection.close()
        raise HostError(f"the run log {path} can't be opened: {error}.", "Free some space, or move it away.") from error
    return connection


class RunLog:
    """Writes the events of one run and tells the listeners of each."""

    def __init__(self, path: Path, run: str, listeners: tuple[Callable[[Event], None], ...] = ()) -> None:
        self._connection = open_log(path)
        self._listeners = listeners
        self._node = platform.node() or "localhost"
        self.run = run
        self.span: str | None = None
        (last,) = self._connection.execute("SELECT max(seq) FROM event WHERE run = ?", (run,)).fetchone()
        self._seq = last or 0
        self._told: deque[tuple[str, str]] = deque()
        self.ended = False
        """Whether the last event written here was the end of the run."""

    @property
    def seq(self) -> int:
        """Number of the last event."""
        return self._seq

    def expect(self, told: Iterable[Event]) -> None:
        """These events will be written again, because a step that was cut off is taken anew: don't repeat them."""
        self._told.extend((event.type, json.dumps(event.body)) for event in told)

    def write(self, kind: EventType, /, **body: Any) -> Event:
        """Append one event; it is on disk (but for a power cut) when this returns."""
        if self._told and self._told[0] == (kind, json.dumps(_cut(body))):
            self._told.popleft()
            return Event(1, self._seq, self.run, time.time(), self._node, kind, self.span, _cut(body))
        event = Event(1, self._seq + 1, self.run, time.time(), self._node, kind, self.span, _cut(body))
        self._insert(event)
        self._seq = event.seq
        self.ended = kind == "run.end"
        for listener in self._listeners:
            listener(event)
        return event

    def _insert(self, event: Event) -> None:
        statement = "INSERT INTO event (run, seq, ts, node, type, span, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
        body = json.dumps(event.body)
        try:
            self._connection.execute(
                statement, (event.run, event.seq, event.ts, event.node, event.type, event.span, body)
            )
        except sqlite3.Error as error:
            raise HostError(
                f"the run log can't be written: {error}.", "Free some space, or set LOOPCUTTER_STATE."
            ) from error

    def close(self) -> None:
        self._connection.close()


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _MAX_TEXT:
        return f"{value[:_MAX_TEXT]}… ({len(value) - _MAX_TEXT} more characters)"
    if isinstance(value, Mapping):
        return {str(key): _cut(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cut(item) for item in value]
    return value


def events(path: Path, run: str) -> Iterator[Event]:
    """All events of a run, in order."""
    if not path.exists():
        return
    with closing(open_log(path)) as connection:
        query = "SELECT seq, run, ts, node, type, span, body FROM event WHERE run = ? ORDER BY seq"
        for seq, name, ts, node, kind, span, body in connection.execute(query, (run,)):
            yield Event(1, seq, name, ts, node, kind, span, json.loads(body))


def find(path: Path, name: str) -> list[str]:
    """The runs whose names begin with `name`, newest first; `last` is the newest of all."""
    if not path.exists():
        return []
    with closing(open_log(path)) as connection:
        query = "SELECT run FROM event WHERE seq = 1 AND run LIKE ? ESCAPE '\\' ORDER BY position DESC"
        pattern = "%" if name == "last" else name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        found = [run for (run,) in connection.execute(query, (pattern,))]
    return found[:1] if name == "last" else found


def summaries(path: Path, limit: int = 20) -> list[Summary]:
    """The newest runs, newest first."""
    if not path.exists():
        return []
    with closing(open_log(path)) as connection:
        query = "SELECT run FROM event WHERE seq = 1 ORDER BY position DESC LIMIT ?"
        names = [run for (run,) in connection.execute(query, (limit,))]
    return [_summary(list(events(path, name))) for name in names]


def _summary(run: list[Event]) -> Summary:
    start, last = run[0], run[-1]
    return Summary(
        run=start.run,
        started=start.ts,
        outcome=str(last.body.get("outcome", "?")) if last.type == "run.end" else "running",
        repository=str(start.body.get("repository", "")),
        issue=str(start.body.get("issue", "")),
        attempts=sum(event.type == "edit" for event in run),
        seconds=last.ts - start.ts,
        last=last,
    )
