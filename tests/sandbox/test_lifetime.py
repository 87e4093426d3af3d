"""Whatever happens to a run or to its server: nothing stays behind."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from mcp import Client
from support.testbed import Testbed, make_tree

from loopcutter_sandbox.server import build
from loopcutter_sandbox.workspace import Workspaces
from loopcutter_snapshots import ObjectStore

SERVER = """\
import sys
from functools import partial
from pathlib import Path
import anyio
from loopcutter_sandbox.backends import for_this_system
from loopcutter_sandbox.sandbox import open_sandbox
from loopcutter_snapshots import ObjectStore

async def main(backend, store, tree, folder):
    backends = [each for each in for_this_system() if each.name == backend]
    sandbox = await open_sandbox(ObjectStore(Path(store)), Path(sys.executable), backends=backends, folder=Path(folder))
    await sandbox.run_command(tree, "(setsid sleep 600 &); sleep 600", 600)

anyio.run(main, *sys.argv[1:])
"""


def asleep(folder: Path) -> list[int]:
    """The sleepers of a run below `folder`: both of them, or none yet.

    Their workspace may be in memory, and their process numbers in a name space of their own: they are known by being
    descendants of the supervisor, whose specification names the folder.
    """
    parents, commands = {}, {}
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit():
                pid = int(process.name)
                parents[pid] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
                commands[pid] = (process / "cmdline").read_bytes()
    found = [pid for pid, command in commands.items() if command == b"sleep\x00600\x00"]
    ours = [pid for pid in found if any(os.fsencode(folder) in commands[each] for each in _above(pid, parents))]
    return ours if len(ours) == 2 else []


def _above(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while (pid := parents.get(pid, 0)) in parents:
        yield pid


def wait_for_end(pid: int, seconds: float) -> bool:
    """Whether the process ended in time."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


@pytest.mark.anyio
async def test_cancelling_a_call_kills_its_run(local_bed: Testbed) -> None:
    bed = local_bed
    tree = bed.tree({"empty": ""})
    async with Client(build(bed.sandbox)) as client, anyio.create_task_group() as calls:
        command = "(setsid sleep 600 &); sleep 600"
        calls.start_soon(client.call_tool, "run_command", {"tree": tree, "command": command, "timeout_s": 600})
        with anyio.fail_after(60):
            while not (running := asleep(bed.sandbox.workspaces.folder)):
                await anyio.sleep(0.02)
        calls.cancel_scope.cancel()
    with anyio.fail_after(30):
        while bed.left_over():
            await anyio.sleep(0.02)
    assert all(wait_for_end(pid, 10) for pid in running)


@pytest.mark.parametrize("backend", ["bubblewrap", "landlock"])
def test_a_killed_server_leaves_no_process(testbeds, backend: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    testbeds(backend)
    store = ObjectStore(tmp_path / "store")
    arguments = [backend, str(store.path), make_tree(store, {"empty": ""}), str(tmp_path)]
    with subprocess.Popen([sys.executable, "-c", SERVER, *arguments]) as server:
        ends = time.monotonic() + 60
        while not (running := asleep(tmp_path)) and server.poll() is None and time.monotonic() < ends:
            select.select([], [], [], 0.02)
        server.send_signal(signal.SIGKILL)
    assert running
    assert all(wait_for_end(pid, 10) for pid in running)
    # The next server clears up what the dead one could not.
    Workspaces(store, tmp_path).close()
    assert list(tmp_path.glob("loopcutter-sandbox-*")) == []
