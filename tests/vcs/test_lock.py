"""A lock outlives the server that holds it for as long as one of its gits is still at work."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from loopcutter_vcs.lock import locked

_HOLD = """
import sys
from pathlib import Path
from loopcutter_snapshots import git
from loopcutter_vcs.lock import locked

with locked(Path(sys.argv[1])):
    git("hash-object", "--no-filters", sys.argv[2])
"""


def is_free(file: Path) -> bool:
    with file.open("rb") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_the_git_of_a_killed_server_keeps_others_out_until_it_ends(tmp_path: Path) -> None:
    lock, pipe = tmp_path / "lock", tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(lock), str(pipe)]) as server:
        with pipe.open("wb"):  # which waits until git reads there
            server.kill()
            server.wait()
            assert not is_free(lock)
        with locked(lock):
            assert not is_free(lock)
    assert is_free(lock)


@pytest.mark.parametrize("shared", [False, True])
def test_a_lock_is_free_afterwards_although_a_process_that_inherited_it_lives(tmp_path: Path, shared: bool) -> None:
    lock = tmp_path / "lock"
    with locked(lock, shared=shared):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    with child:
        assert is_free(lock)
