"""A wire that counts: everything sent to it goes on to a server, and it knows how many bytes that was."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass


@dataclass
class Relay:
    """Stands at `url` in front of a server."""

    url: str = ""
    sent: int = 0
    """Bytes that went towards the server."""


@asynccontextmanager
async def relay(url: str) -> AsyncIterator[Relay]:
    """A wire to the server at `http://127.0.0.1:PORT/…`."""
    address, _, path = url.removeprefix("http://").partition("/")
    host, _, port = address.partition(":")
    wire = Relay()
    carriers: list[asyncio.Task[None]] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool) -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(1 << 16):
                wire.sent += len(piece) * counted
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection(host, int(port))
        carriers.append(asyncio.create_task(carry(reader, server_writer, counted=True)))
        carriers.append(asyncio.create_task(carry(server_reader, writer, counted=False)))

    async with await asyncio.start_server(connect, "127.0.0.1", 0) as server:
        wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/{path}"
        yield wire
    await asyncio.gather(*carriers)
