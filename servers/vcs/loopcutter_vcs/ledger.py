"""What is remembered of workspaces: which there are, their checkpoints, and the answers already given.

SQLite, so that every step is remembered whole or not at all, whatever happens to the server in between.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loopcutter_vcs.checkpoint import Checkpoint
from loopcutter_vcs.errors import Unknown

_TABLES = """
CREATE TABLE IF NOT EXISTS workspaces (
    id TEXT PRIMARY KEY,
    repository BLOB NOT NULL,
    base TEXT NOT NULL,
    current TEXT NOT NULL,
    left_out TEXT NOT NULL,
    folder BLOB,
    finished INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS checkpoints (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL,
    tree TEXT NOT NULL,
    label TEXT NOT NULL,
    created REAL NOT NULL,
    parent TEXT
);
CREATE INDEX IF NOT EXISTS checkpoints_of ON checkpoints (workspace);
CREATE TABLE IF NOT EXISTS marks (
    workspace TEXT NOT NULL,
    name TEXT NOT NULL,
    checkpoint TEXT NOT NULL,
    PRIMARY KEY (workspace, name)
);
CREATE TABLE IF NOT EXISTS reports (
    workspace TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (workspace, key)
);
"""

_CHECKPOINT = "SELECT id, tree, label, created, parent FROM checkpoints"

_REPORTS_KEPT = 500
"""Of one workspace; who asks again does so soon."""

BEST = "best"
"""The mark of the checkpoint that a workspace falls back on."""

HANDLE = "w"
"""What the handle of every workspace begins with, and that of no checkpoint."""


@dataclass(frozen=True)
class Entry:
    """One workspace, as it stands."""

    id: str
    repository: Path
    """Root of the user's repository it was opened from."""
    base: Checkpoint
    current: Checkpoint
    left_out: tuple[str, ...]
    """Files and folders of the user's tree that the workspace never held: submodules, secrets, huge files."""
    folder: Path | None
    """Where its worktree was last laid out."""
    finished: bool
    best: Checkpoint | None
    """The one marked as the best so far."""


@dataclass(frozen=True)
class Report:
    """The answer to a request, kept so that the same request gets the same answer."""

    scope: str
    """The workspace, or what else the key is known in."""
    key: str
    request: str
    """Fingerprint of what was asked for."""
    report: str


class Ledger:
    """The book of all workspaces of one store folder. It opens itself again after `close`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._book: sqlite3.Connection | None = None
        self._one_at_a_time = threading.Lock()

    def close(self) -> None:
        """Put the book away."""
        with self._one_at_a_time:
            if self._book is not None:
                self._book.close()
                self._book = None

    def add(
        self,
        workspace: str,
        repository: Path,
        base: Checkpoint,
        left_out: tuple[str, ...],
        report: Report | None = None,
    ) -> None:
        """Remember a new workspace, and the `report` of its opening."""
        with self._transaction() as book:
            _remember(book, workspace, base)
            book.execute(
                "INSERT INTO workspaces (id, repository, base, current, left_out) VALUES (?, ?, ?, ?, ?)",
                (workspace, os.fsencode(repository), base.id, base.id, json.dumps(left_out)),
            )
            _keep(book, report)

    def find(self, workspace: str) -> Entry:
        """The workspace called so."""
        with self._transaction() as book:
            row = book.execute("SELECT * FROM workspaces WHERE id = ?", (workspace,)).fetchone()
            if row is None:
                raise Unknown(f"there is no workspace {workspace!r}: open one and use the handle it returns")
            return _entry(book, row)

    def all(self) -> list[Entry]:
        """Every workspace, in the order they were opened."""
        with self._transaction() as book:
            return [_entry(book, row) for row in book.execute("SELECT * FROM workspaces ORDER BY rowid").fetchall()]

    def history(self, workspace: str) -> list[Checkpoint]:
        """Every checkpoint of a workspace, in the order they were made."""
        with self._transaction() as book:
            rows = book.execute(f"{_CHECKPOINT} WHERE workspace = ? ORDER BY rowid", (workspace,)).fetchall()
            return [Checkpoint(*row) for row in rows]

    def checkpoint(self, workspace: str, checkpoint: str) -> Checkpoint:
        """The checkpoint of this workspace called so."""
        with self._transaction() as book:
            return _checkpoint(book, workspace, checkpoint)

    def count(self, workspace: str) -> int:
        """How many checkpoints a workspace has."""
        with self._transaction() as book:
            query = "SELECT COUNT(*) FROM checkpoints WHERE workspace = ?"
            return int(book.execute(query, (workspace,)).fetchone()[0])

    def record(self, workspace: str, *made: Checkpoint, current: Checkpoint, report: Report | None = None) -> None:
        """Remember what was `made`, where the workspace stands now, and the report of the edit that led there."""
        with self._transaction() as book:
            for checkpoint in made:
                _remember(book, workspace, checkpoint)
            book.execute("UPDATE workspaces SET current = ? WHERE id = ?", (current.id, workspace))
            _keep(book, report)

    def mark(self, workspace: str, name: str, checkpoint: Checkpoint) -> None:
        """Give a checkpoint a name that only one of the workspace has: from now on this one."""
        with self._transaction() as book:
            book.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?)", (workspace, name, checkpoint.id))

    def keep(self, report: Report) -> None:
        """Remember the report of what changed nothing here."""
        with self._transaction() as book:
            _keep(book, report)

    def report(self, scope: str, key: str) -> Report | None:
        """The report of the request that carried `key`."""
        with self._transaction() as book:
            row = book.execute("SELECT * FROM reports WHERE workspace = ? AND key = ?", (scope, key)).fetchone()
            return Report(scope, row["key"], row["request"], row["report"]) if row else None

    def is_answered(self, request: str) -> bool:
        """Whether the request `named` so has its report."""
        scope, _, key = request.partition("\0")
        return self.report(scope, key) is not None

    def forget(self, workspace: str) -> None:
        """Remember nothing of a workspace any more."""
        with self._transaction() as book:
            book.execute("DELETE FROM workspaces WHERE id = ?", (workspace,))
            for table in ("checkpoints", "marks", "reports"):
                book.execute(f"DELETE FROM {table} WHERE workspace = ?", (workspace,))
            book.execute("DELETE FROM reports WHERE workspace LIKE ?", (f"% {workspace}",))

    def laid_out(self, workspace: str, folder: Path) -> None:
        """Remember where the worktree is."""
        with self._transaction() as book:
            book.execute("UPDATE workspaces SET folder = ? WHERE id = ?", (os.fsencode(folder), workspace))

    def finish(self, workspace: str, report: Report | None = None) -> None:
        """Remember that the attempt is closed, and the `report` of that."""
        with self._transaction() as book:
            book.execute("UPDATE workspaces SET finished = 1, folder = NULL WHERE id = ?", (workspace,))
            # Nobody can ask for these edits again.
            book.execute("DELETE FROM reports WHERE workspace = ?", (workspace,))
            _keep(book, report)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._one_at_a_time:
            if self._book is None:
                self._book = _opened(self._file)
            with self._book:
                yield self._book


def named(scope: str, key: str) -> str:
    """A request in one word, for those who ask later whether it was answered."""
    return f"{scope}\0{key}"


def _opened(file: Path) -> sqlite3.Connection:
    # One connection for all threads, kept open: to close the last one writes everything to the disk and waits for it.
    book = sqlite3.connect(file, timeout=30, check_same_thread=False)
    book.row_factory = sqlite3.Row
    book.execute("PRAGMA journal_mode = WAL")
    book.execute("PRAGMA synchronous = NORMAL")
    book.executescript(_TABLES)
    return book


def _remember(book: sqlite3.Connection, workspace: str, made: Checkpoint) -> None:
    facts = (made.id, workspace, made.tree, made.label, made.created, made.parent)
    book.execute("INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?, ?)", facts)


def _keep(book: sqlite3.Connection, report: Report | None) -> None:
    if report is not None:
        kept = (report.scope, report.key, report.request, report.report)
        book.execute("INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?)", kept)
        book.execute(
            "DELETE FROM reports WHERE workspace = ?1 AND rowid NOT IN "
            "(SELECT rowid FROM reports WHERE workspace = ?1 ORDER BY rowid DESC LIMIT ?2)",
            (report.scope, _REPORTS_KEPT),
        )


def _entry(book: sqlite3.Connection, row: sqlite3.Row) -> Entry:
    workspace = row["id"]
    best = book.execute("SELECT checkpoint FROM marks WHERE workspace = ? AND name = ?", (workspace, BEST)).fetchone()
    return Entry(
        id=workspace,
        repository=Path(os.fsdecode(row["repository"])),
        base=_checkpoint(book, workspace, row["base"]),
        current=_checkpoint(book, workspace, row["current"]),
        left_out=tuple(json.loads(row["left_out"])),
        folder=Path(os.fsdecode(row["folder"])) if row["folder"] else None,
        finished=bool(row["finished"]),
        best=_checkpoint(book, workspace, best[0]) if best else None,
    )


def _checkpoint(book: sqlite3.Connection, workspace: str, checkpoint: str) -> Checkpoint:
    found = book.execute(f"{_CHECKPOINT} WHERE id = ? AND workspace = ?", (checkpoint, workspace)).fetchone()
    if found is None:
        raise Unknown(f"workspace {workspace} has no checkpoint {checkpoint!r}: use one that it returned")
    return Checkpoint(*found)
