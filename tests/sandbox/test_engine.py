"""Where a container engine is looked for, and what is said when it can't do what was asked.

The engine here is a small HTTP server on a socket that answers the two questions asked first, as Podman's and a
rootless Docker's do: it is none, and shows only that they are found. The real engine is asked in the other tests.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

import anyio
import pytest
from support.container_engine import ContainerEngine
from support.testbed import Testbed

from loopcutter_sandbox.backends.docker import Docker
from loopcutter_sandbox.backends.docker.engine import Engine, sockets
from loopcutter_sandbox.backends.docker.profile import Profile
from loopcutter_sandbox.errors import Unusable
from loopcutter_sandbox.limits import Limits
from loopcutter_sandbox.objects import Objects


class Answers(BaseHTTPRequestHandler):
    """Says what an engine says of itself."""

    def do_GET(self) -> None:
        if self.path.endswith("/version"):
            facts: dict[str, object] = {"Version": "4.3.1", "ApiVersion": "1.41", "MinAPIVersion": "1.24"}
        else:
            facts = {"ServerVersion": "4.3.1", "SecurityOptions": ["name=rootless"], "PidsLimit": False}
        body = json.dumps(facts).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "socket"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def runtime(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a user's sockets; nothing names an engine."""
    folder = tmp_path_factory.mktemp("x")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("HOME", str(folder / "home"))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    return folder


@pytest.fixture(params=["docker.sock", "podman/podman.sock", "home/.docker/run/docker.sock"])
def listening(request: pytest.FixtureRequest, runtime: Path) -> Iterator[Path]:
    """An engine that listens at one of the usual places."""
    place = runtime / str(request.param)
    place.parent.mkdir(parents=True, exist_ok=True)
    with ThreadingUnixStreamServer(str(place), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield place
        server.shutdown()
        thread.join()


def test_a_rootless_engine_and_podmans_socket_are_found(listening: Path) -> None:
    places = sockets()
    assert f"unix://{listening}" in places
    if places[0] != f"unix://{listening}":
        pytest.skip("an engine of the system listens here, and comes first")
    engine = Engine.find()
    try:
        assert (engine.host, engine.facts["SecurityOptions"]) == (f"unix://{listening}", ["name=rootless"])
    finally:
        engine.close()


def test_what_an_engine_cannot_bound_is_a_gap(listening: Path) -> None:
    engine = Engine.find(f"unix://{listening}")
    try:
        gaps = Docker(_engine=engine).gaps
    finally:
        engine.close()
    assert "this engine filters no system calls (no seccomp)" in gaps
    assert "the number of processes is not limited: this engine can't" in gaps


def test_a_socket_that_nobody_listens_at_is_passed_over(runtime: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(runtime / "docker.sock"))
    with pytest.raises(Unusable, match="no container engine answers"):
        Engine.find(f"unix://{runtime}/docker.sock")


def test_another_runtime_is_asked_for_by_name() -> None:
    assert Profile(Limits(1), runtime="runsc").container("image", {})["HostConfig"]["Runtime"] == "runsc"
    assert "Runtime" not in Profile(Limits(1)).container("image", {})["HostConfig"]
    assert Docker(runtime="runsc").gaps == ()


def test_a_runtime_that_the_engine_does_not_know_is_said_to_be_the_cause(
    engine: Callable[[], ContainerEngine], testbeds: Callable[[str], Testbed], tmp_path: Path
) -> None:
    store = testbeds("docker").store
    backend = Docker(engine().image, "no-such-runtime", host=engine().host)
    with pytest.raises(Unusable, match="no-such-runtime"):
        anyio.run(backend.open, store, tmp_path)


def test_an_engine_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    with pytest.raises(Unusable, match=r"no container engine answers .*nobody\.sock"):
        Engine.find()


@pytest.mark.anyio
async def test_an_image_that_is_not_here_is_named_with_what_to_do(
    testbeds: Callable[[str], Testbed], engine: Callable[[], ContainerEngine], tmp_path: Path
) -> None:
    backend = Docker("nobody/has:this", host=engine().host)
    with pytest.raises(Unusable, match=r"nobody/has:this is not here; build it .* or name another .* --image"):
        await backend.open(Objects(testbeds("docker").store.path), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["packs"]
