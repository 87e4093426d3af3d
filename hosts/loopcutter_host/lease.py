"""Tells whether a run's host still lives: each host holds a lock that the system frees when the process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loopcutter_host.errors import BadUsage


@contextmanager
def held(folder: Path, run: str) -> Iterator[None]:
    """Hold the lock of a run for as long as the context lasts; the file tells which process it is.

    Raises `BadUsage` when another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = _lock(folder, run)
    descriptor = _take(path, run)
    try:
        yield
    finally:
        _wish(folder, run).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _take(path: Path, run: str) -> int:
    while True:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise BadUsage(f"run {run} is being worked on.", f"See 'loopcutter-host show {run}'.") from error
        if path.exists() and path.stat().st_ino == os.fstat(descriptor).st_ino:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode())
            return descriptor
        os.close(descriptor)  # `abandoned` removed the file meanwhile


def abandoned(folder: Path) -> list[str]:
    """The runs whose host is gone without having said so; their lock files are removed."""
    found = []
    for path in sorted(folder.glob("*.lock")) if folder.is_dir() else ():
        with _free(path) as free:
            if free:
                path.unlink(missing_ok=True)
                found.append(path.stem)
    return found


def holder(folder: Path, run: str) -> int | None:
    """The process that works on a run; None when none does."""
    path = _lock(folder, run)
    if not path.exists():
        return None
    with _free(path) as free:
        return None if free else int(path.read_text() or 0) or None


def ask_to_end(folder: Path, run: str) -> None:
    """Leave word that the next signal to this run's host is a person's wish."""
    _wish(folder, run).touch(mode=0o600)


def is_asked_to_end(folder: Path, run: str) -> bool:
    return _wish(folder, run).exists()


def _lock(folder: Path, run: str) -> Path:
    return folder / f"{run}.lock"


def _wish(folder: Path, run: str) -> Path:
    return folder / f"{run}.end"


@contextmanager
def _free(path: Path) -> Iterator[bool]:
    """Whether nobody holds the lock; nobody can take it inside either."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield True
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)
