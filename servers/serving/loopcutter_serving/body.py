"""The body of a request, piece by piece, unpacked, and never more of it than was agreed."""

import asyncio
import zlib
from collections.abc import AsyncIterator

from starlette.types import Receive

from loopcutter_serving.errors import BodyRefused, Gone

_PIECE = 1 << 20
_LONGEST_SILENCE = 60.0
"""Seconds a client may send nothing."""


async def body(receive: Receive, encoding: str, largest: int) -> AsyncIterator[bytes]:
    """The pieces of the body of at most `largest` bytes, with `encoding` (gzip or identity) taken off.

    Raises `BodyRefused` as soon as it is clear that the body won't do, and `Gone` when the client is.
    """
    size = 0
    async for piece in _unpacked(_raw(receive), encoding.strip().lower()):
        size += len(piece)
        if size > largest:
            raise BodyRefused(413, f"the request is larger than {largest} bytes: push less at once")
        yield piece


async def _raw(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        try:
            message = await asyncio.wait_for(receive(), _LONGEST_SILENCE)
        except TimeoutError:
            raise BodyRefused(408, f"nothing came for {_LONGEST_SILENCE:.0f} s: check the network") from None
        if message["type"] == "http.disconnect":
            raise Gone
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body", False):
            return


async def _unpacked(pieces: AsyncIterator[bytes], encoding: str) -> AsyncIterator[bytes]:
    if encoding == "identity":
        async for piece in pieces:
            yield piece
        return
    if encoding not in ("gzip", "x-gzip"):
        raise BodyRefused(415, f"the Content-Encoding {encoding!r} is not known: use gzip or none")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    async for packed in pieces:
        # Bounded steps: a few bytes can unpack to gigabytes, and the limit must see them coming.
        while packed and not unpacker.eof:
            try:
                piece = unpacker.decompress(packed, _PIECE)
            except zlib.error:
                raise BodyRefused(400, "the body is not valid gzip: send it again") from None
            packed = unpacker.unconsumed_tail
            if piece:
                yield piece
    if not unpacker.eof:
        raise BodyRefused(400, "the gzip body ends too early: send it again")
