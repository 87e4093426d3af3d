"""Words of the user to a run that another process works on: rows beside the run log, which only its owner can read.

Whoever writes one needs no port and no signal, and the host finds it however busy it was. What the host has heard it
writes to the log as a `cmd` event that carries the order's number, so a run that is taken up again knows as well.
"""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from loopcutter_host.errors import HostError
from loopcutter_host.runlog import open_log

Command = Literal["pause", "resume", "nudge"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS word (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL, ts REAL NOT NULL, command TEXT NOT NULL, text TEXT NOT NULL
)
"""


@dataclass(frozen=True)
class Order:
    """One word of the user."""

    number: int
    """Counted over all runs; later ones are higher."""
    command: Command
    text: str = ""
    """Only of a nudge: what is to be said to the agent."""


def leave(log: Path, run: str, command: Command, text: str = "") -> int:
    """Leave a word for the host of a run; returns its number."""
    with closing(_open(log)) as connection:
        row = (run, time.time(), command, text)
        try:
            written = connection.execute("INSERT INTO word (run, ts, command, text) VALUES (?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            raise HostError(f"nothing can be said to the run: {error}.", "Free some space and try again.") from error
        return int(written.lastrowid or 0)


class Orders:
    """The host's ear: the orders for one run that it has not heard yet."""

    def __init__(self, log: Path, run: str, heard: int = 0) -> None:
        self._connection = _open(log)
        self._run = run
        self._heard = heard

    def new(self) -> list[Order]:
        """What was said since the last call, in order; nothing when the disk is in trouble just now."""
        query = "SELECT number, command, text FROM word WHERE run = ? AND number > ? ORDER BY number"
        try:
            rows = self._connection.execute(query, (self._run, self._heard)).fetchall()
        except sqlite3.Error:
            return []  # asked again in a moment
        self._heard = max([self._heard, *(number for number, _, _ in rows)])
        return [Order(*row) for row in rows]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _open(log: Path) -> sqlite3.Connection:
    connection = open_log(log)
    try:
        connection.execute(_SCHEMA)
    except sqlite3.Error as error:
        connection.close()
        raise HostError(f"the run log {log} can't be used: {error}.", "Free some space, or move it away.") from error
    return connection
