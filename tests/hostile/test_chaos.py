"""The server is killed in the midst of many runs, again and again: nothing of them stays."""

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.container_engine import ContainerEngine
from support.processes import marked
from support.testbed import Testbed, make_tree

from loopcutter_sandbox.backends.docker.engine import Engine
from loopcutter_sandbox.backends.docker.owner import OWNER
from loopcutter_sandbox.folders import sweep
from loopcutter_snapshots import ObjectStore

SERVER = """\
import sys
from functools import partial
from pathlib import Path
import anyio
from loopcutter_sandbox.backends import Docker, for_this_system
from loopcutter_sandbox.sandbox import open_sandbox
from loopcutter_snapshots import ObjectStore

async def main(backend, store, tree, folder, token, host, image):
    docker = Docker(image, host=host)
    backends = [each for each in for_this_system(docker=docker) if each.name == backend]
    sandbox = await open_sandbox(ObjectStore(Path(store)), Path(sys.executable), backends=backends, folder=Path(folder))
    async def one():
        while True:
            await sandbox.run_command(tree, f"(setsid sh -c 'sleep 600; : {token}' &); sleep 0.2; : {token}", 60)
            print("run", flush=True)
    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(one)

anyio.run(main, *sys.argv[1:])
"""


def groups() -> list[str]:
    """Control groups of runs."""
    found = subprocess.run(
        ["find", "/sys/fs/cgroup", "-name", "loopcutter-*"], capture_output=True, text=True, check=False
    )
    return found.stdout.split()


def containers(engine: ContainerEngine, pid: int) -> list[str]:
    """The containers that a server of this number has left, running or not."""
    if not engine.host:
        return []
    connection = Engine.find(engine.host)
    try:
        return [str(each["Id"]) for each in connection.containers(OWNER) if each["Labels"][OWNER].startswith(f"{pid}:")]
    finally:
        connection.close()


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("backend", ["docker", "bubblewrap", "landlock"])
def test_a_killed_server_leaves_nothing(
    testbeds: Callable[[str], Testbed], engine: Callable[[], ContainerEngine], backend: str, tmp_path: Path
) -> None:
    testbeds(backend)
    found = engine() if backend == "docker" else ContainerEngine("", "none")
    store, luck = ObjectStore(tmp_path / "store"), random.Random(7)
    tree = make_tree(store, {"empty": ""})
    before = groups()
    worst = 0.0
    for number in range(50):
        token = f"chaos{os.getpid()}x{number}"
        command = [sys.executable, "-c", SERVER, backend, str(store.path), tree, str(tmp_path), token]
        command += [found.host, found.image]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
            assert server.stdout is not None
            server.stdout.readline()
            select.select([], [], [], luck.random() * 0.5)
            server.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        while marked(token) or len(groups()) > len(before) or containers(found, server.pid):
            assert time.monotonic() - killed < 10, (marked(token), groups(), containers(found, server.pid))
            select.select([], [], [], 0.02)
        worst = max(worst, time.monotonic() - killed)
    sweep(tmp_path)
    mounts = [line for line in Path("/proc/self/mounts").read_text().splitlines() if str(tmp_path) in line]
    assert (list(tmp_path.glob("loopcutter-sandbox-*")), mounts) == ([], [])
    print(f"{backend}: nothing left {worst:.2f} s after the slowest of 50 kills")
    assert worst < 1 or os.getloadavg()[0] > 4, worst
