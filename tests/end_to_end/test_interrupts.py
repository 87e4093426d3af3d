"""However a run ends, nothing of it is left running and nothing of the user's is changed."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.command import BIN, environment, run
from support.repository import copy_example, fingerprint
from support.till import ISSUE


@contextmanager
def running(home: Path, repository: Path) -> Iterator["subprocess.Popen[str]"]:
    """`fix --json` as a process of its own; its servers can be told by the home in their environment."""
    command = [str(BIN / "loopcutter-host"), "fix", "--repo", str(repository), "--issue", ISSUE, "--json"]
    with subprocess.Popen(
        command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as host:
        yield host


def reach(host: "subprocess.Popen[str]", state: str) -> None:
    """Wait until the run says that it is in this state."""
    assert host.stdout is not None
    for line in host.stdout:
        event = json.loads(line)
        if event["type"] == "state" and event["body"]["state"] == state:
            return
    raise AssertionError(f"the run ended before it came to {state}: {host.stderr and host.stderr.read()}")


def servers_of(home: Path) -> list[int]:
    """The living processes that were started with this home."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            variables = (folder / "environ").read_bytes() if folder.name.isdigit() else b""
        except OSError:
            continue
        if f"HOME={home}\0".encode() in variables:
            found.append(int(folder.name))
    return found


def wait_until_gone(home: Path) -> None:
    for _ in range(100):
        if not servers_of(home):
            return
        time.sleep(0.1)
    raise AssertionError(f"still running: {servers_of(home)}")


needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to find processes")


@needs_proc
def test_ctrl_c_before_there_is_a_run_is_told_by_the_same_code(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    command = [str(BIN / "loopcutter-host"), "fix", "--repo", str(repository), "--issue", "@-"]
    with subprocess.Popen(
        command,
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored by what a shell runs behind itself
    ) as host:
        assert host.stdin is not None
        assert host.stderr is not None
        size = fcntl.fcntl(host.stdin, fcntl.F_SETPIPE_SZ, 4096)
        host.stdin.write("x" * (size + 1))
        host.stdin.flush()  # returns once the command reads: there is no room for the last letter before
        host.send_signal(signal.SIGINT)
        host.stdin.close()  # else a signal between two reads would be seen after the second one only
        assert (host.stderr.read(), host.wait(timeout=30)) == ("Interrupted.\n", 130)


@needs_proc
@pytest.mark.parametrize("state", ["read", "plan", "edit", "test"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_in_any_state(tmp_path: Path, state: str, number: signal.Signals) -> None:
    repository = copy_example(tmp_path / "till")
    before = fingerprint(repository)
    with running(tmp_path, repository) as host:
        reach(host, state)
        host.send_signal(number)
        out, err = host.communicate(timeout=60)

    assert host.returncode == 128 + number, err
    assert json.loads(out.splitlines()[-1])["body"]["outcome"] == "aborted"
    assert "Traceback" not in err
    assert servers_of(tmp_path) == []
    assert fingerprint(repository) == before
    assert list((tmp_path / ".local/state/loopcutter/vcs").glob("**/work/*")) == []


@needs_proc
def test_a_killed_host_leaves_nothing_running_and_the_next_command_closes_its_log(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    before = fingerprint(repository)
    with running(tmp_path, repository) as host:
        reach(host, "test")
        host.kill()

    wait_until_gone(tmp_path)
    assert fingerprint(repository) == before
    assert "cut off" in run(tmp_path, "runs").out
    run(tmp_path, "doctor")
    assert "crashed" in run(tmp_path, "runs").out


@needs_proc
def test_a_run_is_ended_from_another_terminal(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    with running(tmp_path, repository) as host:
        reach(host, "plan")
        aborted = run(tmp_path, "abort", "last")
        out, err = host.communicate(timeout=60)

    assert (aborted.code, host.returncode) == (0, 5), aborted.err + err
    assert json.loads(out.splitlines()[-1])["body"]["reason"] == "on request"
    assert run(tmp_path, "abort", "last").code == 2


@needs_proc
def test_a_second_run_beside_the_first_is_no_trouble(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    with running(tmp_path, repository) as first, running(tmp_path, repository) as second:
        first.communicate(timeout=110)
        second.communicate(timeout=110)

    assert (first.returncode, second.returncode) == (0, 0)
    assert servers_of(tmp_path) == []


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="only root can make a small disk")
def test_a_full_disk_ends_the_run_with_a_sentence(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    before = fingerprint(repository)
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], check=True)
    try:
        (disk / "filler").write_bytes(b"x" * 150_000)
        ended = run(
            tmp_path,
            *("fix", "--repo", str(repository), "--issue", ISSUE),
            extra={"LOOPCUTTER_STATE": str(disk / "state")},
        )
    finally:
        subprocess.run(["umount", str(disk)], check=True)

    assert (ended.code in {1, 4}, "Traceback" in ended.err) == (True, False), ended.err
    assert "Error: " in ended.err
    assert fingerprint(repository) == before
    assert servers_of(tmp_path) == []


def test_a_state_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    repository = copy_example(tmp_path / "till")
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    ended = run(
        tmp_path,
        *("fix", "--repo", str(repository), "--issue", ISSUE),
        extra={"LOOPCUTTER_STATE": str(blocked / "state")},
    )

    assert (ended.code, "Traceback" in ended.err, str(blocked) in ended.err) == (1, False, True), ended.err
