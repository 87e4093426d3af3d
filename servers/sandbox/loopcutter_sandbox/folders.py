"""Folders of one server: found again by the next one when the server has died, and removed whatever lies in them."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

_PREFIX = "loopcutter-sandbox-"
_YOUNG = 60.0
_MEMORY = Path("/dev/shm")
_ENOUGH = 4 << 30
"""Free bytes from which on a file system in memory is used."""


def quick() -> Path:
    """Where files are made fastest: in memory where there is plenty and programs may be started from it."""
    with contextlib.suppress(OSError, AttributeError):
        facts = os.statvfs(_MEMORY)
        if (
            facts.f_bavail * facts.f_frsize > _ENOUGH
            and not facts.f_flag & os.ST_NOEXEC
            and os.access(_MEMORY, os.W_OK)
        ):
            return _MEMORY
    return Path(tempfile.gettempdir())


def possible() -> set[Path]:
    """Where servers that chose by `quick` may have left something: how much is free changes with the time."""
    return {place for place in (_MEMORY, Path(tempfile.gettempdir())) if place.is_dir()}


def locked(parent: Path) -> tuple[Path, int]:
    """A new folder, and the descriptor of the lock that shows it to be in use."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        descriptor = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # a sweeping server was faster and is removing it
            os.close(descriptor)
            continue
        return folder, descriptor


def sweep(parent: Path) -> None:
    """Remove what servers left behind that are no more: folders of ours whose lock nobody holds."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            facts = folder.lstat()
            if facts.st_uid != os.geteuid() or folder.is_symlink():
                continue
            lock = folder / "lock"
            if not lock.exists() and time.time() - facts.st_mtime < _YOUNG:
                continue
            descriptor = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(folder)
            finally:
                os.close(descriptor)


def remove(folder: Path) -> None:
    """Remove `folder`, whatever permissions and depths a run has left in it."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        # shutil gives up on folders without permissions and, being recursive, on very deep ones.
        for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
            subprocess.run([*command, "--", str(folder)], capture_output=True, check=False)
