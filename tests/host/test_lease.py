"""Leases: a run whose host was killed is known to be dead, one that lives is left alone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from loopcutter_host import lease

_HOLD = """
import sys, pathlib
from loopcutter_host import lease
with lease.held(pathlib.Path(sys.argv[1]), "r1"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_run_that_lives_is_not_abandoned(tmp_path: Path) -> None:
    with lease.held(tmp_path, "r1"):
        holder = subprocess.run(
            [sys.executable, "-c", f"from loopcutter_host import lease; import pathlib; "
             f"print(lease.abandoned(pathlib.Path({str(tmp_path)!r})))"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    assert holder.stdout.strip() == "[]"


def test_a_run_that_ended_well_leaves_nothing(tmp_path: Path) -> None:
    with lease.held(tmp_path, "r1"):
        pass

    assert lease.abandoned(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_run_whose_host_was_killed_is_abandoned_once(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        os.kill(holder.pid, signal.SIGKILL)

    assert lease.abandoned(tmp_path) == ["r1"]
    assert lease.abandoned(tmp_path) == []


def test_no_folder_means_no_runs(tmp_path: Path) -> None:
    assert lease.abandoned(tmp_path / "none") == []


def test_the_holder_of_a_living_run_is_known_and_can_be_asked_to_end(tmp_path: Path) -> None:
    with lease.held(tmp_path, "r1"):
        assert not lease.is_asked_to_end(tmp_path, "r1")
        lease.ask_to_end(tmp_path, "r1")
        assert lease.is_asked_to_end(tmp_path, "r1")
        assert lease.abandoned(tmp_path) == []

    assert lease.holder(tmp_path, "r1") is None
    assert list(tmp_path.iterdir()) == []
