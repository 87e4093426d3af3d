"""The same sandboxes as in the tests of the sandbox, and things outside that hostile code may reach for."""

import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile.outside import Outside
from sandbox.conftest import anyio_backend, engine, testbeds

__all__ = ["anyio_backend", "engine", "testbeds"]


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    """A folder, sockets and a secret of the host, all open to everyone."""
    name = secrets.token_hex(8)
    for folder in (tmp_path, *list(tmp_path.parents)[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)
    tmp_path.chmod(0o777)
    (tmp_path / "secret").write_text(f"secret{name}")
    (tmp_path / "secret").chmod(0o666)
    os.environ["LOOPCUTTER_SECRET"] = f"secret{name}"
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as unix,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        udp.bind(("127.0.0.1", 0))
        unix.bind(str(tmp_path / "socket"))
        (tmp_path / "socket").chmod(0o777)
        abstract.bind(f"\0loopcutter-{name}")
        for listener in (unix, abstract):
            listener.listen()
        yield Outside(tmp_path, name, tcp, udp)
    del os.environ["LOOPCUTTER_SECRET"]
