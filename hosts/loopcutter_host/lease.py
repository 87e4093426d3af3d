"""Tells whether a run's host still lives: each host holds a lock that the system frees when the process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(folder: Path, run: str) -> Iterator[None]:
    """Hold the lock of a run for as long as the context lasts; the file tells which process it is."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = _lock(folder, run)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.write(descriptor, str(os.getpid()).encode())
    try:
        yield
    finally:
        _wish(folder, run).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        os.close(descriptor)


def abandoned(folder: Path) -> list[str]:
    """The runs whose host is gone without having said so; their lock files are removed."""
    found = []
    for path in sorted(folder.glob("*.lock")) if folder.is_dir() else ():
        if _is_free(path):
            path.unlink(missing_ok=True)
            found.append(path.stem)
    return found


def holder(folder: Path, run: str) -> int | None:
    """The process that works on a run; None when none does."""
    path = _lock(folder, run)
    if not path.exists() or _is_free(path):
        return None
    return int(path.read_text() or 0) or None


def ask_to_end(folder: Path, run: str) -> None:
    """Leave word that the next signal to this run's host is a person's wish."""
    _wish(folder, run).touch(mode=0o600)


def is_asked_to_end(folder: Path, run: str) -> bool:
    return _wish(folder, run).exists()


def _lock(folder: Path, run: str) -> Path:
    return folder / f"{run}.lock"


def _wish(folder: Path, run: str) -> Path:
    return folder / f"{run}.end"


def _is_free(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)
