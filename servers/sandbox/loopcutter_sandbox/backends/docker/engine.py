"""The container engine, as far as the sandbox needs it: Docker's API by its SDK, which Podman's socket speaks as well.

Everything here blocks and is called from threads. The SDK costs a fifth of a second and 29 MiB: it is imported late.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopcutter_sandbox.errors import ImageFailed, Unusable

if TYPE_CHECKING:
    from docker import APIClient

_PATIENCE = 30
_BUILD = 1800
_LOG = 4000


def sockets() -> list[str]:
    """Where an engine may listen on this machine, the system's own first, then rootless ones, then Podman's."""
    user = os.getuid()
    runtime = os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{user}")
    places = [
        "/var/run/docker.sock",
        f"{runtime}/docker.sock",
        str(Path.home() / ".docker/run/docker.sock"),
        str(Path.home() / ".colima/default/docker.sock"),
        f"{runtime}/podman/podman.sock",
        "/run/podman/podman.sock",
    ]
    return list(dict.fromkeys(f"unix://{place}" for place in places if Path(place).is_socket()))


@dataclass
class Engine:
    """One engine. Use `Engine.find()`."""

    client: APIClient
    host: str
    facts: Mapping[str, Any]
    """What the engine says of itself."""
    _streams: dict[str, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @staticmethod
    def find(host: str = "") -> Engine:
        """The engine at `host`, else the one that DOCKER_HOST names, else the first that answers."""
        named = host or os.environ.get("DOCKER_HOST")
        places = [named] if named else sockets()
        if not places:  # told before the SDK is imported, which takes longer than everything else at a start
            raise Unusable("no container engine listens here; start one, or say where it is with DOCKER_HOST")
        try:
            from docker import APIClient
            from docker.errors import DockerException
            from docker.utils import kwargs_from_env
        except ImportError:
            raise Unusable("docker is missing; install it with: pip install 'loopcutter[sandbox]'") from None
        settings: Mapping[str, Any] = kwargs_from_env() if named and not host else {}
        reasons = []
        for place in places:
            try:
                _knock(place)
                url, tls = settings.get("base_url") or place, settings.get("tls") or False
                client = APIClient(url, version="auto", timeout=_PATIENCE, tls=tls)
                try:
                    return Engine(client, place, client.info())
                except BaseException:
                    client.close()
                    raise
            except (DockerException, OSError) as error:
                reasons.append(f"{place}: {error}")
        raise Unusable(f"no container engine answers ({'; '.join(reasons)}); start it, or correct DOCKER_HOST")

    @property
    def local(self) -> str | None:
        """The path of its socket, when it is reached by one."""
        path = self.host.removeprefix("http+").removeprefix("unix://")
        return path if path != self.host else None

    def start(self, description: Mapping[str, Any]) -> tuple[str, socket.socket]:
        """A running container and its streams. They were attached before it started: nothing it says is lost."""
        with _explained("the container could not be started"):
            created = self.client.create_container_from_config(dict(description))["Id"]  # type: ignore[no-untyped-call]
            try:
                wanted = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
                stream = self.client.attach_socket(created, params=wanted)
                with self._lock:
                    self._streams[created] = stream  # closes the connection when it is forgotten
                self.client.start(created)
            except BaseException:
                self.let_go(created)
                self.remove(created)
                raise
        return created, getattr(stream, "_sock", stream)

    def let_go(self, container: str) -> None:
        """Close the streams of a container: that is its end."""
        with self._lock:
            stream = self._streams.pop(container, None)
        if stream is not None:
            connection = getattr(stream, "_sock", stream)
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            response = getattr(stream, "_response", None)
            if response is not None:
                response.close()  # before the stream beneath it
            stream.close()
            connection.close()

    def remove(self, container: str) -> None:
        """Kill and remove a container; nothing when it is gone already."""
        from docker.errors import DockerException
        from requests.exceptions import RequestException

        # It is gone, or being removed, or the engine itself is gone: then the next start sweeps.
        with contextlib.suppress(DockerException, RequestException, OSError):
            self.client.remove_container(container, force=True, v=True)

    def out_of_memory(self, container: str) -> bool:
        """Whether the engine blames memory for the end of a container; False when it is gone already."""
        from docker.errors import DockerException
        from requests.exceptions import RequestException

        try:
            return bool(self.client.inspect_container(container)["State"].get("OOMKilled"))
        except (DockerException, RequestException, OSError):
            return False

    def containers(self, label: str) -> list[Mapping[str, Any]]:
        """All containers that carry `label` (a name, or name=value), running or not."""
        with _explained("the containers could not be listed"):
            return list(self.client.containers(all=True, filters={"label": label}))

    def image(self, name: str) -> Mapping[str, Any] | None:
        """What is known of a local image; None when it is not here. Nothing is pulled."""
        from docker.errors import ImageNotFound

        with _explained(f"the image {name} could not be looked at"):
            try:
                return dict(self.client.inspect_image(name))  # type: ignore[no-untyped-call]
            except ImageNotFound:
                return None

    def build(self, context: Any, tag: str, labels: Mapping[str, str], network: str) -> str:
        """Build an image from a tar of its context; comes to its id."""
        from docker.errors import APIError, DockerException

        said: list[str] = []
        trouble = ""
        try:
            steps = self.client.build(
                fileobj=context,
                custom_context=True,
                tag=tag,
                labels=dict(labels),
                network_mode=network,
                rm=True,
                forcerm=True,
                decode=True,
                timeout=_BUILD,
            )
            for step in steps:  # to the end, whatever it says: only then is the connection given back
                trouble = trouble or str(step.get("error", ""))
                said.append(str(step.get("stream", "")))
        except (APIError, DockerException, OSError) as error:
            raise ImageFailed(f"the image could not be built: {error}") from None
        if trouble:
            raise ImageFailed(f"the image could not be built ({trouble}): {''.join(said)[-_LOG:]}")
        built = self.image(tag)
        if built is None:
            raise ImageFailed(f"the image {tag} is missing although it was built; see the engine's own log")
        return str(built["Id"])

    def close(self) -> None:
        """Let go of everything."""
        for container in list(self._streams):
            self.let_go(container)
        self.client.close()


def _knock(place: str) -> None:
    """Whether anybody listens at a local socket; the SDK, told that nobody does, forgets to close its own."""
    path = place.removeprefix("http+").removeprefix("unix://")
    if path != place:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(path)


@contextlib.contextmanager
def _explained(what: str) -> Iterator[None]:
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    try:
        yield
    except (DockerException, RequestException, OSError) as error:
        explanation = getattr(error, "explanation", None) or error
        raise Unusable(f"{what}: {explanation}; see `loopcutter-sandbox status`") from None
