"""What the measurements share: trees, sandboxes, and bare pytest beside them."""

import contextlib
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio.to_thread

from loopcutter_sandbox.backends import Docker, for_this_system
from loopcutter_sandbox.backends.docker import ContainerRunner
from loopcutter_sandbox.isolation import Isolating
from loopcutter_sandbox.limits import Limits
from loopcutter_sandbox.process import Ended
from loopcutter_sandbox.running import Hear, Runner
from loopcutter_sandbox.sandbox import Sandbox, open_sandbox
from loopcutter_sandbox.workspace import Work
from loopcutter_snapshots import ObjectStore, git


def ten_tests(word: str = "") -> dict[str, bytes]:
    """A small project with ten tests in two files; `word` makes it another one."""
    files = {"shop.py": f"# {word}\ndef add(a, b):\n    return a + b\n".encode()}
    for file in range(2):
        body = "import shop\n" + "".join(
            f"def test_{n}(): assert shop.add({n}, 1) == {n} + 1\n" for n in range(file * 5, file * 5 + 5)
        )
        files[f"tests/test_shop{file}.py"] = body.encode()
    return files


def many_files(count: int, size: int, word: str = "", changed: int = 0) -> dict[str, bytes]:
    """`count` files of about `size` bytes in folders of a hundred; the first `changed` of them depend on `word`."""
    text = b"".join(f"value_{n} = {n}\n".encode() for n in range(size // 16))
    return {
        f"package{n // 100}/module{n}.py": f"# {n} {word if n < changed else ''}\n".encode() + text
        for n in range(count)
    }


def make_tree(store: ObjectStore, files: Mapping[str, bytes]) -> str:
    """The hash of a tree of `files` in the store, by one run of git's fast import."""
    stream = [b"commit refs/heads/bench\ncommitter b <b@b> 0 +0000\ndata 0\n", b"deleteall\n"]
    for path, data in files.items():
        stream.append(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
    git("fast-import", "--quiet", "--force", git_dir=store.path, stdin=b"".join(stream))
    return git("rev-parse", "refs/heads/bench^{tree}", git_dir=store.path).decode().strip()


@dataclass(frozen=True)
class Cost:
    """Seconds."""

    wall: float
    cpu: float


def children_cpu() -> float:
    """CPU time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def own_cpu() -> float:
    """CPU time of this process and of all children that have ended."""
    return time.process_time() + children_cpu()


@dataclass
class Recorder:
    """A runner that remembers the CPU time of its runs."""

    inner: Runner
    cpu_s: float = 0.0

    @property
    def backend(self) -> Isolating:
        return self.inner.backend

    @property
    def python(self) -> str:
        return self.inner.python

    async def run(self, work: Work, limits: Limits, request: dict[str, Any], hear: Hear | None = None) -> Ended:
        ended = await self.inner.run(work, limits, request, hear)
        self.cpu_s += ended.cpu_s
        return ended

    def close(self) -> None:
        self.inner.close()


@dataclass(frozen=True)
class Place:
    """Where things are measured."""

    folder: Path
    store: ObjectStore
    image: str

    def bare(self, files: Mapping[str, bytes]) -> "Callable[[], Cost]":
        """Bare ``python -m pytest`` in a folder with these files."""
        folder = self.folder / f"bare-{len(list(self.folder.iterdir()))}"
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(folder)}
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # this Python has more plugins than the one in the image
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]

        def run() -> Cost:
            started, cpu = time.perf_counter(), children_cpu()
            subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
            return Cost(time.perf_counter() - started, children_cpu() - cpu)

        return run

    @contextlib.asynccontextmanager
    async def sandbox(self, name: str, ready: int = 2) -> AsyncIterator[Sandbox]:
        """A sandbox under the backend of this name."""
        docker = Docker(self.image, ready=ready)
        backends = [each for each in for_this_system(docker=docker) if each.name == name]
        sandbox = await open_sandbox(self.store, Path(sys.executable), backends=backends, folder=self.folder)
        sandbox.runner = Recorder(sandbox.runner)
        try:
            yield sandbox
        finally:
            await anyio.to_thread.run_sync(sandbox.close)


def container_runner(sandbox: Sandbox) -> ContainerRunner:
    """What is beneath."""
    runner = sandbox.runner
    assert isinstance(runner, Recorder)
    assert isinstance(runner.inner, ContainerRunner)
    return runner.inner


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` (0 to 1) of all do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]
