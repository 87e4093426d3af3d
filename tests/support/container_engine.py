"""A container engine for tests: one that runs already, else one that is brought up for them and ended after them."""

import contextlib
import fcntl
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = Path(__file__).parent / "docker_here.sh"
_IMAGE = "loopcutter/py:test"
_UP_S = 170


@dataclass(frozen=True)
class ContainerEngine:
    """Where it listens, and an image with a Python in it."""

    host: str
    image: str


@contextlib.contextmanager
def container_engine() -> Iterator[ContainerEngine | str]:
    """The engine, or why there is none.

    All worker processes of a test session share it. Each holds a lock while it needs the engine; whoever can have the
    lock alone at the end is the last one, and ends the engine if it was started for these tests.
    """
    named = os.environ.get("DOCKER_HOST")
    if named:
        image = os.environ.get("LOOPCUTTER_SANDBOX_IMAGE") or os.environ.get("LC_SANDBOX_IMAGE")
        yield ContainerEngine(named, image or _IMAGE) if image or _run("up") else f"no image can be made on {named}"
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        yield "no container engine: name one with DOCKER_HOST, or be root on Debian, where one is brought up"
        return
    folder = Path(tempfile.gettempdir())
    with (folder / "loopcutter-test-engine.lock").open("w") as lock:
        started = folder / "loopcutter-test-engine.started"
        fcntl.flock(lock, fcntl.LOCK_SH)
        with (folder / "loopcutter-test-engine.start").open("w") as alone:
            fcntl.flock(alone, fcntl.LOCK_EX)
            if not _run("status"):
                started.touch()
            up = _run("up")
        try:
            yield _here() if up else "a container engine could not be brought up: bash tests/support/docker_here.sh up"
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if started.exists():
                    _run("down")
                    started.unlink(missing_ok=True)


def _run(action: str) -> bool:
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(["bash", str(_SCRIPT), action], capture_output=True, timeout=_UP_S, check=False)
        return done.returncode == 0
    return False


@functools.cache
def _here() -> ContainerEngine:
    said = subprocess.run(["bash", str(_SCRIPT), "env"], capture_output=True, text=True, check=True).stdout
    facts = dict(word.split("=", 1) for word in said.split()[1:])
    return ContainerEngine(facts["DOCKER_HOST"], facts["LC_SANDBOX_IMAGE"])
