"""Containers: hardened, one for each run, and gone with it or with its server."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from docker.errors import APIError
from support.container_engine import ContainerEngine
from support.testbed import Testbed, make_tree

from loopcutter_sandbox.backends.docker import ContainerRunner, Docker
from loopcutter_sandbox.backends.docker.backend import sweep
from loopcutter_sandbox.backends.docker.engine import Engine
from loopcutter_sandbox.backends.docker.owner import OWNER, Owner
from loopcutter_sandbox.backends.docker.profile import Profile
from loopcutter_sandbox.limits import MEBIBYTE, Limits
from loopcutter_sandbox.sandbox import open_sandbox
from loopcutter_sandbox.workspace import Work
from loopcutter_snapshots import ObjectStore

SERVER = """\
import sys
from pathlib import Path
import anyio
from loopcutter_sandbox.backends.docker import Docker
from loopcutter_sandbox.sandbox import open_sandbox
from loopcutter_snapshots import ObjectStore

async def main(host, image, store, tree, folder):
    sandbox = await open_sandbox(
        ObjectStore(Path(store)), Path(sys.executable), backends=[Docker(image, host=host)], folder=Path(folder)
    )
    await sandbox.run_command(tree, "true", 60)
    print(sandbox.runner._owner.mine, flush=True)
    await sandbox.run_command(tree, "(setsid sleep 600 &); sleep 600", 600)

anyio.run(main, *sys.argv[1:])
"""


@pytest.fixture
def docker(testbeds: Callable[[str], Testbed]) -> Testbed:
    return testbeds("docker")


@pytest.fixture
def connection(engine: Callable[[], ContainerEngine]) -> Iterator[Engine]:
    found = Engine.find(engine().host)
    yield found
    found.close()


def runner(bed: Testbed) -> ContainerRunner:
    assert isinstance(bed.sandbox.runner, ContainerRunner)
    return bed.sandbox.runner


@contextmanager
def created(engine: Engine, image: str, labels: Mapping[str, str]) -> Iterator[str]:
    """A container that was created and never started."""
    description = Profile(Limits(10)).container(image, labels)
    container = engine.client.create_container_from_config(description)["Id"]
    try:
        yield container
    finally:
        engine.remove(container)


def test_a_container_may_do_as_little_as_tests_need(docker: Testbed, connection: Engine) -> None:
    of_runner = runner(docker)
    assert of_runner.plain is not None
    labels = Owner.me().labels()
    with created(connection, of_runner.plain.id, labels) as container:
        found = connection.client.inspect_container(container)
    host: dict[str, Any] = found["HostConfig"]
    limits = Limits(10)
    assert {name: host[name] for name in ("CapDrop", "CapAdd", "NetworkMode", "IpcMode", "ReadonlyRootfs")} == {
        "CapDrop": ["ALL"],
        "CapAdd": None,
        "NetworkMode": "none",
        "IpcMode": "private",
        "ReadonlyRootfs": True,
    }
    assert (host["Memory"], host["MemorySwap"], host["PidsLimit"]) == (limits.total_bytes, limits.total_bytes, 256)
    assert (host["SecurityOpt"], host["Privileged"], host["LogConfig"]["Type"]) == (
        ["no-new-privileges"],
        False,
        "none",
    )
    assert (host["Binds"], host.get("Mounts"), host["AutoRemove"]) == (None, None, True)
    assert {each["Name"] for each in host["Ulimits"]} == {"nofile", "fsize", "core"}
    assert all("nr_inodes=" in options and "size=" in options for options in host["Tmpfs"].values())
    assert (found["Config"]["User"], found["Config"]["Hostname"], found["Config"]["StdinOnce"]) == (
        "10001:10001",
        "sandbox",
        True,
    )
    assert labels.items() <= found["Config"]["Labels"].items()


@pytest.mark.anyio
async def test_nothing_of_the_host_is_in_the_environment(docker: Testbed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_HOST", "x")
    result = await docker.script("env; cat /proc/sys/kernel/hostname; id -u; cat /proc/self/status")
    assert "SECRET_OF_THE_HOST" not in result["stdout"]
    assert "sandbox\n10001\n" in result["stdout"]
    assert "CapBnd:\t0000000000000000" in result["stdout"]
    assert "NoNewPrivs:\t1" in result["stdout"]
    assert "Seccomp:\t2" in result["stdout"]


@pytest.mark.anyio
async def test_the_keeper_can_neither_be_killed_nor_spoken_for(docker: Testbed) -> None:
    script = "kill -9 1; for way in /proc/1/fd/* /proc/1/mem; do echo forged >$way; done; echo alive\n"
    result = await docker.script(script)
    assert (result["exit_code"], result["stdout"]) == (0, "alive\n")


@pytest.mark.anyio
async def test_orphans_are_buried(docker: Testbed) -> None:
    script = "for n in 1 2 3 4 5 6 7 8; do (setsid sh -c 'exec true' &); done; sleep 0.3; cat /proc/[0-9]*/stat\n"
    result = await docker.script(script)
    assert result["exit_code"] == 0
    assert " Z " not in result["stdout"]


@pytest.fixture
def small(docker: Testbed, engine: Callable[[], ContainerEngine], tmp_path: Path) -> Iterator[Testbed]:
    """A sandbox that grants little of everything."""
    limits = Limits(60, total_bytes=192 * MEBIBYTE, workspace_bytes=16 * MEBIBYTE)
    backend = Docker(engine().image, host=engine().host, ready=0, profile=Profile(limits, workspace_files=500))
    start = partial(open_sandbox, backends=[backend], folder=tmp_path)
    bed = Testbed(docker.store, anyio.run(start, docker.store, Path(sys.executable)), tmp_path)
    yield bed
    bed.sandbox.close()


@pytest.mark.anyio
async def test_memory_is_limited_for_all_processes_together_and_said_to_be_the_cause(small: Testbed) -> None:
    hog = "def test_hog():\n    kept = [bytearray(1 << 24) for _ in range(100)]\n"
    report = await small.test({"test_hog.py": hog})
    assert (report["status"], report["failures"][0]["test"]) == ("out-of-memory", "test_hog.py::test_hog")
    assert "used more memory than they may" in report["stderr"]


@pytest.mark.anyio
async def test_a_workspace_that_is_full_takes_no_more_bytes_and_no_more_files(small: Testbed) -> None:
    fill = "import pathlib\nfor n in range(1000): pathlib.Path(str(n)).touch()\n"
    command = "head -c 20000000 /dev/zero >large; wc -c large; rm large; python3 fill.py"
    result = await small.command(command, {"fill.py": fill})
    assert result["stdout"] == f"{16 * MEBIBYTE - 4096} large\n"
    assert result["stderr"].count("No space left on device") == 2


@pytest.mark.anyio
async def test_a_module_of_the_workspace_is_not_hidden_by_one_that_is_loaded_already(docker: Testbed) -> None:
    files = {
        "pluggy_like.py": "",
        "iniconfig/__init__.py": "raise ImportError('the workspace has its own')\n",
        "test_own.py": "def test_own(): pass\n",
    }
    report = await docker.test(files)
    assert (report["status"], "the workspace has its own" in report["stderr"]) == ("crashed", True)


@pytest.mark.anyio
async def test_unusual_files_arrive_as_they_are(docker: Testbed) -> None:
    tree = docker.tree({"deep/er/file": b"\xff\x00\r\n", "empty": "", "ünï": "x"})
    result = await docker.call(
        "run_command",
        tree=tree,
        command='python3 -c \'print(open("deep/er/file", "rb").read())\'; ls; stat -c %a empty',
    )
    assert result["stdout"] == "b'\\xff\\x00\\r\\n'\ndeep\nempty\nünï\n644\n"


@pytest.mark.anyio
async def test_a_tree_that_is_nearly_the_same_is_brought_up_to_date(docker: Testbed) -> None:
    first = docker.tree({"kept": "1", "changed": "1", "gone/deep/file": "1", "was_file": "1", "folder/x": "1"})
    second = docker.tree({"kept": "1", "changed": "22", "was_file/now": "folder", "folder": "now a file"})
    listing = "find . -type f | sort | xargs grep -H . ; ls"
    await docker.call("run_command", tree=first, command="true")
    for _ in range(3):  # the containers that are ready hold the first tree
        result = await docker.call("run_command", tree=second, command=listing)
        assert result["stdout"] == (
            "./changed:22\n./folder:now a file\n./kept:1\n./was_file/now:folder\nchanged\nfolder\nkept\nwas_file\n"
        )


@pytest.mark.anyio
async def test_what_a_run_has_changed_comes_back_when_it_is_asked_for(docker: Testbed) -> None:
    tree = docker.tree({"kept": "1", "edited": "before", "gone": "1", "sub/gone": "1"})
    fifo = "python3 -c 'import os; os.mkfifo(chr(112))'"
    command = "echo after >edited; touch -d @0 edited; rm gone; rm -r sub; mkdir new; ln -s / new/link; "
    command += f"chmod 700 kept; {fifo}"
    work, request = Work(tree, keep=True), {"kind": "command", "command": command}
    ended = await runner(docker).run(work, Limits(30), request)
    assert ended.changes is not None
    written = {each.path: (each.kind, each.contents) for each in ended.changes.written}
    assert written == {"edited": ("file", b"after\n"), "kept": ("file", b"1"), "new/link": ("link", b"/")}
    assert (ended.changes.removed, set(ended.changes.folders)) == ({"gone", "sub"}, {"new"})
    assert (ended.changes.left_out, ended.changes.too_much) == (("p",), False)


def running(engine: Engine, label: str) -> set[str]:
    """The containers that are up."""
    return {str(each["Id"]) for each in engine.containers(label) if each["State"] == "running"}


@pytest.mark.anyio
async def test_the_container_of_a_flood_that_was_cut_off_is_gone_at_once(docker: Testbed, connection: Engine) -> None:
    label = runner(docker)._owner.mine
    with anyio.fail_after(60):
        while not (ready := running(connection, label)):
            await anyio.sleep(0.02)
    result = await docker.command("yes", timeout_s=100)
    assert result["truncated"]
    assert (result["exit_code"], result["timed_out"]) == (None, False)
    with anyio.fail_after(5):
        while ready <= running(connection, label):  # one of those that were ready has served the run
            await anyio.sleep(0.02)


def sleeping(engine: Engine, label: str) -> list[str]:
    """The containers in which something sleeps."""
    found = []
    for each in engine.containers(label):
        with suppress(APIError):  # it is not running (any more)
            processes = engine.client.top(each["Id"])["Processes"] or []
            if any("sleep 600" in " ".join(process) for process in processes):
                found.append(str(each["Id"]))
    return found


@pytest.mark.anyio
async def test_cancelling_a_call_ends_its_container(docker: Testbed, connection: Engine) -> None:
    label, tree = runner(docker)._owner.mine, docker.tree({"empty": ""})
    async with anyio.create_task_group() as calls:
        calls.start_soon(docker.sandbox.run_command, tree, "sleep 600", 600)
        with anyio.fail_after(60):
            while not (asleep := sleeping(connection, label)):
                await anyio.sleep(0.02)
        calls.cancel_scope.cancel()
    with anyio.fail_after(10):
        while any(each["Id"] in asleep for each in connection.containers(label)):
            await anyio.sleep(0.02)


@pytest.mark.anyio
async def test_containers_go_with_a_server_that_is_killed(
    docker: Testbed, engine: Callable[[], ContainerEngine], connection: Engine, tmp_path: Path
) -> None:
    store = ObjectStore(tmp_path / "store")
    arguments = [engine().host, engine().image, str(store.path), make_tree(store, {"empty": ""}), str(tmp_path)]
    with subprocess.Popen([sys.executable, "-c", SERVER, *arguments], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        label = (await anyio.to_thread.run_sync(server.stdout.readline)).strip()
        with anyio.fail_after(60):
            while not any(each["State"] == "running" for each in connection.containers(label)):
                await anyio.sleep(0.02)
        server.kill()
    with anyio.fail_after(10):
        while connection.containers(label):
            await anyio.sleep(0.02)


def test_only_what_a_dead_server_left_behind_is_swept(docker: Testbed, connection: Engine) -> None:
    of_runner = runner(docker)
    assert of_runner.plain is not None
    me = Owner.me()
    process, _, space = me.process.rpartition(":")
    dead = {**me.labels(), OWNER: f"{process.partition(':')[0]}:1:{space}"}
    elsewhere = {**dead, "loopcutter.sandbox.machine": "another"}
    image = of_runner.plain.id
    with (
        created(connection, image, dead) as left,
        created(connection, image, elsewhere) as theirs,
        created(connection, image, me.labels()) as mine,
    ):
        swept = sweep(connection, me)
        known = {each["Id"] for each in connection.containers(OWNER)}
    assert left not in known  # though perhaps by a server of another test, which sweeps when it starts
    assert {theirs, mine}.isdisjoint(swept)
    assert {theirs, mine} <= known
