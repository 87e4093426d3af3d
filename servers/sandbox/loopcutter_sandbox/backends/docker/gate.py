"""The ways out of one run: connections of its container, which come as frames, are judged and carried on here.

The container itself has no network. Its keeper takes in connections on the container's own loopback and passes their
bytes on, each under a number; it is here that the request for a way is read (`CONNECT`, or plain `http://`), held
against the allow-list, resolved and connected. Nothing is mounted, and nothing inside decides.
"""

import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import anyio
from anyio.abc import SocketStream, TaskGroup

from loopcutter_sandbox.allow_list import AllowList, Place
from loopcutter_sandbox.backends.docker.frames import frame
from loopcutter_sandbox.errors import NotAllowed

WINDOW = 1 << 18
"""What may be under way in one connection and direction before the other end has said that it took it."""

_NUMBER = struct.Struct(">I")
_TAKEN = struct.Struct(">II")
_CHUNK = 1 << 16
_LONGEST_HEAD = 1 << 13
_CONNECT_S = 15.0
_MOST_AT_ONCE = 64
_MOST = 2_000
_MOST_BYTES = 1 << 30
"""Both directions of all connections of a run together."""

Send = Callable[[bytes], Awaitable[None]]


@dataclass
class _Way:
    """One connection, as far as the container's end of it is known."""

    number: int
    received: bytearray = field(default_factory=bytearray)
    ended: bool = False
    """Nothing more comes from inside."""
    unconfirmed: int = 0
    """Sent inside, and not taken there yet."""
    changed: anyio.Event = field(default_factory=anyio.Event)

    def wake(self) -> None:
        self.changed.set()
        self.changed = anyio.Event()


@dataclass
class Gate:
    """The ways out of one run."""

    allowed: AllowList
    send: Send
    """Sends one frame to the keeper."""
    tasks: TaskGroup
    """Where connections are served; they end with it."""
    _ways: dict[int, _Way] = field(default_factory=dict)
    _seen: int = 0
    _bytes: int = 0

    def take(self, kind: bytes, body: bytes) -> None:
        """Take in a frame about a connection: bytes of it (none: its end), or how many were taken inside."""
        if kind == b"a" and len(body) == _TAKEN.size:
            number, count = _TAKEN.unpack(body)
            if number in self._ways:
                self._ways[number].unconfirmed -= count
                self._ways[number].wake()
        elif kind == b"w" and len(body) >= _NUMBER.size:
            (number,) = _NUMBER.unpack_from(body)
            way = self._ways.get(number) or self._new(number)
            if way is not None:
                way.received += body[_NUMBER.size :]
                way.ended = way.ended or len(body) == _NUMBER.size or len(way.received) > WINDOW
                way.wake()

    def _new(self, number: int) -> _Way | None:
        """A connection that is heard of for the first time; numbers grow, so that an old one does not come back."""
        if number <= self._seen:
            return None
        self._seen = number
        if len(self._ways) >= _MOST_AT_ONCE or number > _MOST or self._bytes > _MOST_BYTES:
            self.tasks.start_soon(self._tell, number, b"")
            return None
        way = self._ways[number] = _Way(number)
        self.tasks.start_soon(self._serve, way)
        return way

    async def _tell(self, number: int, data: bytes) -> None:
        await self.send(frame(b"w", _NUMBER.pack(number) + data))

    async def _serve(self, way: _Way) -> None:
        try:
            with anyio.move_on_after(_CONNECT_S) as waiting:
                place, first, answer = _asked(await self._head(way))
                remote = await self._connect(place)
                waiting.deadline = float("inf")
                async with remote:
                    await self._tell(way.number, answer) if answer else None
                    await self._relay(way, remote, first)
        except NotAllowed as error:
            words = f"{error}\n".encode()
            head = f"HTTP/1.1 403 Forbidden\r\nContent-Length: {len(words)}\r\nConnection: close\r\n\r\n"
            await self._tell(way.number, head.encode() + words)
        finally:
            del self._ways[way.number]
        await self._tell(way.number, b"")

    async def _head(self, way: _Way) -> bytes:
        """The request for a way, to its empty line."""
        while (end := way.received.find(b"\r\n\r\n")) < 0:
            if way.ended or len(way.received) > _LONGEST_HEAD:
                raise NotAllowed("This proxy understands requests of HTTP only; ask with CONNECT HOST:PORT")
            await way.changed.wait()
        head = bytes(way.received[: end + 4])
        del way.received[: end + 4]
        await self._confirm(way, len(head))
        return head

    async def _connect(self, place: Place) -> SocketStream:
        reason: OSError | None = None
        for address in await self.allowed.addresses(place):
            try:
                return await anyio.connect_tcp(address, place.port)
            except OSError as error:
                reason = error
        raise NotAllowed(f"{place} did not answer ({reason}); try later")

    async def _confirm(self, way: _Way, count: int) -> None:
        await self.send(frame(b"a", _TAKEN.pack(way.number, count)))

    async def _relay(self, way: _Way, remote: SocketStream, first: bytes) -> None:
        """Both directions, until the far end has said all."""
        async with anyio.create_task_group() as directions:
            directions.start_soon(self._up, way, remote, first)
            while data := await _received(remote):
                self._bytes += len(data)
                while way.unconfirmed > WINDOW - _CHUNK:
                    await way.changed.wait()
                way.unconfirmed += len(data)
                await self._tell(way.number, data)
                if self._bytes > _MOST_BYTES:
                    break
            directions.cancel_scope.cancel()

    async def _up(self, way: _Way, remote: SocketStream, first: bytes) -> None:
        try:
            if first:
                await remote.send(first)
            while True:
                while not way.received and not way.ended:
                    await way.changed.wait()
                data = bytes(way.received)
                way.received.clear()
                if not data or self._bytes > _MOST_BYTES:
                    await remote.send_eof()
                    return
                self._bytes += len(data)
                await remote.send(data)
                await self._confirm(way, len(data))
        except (OSError, anyio.BrokenResourceError):
            return  # the far end is gone, which is heard in the other direction


async def _received(remote: SocketStream) -> bytes:
    try:
        return await remote.receive(_CHUNK)
    except (anyio.EndOfStream, anyio.BrokenResourceError, OSError):
        return b""


def _asked(head: bytes) -> tuple[Place, bytes, bytes]:
    """Where a request for a way leads, what is to be sent there first, and what is answered at once."""
    line, _, headers = head.decode("latin-1").partition("\r\n")
    words = line.split(" ")
    if len(words) == 3 and words[0] == "CONNECT":
        return Place.read(words[1]), b"", b"HTTP/1.1 200 Connection established\r\n\r\n"
    if len(words) == 3 and words[1].lower().startswith("http://"):
        authority, slash, path = words[1][len("http://") :].partition("/")
        kept = [
            each for each in headers.split("\r\n") if each and not each.lower().startswith(("proxy-", "connection"))
        ]
        place = Place.read(authority if authority.rpartition(":")[2].isdigit() else f"{authority}:80")
        first = "\r\n".join([f"{words[0]} {slash or '/'}{path} {words[2]}", *kept, "Connection: close", "", ""])
        return place, first.encode("latin-1"), b""
    raise NotAllowed(
        "This proxy understands CONNECT HOST:PORT and http:// only; ask for the place in one of these ways"
    )
