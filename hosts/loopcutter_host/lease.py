"""Tells whether a run's host still lives: each host holds a lock that the system frees when the process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(folder: Path, run: str) -> Iterator[None]:
    """Hold the lock of a run for as long as the context lasts."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / run
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def abandoned(folder: Path) -> list[str]:
    """The runs whose host is gone without having said so; their lock files are removed."""
    found = []
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            path.unlink(missing_ok=True)
            found.append(path.name)
        finally:
            os.close(descriptor)
    return found
