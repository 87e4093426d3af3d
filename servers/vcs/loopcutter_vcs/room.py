"""Where a running server keeps the worktrees of its attempts, and how those of dead servers are swept away.

Worktrees are no more than a laid out checkpoint: whoever is missing one lays it out again.
"""

import fcntl
import json
import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from loopcutter_vcs.removal import remove_all

_ALIVE = ".alive"


@dataclass
class Room:
    """The folder of one server under `work`, claimed by a lock that the kernel drops when the server dies."""

    folder: Path
    _claim: int

    @classmethod
    def claim(cls, work: Path) -> "Room":
        """A new room; nobody sweeps it while this process lives."""
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            folder = work / secrets.token_hex(6)
            claim = _claimed(_sign(folder), os.O_CREAT | os.O_EXCL)
            if claim is not None:
                break
        # Only for people who look; the lock is what counts: process numbers come round again.
        os.write(claim, json.dumps({"pid": os.getpid(), "started": time.time()}).encode())
        folder.mkdir(mode=0o700)
        return cls(folder, claim)

    def leave(self) -> None:
        """Take down the worktrees."""
        remove_all(self.folder)
        _sign(self.folder).unlink(missing_ok=True)
        os.close(self._claim)


def sweep(work: Path) -> None:
    """Take down the rooms of servers that are no more."""
    for sign in work.glob(f"*{_ALIVE}"):
        with suppress(FileNotFoundError):
            claim = _claimed(sign)
            if claim is not None:
                Room(sign.with_suffix(""), claim).leave()


def _sign(folder: Path) -> Path:
    return folder.with_suffix(_ALIVE)


def _claimed(sign: Path, flags: int = 0) -> int | None:
    """`sign` opened and locked, unless another process holds it or took it down meanwhile."""
    opened = os.open(sign, os.O_RDWR | os.O_CLOEXEC | flags, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(opened).st_ino == sign.stat().st_ino:
            return opened
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(opened)
    return None
