"""The server's own memory does not grow with what it has run, nor with what a run prints."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.container_engine import ContainerEngine
from support.testbed import Testbed, make_tree

from loopcutter_snapshots import ObjectStore

MEBIBYTE = 1 << 20

SERVER = """\
import os, sys
from functools import partial
from pathlib import Path
import anyio
from loopcutter_sandbox.backends import Docker, for_this_system
from loopcutter_sandbox.sandbox import open_sandbox
from loopcutter_snapshots import ObjectStore

def memory():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

async def main(name, host, image, store, folder, attempts, tree):
    backends = [each for each in for_this_system(docker=Docker(image, host=host)) if each.name == name]
    sandbox = await open_sandbox(ObjectStore(Path(store)), Path(sys.executable), backends=backends, folder=Path(folder))
    try:
        async def run(count):
            for _ in range(count):
                report = await sandbox.run_tests(tree)
                assert (report.status, len(report.passed)) == ("passed", 10), report
        await run(100)
        before = memory()
        await run(int(attempts))
        after = memory()
        most = after
        async def watch():
            nonlocal most
            while True:
                most = max(most, memory())
                await anyio.sleep(0.01)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch)
            for _ in range(20):
                result = await sandbox.run_command(tree, "head -c 10000000000 /dev/zero", 120)
                assert result.truncated, result
            tasks.cancel_scope.cancel()
        print("grown", after - before, "flood", most - after)
    finally:
        sandbox.close()

anyio.run(main, *sys.argv[1:])
"""


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("backend", ["docker", "bubblewrap"])
def test_a_thousand_attempts_and_floods_cost_the_server_little_memory(
    testbeds: Callable[[str], Testbed], engine: Callable[[], ContainerEngine], backend: str, tmp_path: Path
) -> None:
    testbeds(backend)
    found = engine() if backend == "docker" else ContainerEngine("unix:///nowhere", "none")
    store = ObjectStore(tmp_path / "store")
    tree = make_tree(store, {"test_it.py": "".join(f"def test_{n}(): pass\n" for n in range(10))})
    command = [sys.executable, "-c", SERVER, backend, found.host, found.image, str(store.path), str(tmp_path), "1000"]
    done = subprocess.run([*command, tree], capture_output=True, text=True, check=False)
    said = re.search(r"grown (-?\d+) flood (-?\d+)", done.stdout)
    assert said is not None, done.stderr
    grown, flood = int(said[1]), int(said[2])
    print(f"{backend}: {grown / MEBIBYTE:.1f} MiB after 1,000 attempts, {flood / MEBIBYTE:.1f} MiB more in floods")
    assert (grown <= 5 * MEBIBYTE, flood <= 20 * MEBIBYTE) == (True, True), (grown, flood)
