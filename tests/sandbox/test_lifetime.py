"""Whatever happens to a run or to its server: nothing stays behind."""

import contextlib
import os
import select
import signal
import subprocess
import sys
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
    await sandbox.run_command(tree, "echo ready > mark; (setsid sleep 600 &); sleep 600", 600)

anyio.run(main, *sys.argv[1:])
"""


def mark(folder: Path) -> Path | None:
    """The file that a run writes once it is running."""
    return next(iter(folder.glob("loopcutter-sandbox-*/run-*/workspace/mark")), None)


def inside(place: str) -> list[int]:
    """Processes that work in the folder `place`, as the host sees it, or in a mount of it."""
    found = []
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit() and os.path.samestat((process / "cwd").stat(), Path(place).stat()):
                found.append(int(process.name))
    return found


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
async def test_cancelling_a_call_kills_its_run(bed: Testbed) -> None:
    tree = bed.tree({"empty": ""})
    async with Client(build(bed.sandbox)) as client, anyio.create_task_group() as calls:
        command = "echo ready > mark; (setsid sleep 600 &); sleep 600"
        calls.start_soon(client.call_tool, "run_command", {"tree": tree, "command": command, "timeout_s": 600})
        with anyio.fail_after(60):
            while (found := mark(bed.folder)) is None:
                await anyio.sleep(0.02)
        running = inside(str(found.parent))
        calls.cancel_scope.cancel()
    with anyio.fail_after(30):
        while bed.left_over():
            await anyio.sleep(0.02)
    assert running
    assert all(wait_for_end(pid, 10) for pid in running)


@pytest.mark.parametrize("backend", ["bubblewrap", "landlock"])
def test_a_killed_server_leaves_no_process(testbeds, backend: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    testbeds(backend)
    store = ObjectStore(tmp_path / "store")
    arguments = [backend, str(store.path), make_tree(store, {"empty": ""}), str(tmp_path)]
    with subprocess.Popen([sys.executable, "-c", SERVER, *arguments]) as server:
        while (found := mark(tmp_path)) is None and server.poll() is None:
            select.select([], [], [], 0.02)
        assert found is not None
        running = inside(str(found.parent))
        server.send_signal(signal.SIGKILL)
    assert running
    assert all(wait_for_end(pid, 10) for pid in running)
    # The next server clears up what the dead one could not.
    Workspaces(store, tmp_path).close()
    assert list(tmp_path.glob("loopcutter-sandbox-*")) == []
