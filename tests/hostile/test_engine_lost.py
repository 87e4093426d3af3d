"""The container engine is killed in the midst of runs: each call is answered, none with a verdict that nobody gave."""

import gc
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import anyio
import pytest
from support.container_engine import ContainerEngine
from support.processes import marked
from support.testbed import Testbed

from loopcutter_sandbox.backends.docker import Docker
from loopcutter_sandbox.errors import SandboxError
from loopcutter_sandbox.sandbox import Sandbox, open_sandbox
from loopcutter_snapshots import ObjectStore

SCRIPT = Path(__file__).parents[1] / "support" / "docker_here.sh"
RUNS = 100
KILLS = 5


def here(folder: Path, action: str) -> bool:
    """An engine of this test's own; nobody else's is touched."""
    surroundings = {**os.environ, "LC_DOCKER_DIR": str(folder), "DOCKER_HOST": ""}
    done = subprocess.run(
        ["bash", str(SCRIPT), action], env=surroundings, capture_output=True, text=True, check=False, timeout=300
    )
    return done.returncode == 0


@pytest.fixture
def own_engine() -> Iterator[tuple[Path, ContainerEngine]]:
    folder = Path(tempfile.mkdtemp(prefix="lc-", dir="/var/tmp"))  # sockets have short names
    try:
        if os.geteuid() != 0 or not here(folder, "up"):
            pytest.skip("no engine of this test's own could be brought up: be root on Debian")
        yield folder, ContainerEngine(f"unix://{folder}/docker.sock", "loopcutter/py:test")
    finally:
        here(folder, "purge")


@pytest.mark.long
# Docker's SDK forgets to close a socket at which nobody listens; the interpreter does it, and says so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore:unclosed:ResourceWarning")
@pytest.mark.timeout(1800)
def test_calls_are_answered_truly_when_the_engine_is_killed(
    own_engine: tuple[Path, ContainerEngine], tmp_path: Path
) -> None:
    folder, engine = own_engine
    store, token = ObjectStore(tmp_path / "store"), f"enginelost{os.getpid()}"
    backend = Docker(engine.image, host=engine.host)
    start = partial(open_sandbox, backends=[backend], folder=tmp_path)
    bed = Testbed(store, anyio.run(start, store, Path(sys.executable)), tmp_path)
    try:
        tree = bed.tree(
            {"test_it.py": f"import time\ndef test_a(): time.sleep(0.1); '{token}'\ndef test_b(): assert 0\n"}
        )
        seen = anyio.run(_chaos, bed.sandbox, tree, folder)
        assert here(folder, "up")
        again = anyio.run(bed.sandbox.run_tests, tree)
    finally:
        bed.sandbox.close()
        gc.collect()  # while the warnings are expected
    print({each: seen.count(each) for each in sorted(set(seen))})
    assert len(seen) == RUNS
    assert set(seen) <= {"failed", "lost"}
    assert seen.count("lost") >= KILLS
    assert (again.passed, again.failed) == (("test_it.py::test_a",), ("test_it.py::test_b",))
    assert marked(token) == []


async def _chaos(sandbox: Sandbox, tree: str, folder: Path) -> list[str]:
    """What each of `RUNS` runs came to, two at a time, while the engine is killed and brought up again."""
    seen: list[str] = []
    luck = random.Random(11)

    async def one(count: int) -> None:
        for _ in range(count):
            began = time.monotonic()
            try:
                with anyio.fail_after(60):
                    report = await sandbox.run_tests(tree, timeout_s=20)
                seen.append(report.status)
                assert report.failed == ("test_it.py::test_b",)
            except SandboxError:
                seen.append("lost")
                await anyio.sleep(max(0.0, 0.3 - (time.monotonic() - began)))

    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(one, RUNS // 2)
        for _ in range(KILLS):
            await anyio.sleep(1 + luck.random())
            os.kill(int((folder / "dockerd.pid").read_text()), signal.SIGKILL)
            await anyio.sleep(0.5)
            assert await anyio.to_thread.run_sync(here, folder, "up")
    return seen
