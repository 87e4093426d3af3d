"""The inner end of a run's ways out: takes in connections on the container's loopback and passes their bytes on.

Nothing is decided here. Each connection has a number; its bytes go to the server in frames `w` (no bytes: it has ended)
and come back in such; a frame `a` says how many were taken, so that neither end sends more than it was allowed ahead.
"""

from __future__ import annotations

import select
import socket
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .keeper import Keeper

_NUMBER = struct.Struct(">I")
_TAKEN = struct.Struct(">II")
_CHUNK = 1 << 16
_WINDOW = 1 << 18
_MOST = 64


class _Way:
    """One connection of the run."""

    def __init__(self, number: int, connection: socket.socket) -> None:
        self.number = number
        self.connection = connection
        self.unconfirmed = 0
        self.unsent = bytearray()
        self.said_all = False
        self.heard_all = False

    def events(self) -> int:
        reading = select.POLLIN if not self.said_all and self.unconfirmed <= _WINDOW - _CHUNK else 0
        return reading | (select.POLLOUT if self.unsent else 0)


class Gate:
    """Listens on a port of the container's own loopback."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=_MOST)
        self._listener.setblocking(False)
        self._ways: dict[int, _Way] = {}
        self._last = 0

    @property
    def descriptor(self) -> int:
        return self._listener.fileno()

    def environment(self) -> dict[str, str]:
        """What tells programs where to ask."""
        here = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
        told = {spelled: here for name in names for spelled in (name, name.lower())}
        return {**told, "NO_PROXY": "localhost,127.0.0.1,::1", "no_proxy": "localhost,127.0.0.1,::1"}

    def waits(self) -> list[tuple[int, int]]:
        """The descriptors to look at, and for what."""
        mine = [(self.descriptor, select.POLLIN)] if len(self._ways) < _MOST else []
        return mine + [(each.connection.fileno(), each.events()) for each in self._ways.values() if each.events()]

    def go_on(self, descriptor: int, keeper: Keeper) -> None:
        """Something can be done with one of the descriptors."""
        if descriptor == self.descriptor:
            self._accept()
            return
        for way in list(self._ways.values()):
            if way.connection.fileno() == descriptor:
                if way.events() & select.POLLIN:
                    self._read(way, keeper)
                self._write(way, keeper)

    def take(self, kind: bytes, body: bytes, keeper: Keeper) -> None:
        """What the server says about a connection."""
        (number,) = _NUMBER.unpack_from(body)
        way = self._ways.get(number)
        if way is None:
            return
        if kind == b"a":
            way.unconfirmed -= _TAKEN.unpack(body)[1]
            return
        way.unsent += body[_NUMBER.size :]
        way.heard_all = way.heard_all or len(body) == _NUMBER.size
        self._write(way, keeper)

    def close(self) -> None:
        self._listener.close()
        for way in self._ways.values():
            way.connection.close()
        self._ways.clear()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        connection.setblocking(False)
        self._last += 1
        self._ways[self._last] = _Way(self._last, connection)

    def _read(self, way: _Way, keeper: Keeper) -> None:
        try:
            data = way.connection.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        way.said_all = not data
        way.unconfirmed += len(data)
        keeper.send(b"w", _NUMBER.pack(way.number) + data)

    def _write(self, way: _Way, keeper: Keeper) -> None:
        try:
            sent = way.connection.send(way.unsent) if way.unsent else 0
        except BlockingIOError:
            return
        except OSError:  # nobody reads any more: the rest is for nobody
            sent = len(way.unsent)
        if sent:
            del way.unsent[:sent]
            keeper.send(b"a", _TAKEN.pack(way.number, sent))
        if way.heard_all and not way.unsent:
            way.connection.close()
            del self._ways[way.number]
