import asyncio
import gzip
import tracemalloc
from collections.abc import Iterable

import pytest
from starlette.types import Message, Receive

from loopcutter_serving.body import body
from loopcutter_serving.errors import BodyRefused, Gone

PIECES = [b"0032want ", b"", b"more", b"0000"]
WHOLE = b"".join(PIECES)


def sent(pieces: Iterable[bytes], last: Message | None = None) -> Receive:
    """What a server receives when a client sends `pieces`."""
    messages: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append(last or {"type": "http.request", "body": b"", "more_body": False})
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting)

    return receive


def read(receive: Receive, encoding: str = "identity", largest: int = 1000) -> bytes:
    async def collect() -> bytes:
        return b"".join([piece async for piece in body(receive, encoding, largest)])

    return asyncio.run(collect())


def test_the_pieces_come_as_they_were_sent() -> None:
    assert read(sent(PIECES)) == WHOLE


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZip "])
def test_gzip_is_taken_off_wherever_it_was_cut(encoding: str) -> None:
    packed = gzip.compress(WHOLE)
    assert read(sent(bytes([byte]) for byte in packed), encoding) == WHOLE


def test_a_body_may_be_as_large_as_agreed_and_no_larger() -> None:
    assert read(sent([b"x" * 1000])) == b"x" * 1000
    with pytest.raises(BodyRefused, match="larger than 1000 bytes: push less at once") as refusal:
        read(sent([b"x" * 600, b"x" * 401]))
    assert refusal.value.status == 413


def test_a_few_bytes_that_unpack_to_very_many_are_refused_without_unpacking_them() -> None:
    bomb = gzip.compress(b"\0" * (64 << 20), compresslevel=1)
    tracemalloc.start()
    with pytest.raises(BodyRefused, match="larger than"):
        read(sent([bomb]), "gzip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


@pytest.mark.parametrize(
    ("pieces", "encoding", "status", "words"),
    [
        ([b"no gzip"], "gzip", 400, "is not valid gzip: send it again"),
        ([gzip.compress(WHOLE)[:-4]], "gzip", 400, "ends too early: send it again"),
        ([], "gzip", 400, "ends too early: send it again"),
        ([WHOLE], "br", 415, "Content-Encoding 'br' is not known: use gzip or none"),
        ([WHOLE], "gzip, gzip", 415, "is not known: use gzip or none"),
    ],
)
def test_what_cannot_be_unpacked_is_refused(pieces: list[bytes], encoding: str, status: int, words: str) -> None:
    with pytest.raises(BodyRefused, match=words) as refusal:
        read(sent(pieces), encoding)
    assert refusal.value.status == status


def test_a_client_that_goes_away_ends_the_body() -> None:
    with pytest.raises(Gone):
        read(sent([b"half"], last={"type": "http.disconnect"}))
