"""Locks that hold between threads, between processes, and no longer than their holder lives.

To the holder belong the gits it has started: of a server that is killed they go on to the end, and until then nobody
else may come near what they write.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(file: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock that `file` stands for; wait while somebody else does. Those who share it don't wait for each
    other, only for who wants it alone."""
    # Every holder opens the file anew: the kernel then keeps threads of one process apart as well.
    opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.set_inheritable(opened, True)
        fcntl.flock(opened, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(opened, fcntl.LOCK_UN)  # also for a git that another thread has started meanwhile
        os.close(opened)
