"""The way to a model server: what goes wrong on it is said in words, and is tried again only where that is safe."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from loopcutter_host.chat.errors import AnswerCut, ServerFailed, TooSlow, Unreachable
from loopcutter_host.chat.wire import BadStatus, Waits, Wire

QUICK = Waits(connect_s=1, first_token_s=5, gap_s=5, answer_s=5, retries=2, pause_s=0)


@contextmanager
def serving(status: int, body: bytes) -> Iterator[str]:
    """The address of a server that always answers the same."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def stream(url: str, waits: Waits = QUICK) -> list[int]:
    async with Wire(url, waits, token="", remedy="Start it.") as wire:
        return [item async for item in wire.stream("/", {}, lambda line: int(json.loads(line)["n"]))]


@pytest.mark.parametrize(
    "url", ["ftp://box", "box", "http://[::1", "http://127.0.0.1:99999", "http://127.0.0.1:1", "http://a b"]
)
def test_address_that_leads_nowhere_is_said_with_the_remedy(url: str) -> None:
    with pytest.raises(Unreachable, match=r"Start it\."):
        asyncio.run(stream(url))


def test_lines_are_read_one_by_one_also_the_last_without_an_end() -> None:
    with serving(200, b'{"n": 1}\n\n{"n": 2}\r\n{"n": 3}') as url:
        assert asyncio.run(stream(url)) == [1, 2, 3]


@pytest.mark.parametrize("body", [b"<html>", b'{"m": 1}', b'{"n": "x"}', b"\xff\xfe", b"[" * 100_000])
def test_what_such_a_server_does_not_send_is_an_answer_cut(body: bytes) -> None:
    with serving(200, body) as url, pytest.raises(AnswerCut, match="not what such a server sends"):
        asyncio.run(stream(url))


def test_redirect_is_not_followed() -> None:
    with serving(307, b"elsewhere") as url, pytest.raises(BadStatus) as raised:
        asyncio.run(stream(url))
    assert (raised.value.status, raised.value.body) == (307, b"elsewhere")


@pytest.mark.parametrize(("error", "asked"), [(ServerFailed("u", "x"), 3), (TooSlow("u", "x", 1), 1)])
def test_only_what_may_pass_is_tried_again(error: Exception, asked: int) -> None:
    tries: list[int] = []

    async def fail() -> AsyncGenerator[int, None]:
        tries.append(1)
        raise error
        yield 1

    async def run() -> None:
        async with Wire("http://127.0.0.1:1", QUICK, token="", remedy="") as wire:
            async for _ in wire.with_retries(fail):
                pass

    with pytest.raises(type(error)):
        asyncio.run(run())
    assert len(tries) == asked


def test_nothing_is_asked_twice_once_something_was_received() -> None:
    tries: list[int] = []

    async def half() -> AsyncGenerator[int, None]:
        tries.append(1)
        yield 1
        raise AnswerCut("u", "x")

    async def run() -> list[int]:
        async with Wire("http://127.0.0.1:1", QUICK, token="", remedy="") as wire:
            return [item async for item in wire.with_retries(half)]

    with pytest.raises(AnswerCut):
        asyncio.run(run())
    assert len(tries) == 1
