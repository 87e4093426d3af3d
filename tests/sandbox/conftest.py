"""Sandboxes that are opened once, one for each backend that works on this machine."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import anyio
import pytest
from support.container_engine import ContainerEngine, container_engine
from support.testbed import Testbed

from loopcutter_sandbox.backends import Docker, for_this_system
from loopcutter_sandbox.errors import NoIsolation
from loopcutter_sandbox.sandbox import open_sandbox
from loopcutter_snapshots import ObjectStore

BACKENDS = ("docker", "bubblewrap", "landlock", "seatbelt", "none")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def engine() -> Iterator[Callable[[], ContainerEngine]]:
    """The container engine, brought up when it is first asked for; skips where there can be none."""
    with ExitStack() as stack:
        known: list[ContainerEngine | str] = []

        def found() -> ContainerEngine:
            if not known:
                known.append(stack.enter_context(container_engine()))
            if isinstance(known[0], str):
                pytest.skip(known[0])
            return known[0]

        yield found


@pytest.fixture(scope="session")
def testbeds(
    tmp_path_factory: pytest.TempPathFactory, engine: Callable[[], ContainerEngine]
) -> Iterator[Callable[[str], Testbed]]:
    """The testbed of a backend, opened when it is first asked for; skips where the backend does not work."""
    folder = tmp_path_factory.mktemp("sandbox")
    folder.chmod(0o711)
    store = ObjectStore(folder / "store")
    opened: dict[str, Testbed | str] = {}

    def testbed(name: str) -> Testbed:
        if name not in opened:
            docker = Docker(engine().image, host=engine().host) if name == "docker" else None
            opened[name] = _open(store, folder, name, docker)
        found = opened[name]
        if isinstance(found, str):
            pytest.skip(found)
        return found

    yield testbed
    for bed in opened.values():
        if isinstance(bed, Testbed):
            bed.sandbox.close()


def _open(store: ObjectStore, folder: Path, name: str, docker: Docker | None) -> Testbed | str:
    places = folder / name
    places.mkdir()
    backends = [backend for backend in for_this_system(unsafe=True, docker=docker) if backend.name == name]
    start = partial(open_sandbox, minimum="none", unsafe=True, backends=backends, folder=places)
    try:
        return Testbed(store, anyio.run(start, store, Path(sys.executable)), places)
    except NoIsolation as error:
        return f"{name} does not work here: {error}"


@pytest.fixture(params=["docker", "bubblewrap", "landlock"])
def bed(request: pytest.FixtureRequest, testbeds: Callable[[str], Testbed]) -> Testbed:
    """A sandbox of each backend that isolates."""
    return testbeds(request.param)


@pytest.fixture(params=["bubblewrap", "landlock"])
def local_bed(request: pytest.FixtureRequest, testbeds: Callable[[str], Testbed]) -> Testbed:
    """A sandbox of each backend whose workspaces lie on this machine."""
    return testbeds(request.param)


@pytest.fixture(params=["docker", "bubblewrap", "landlock", "none"])
def any_bed(request: pytest.FixtureRequest, testbeds: Callable[[str], Testbed]) -> Testbed:
    """A sandbox of each backend."""
    return testbeds(request.param)


@pytest.fixture
def best(testbeds: Callable[[str], Testbed]) -> Testbed:
    """The strongest sandbox: for what does not depend on the backend."""
    for name in BACKENDS:
        try:
            return testbeds(name)
        except pytest.skip.Exception:
            continue
    raise AssertionError("without isolation there is always `none`")
