"""The way to a model server: what goes wrong on it is said in words, and is tried again only where that is safe."""

import asyncio
import json
import ssl
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from loopcutter_host.chat.errors import AnswerCut, ServerFailed, TooSlow, Unreachable
from loopcutter_host.chat.wire import BadStatus, Waits, Wire
from loopcutter_host.errors import BadUsage

QUICK = Waits(connect_s=1, first_token_s=5, gap_s=5, answer_s=5, retries=2, pause_s=0)


@contextmanager
def serving(status: int, body: bytes, certificate: Path | None = None) -> Iterator[str]:
    """The address of a server that always answers the same; over TLS with a certificate, in one file with its key."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # A socket closed with some of the request unread is reset, and the client loses the end of the answer.
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def stream(url: str, waits: Waits = QUICK) -> list[int]:
    async with aclosing(Wire(url, waits, token="", remedy="Start it.")) as wire:
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
        async with aclosing(Wire("http://127.0.0.1:1", QUICK, token="", remedy="")) as wire:
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
        async with aclosing(Wire("http://127.0.0.1:1", QUICK, token="", remedy="")) as wire:
            return [item async for item in wire.with_retries(half)]

    with pytest.raises(AnswerCut):
        asyncio.run(run())
    assert len(tries) == 1


def signed_by_itself(path: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a model server")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_server_with_a_private_certificate_is_believed_only_when_that_is_named(tmp_path: Path) -> None:
    own = signed_by_itself(tmp_path / "server.pem")

    async def ask(url: str, ca: str) -> object:
        async with aclosing(Wire(url, QUICK, token="", remedy="Start it.", ca=ca)) as wire:
            return await wire.ask("GET", "/")

    with serving(200, b'{"n": 1}', own) as url:
        assert asyncio.run(ask(url, str(own))) == {"n": 1}
        with pytest.raises(Unreachable, match=r"(?i)certificate"):
            asyncio.run(ask(url, ""))
    with pytest.raises(BadUsage, match="Name a PEM file"):
        Wire("https://127.0.0.1:1", QUICK, token="", remedy="", ca=str(tmp_path / "none.pem"))


def test_pauses_between_tries_grow_and_are_never_the_same_for_two_who_failed_together() -> None:
    async def pauses() -> list[float]:
        tried: list[float] = []

        async def failing() -> AsyncGenerator[int, None]:
            tried.append(asyncio.get_running_loop().time())
            raise ServerFailed("http://box", "busy")
            yield 0

        wire = Wire("http://127.0.0.1:1", replace(QUICK, pause_s=0.1), token="", remedy="Start it.")
        async with aclosing(wire):
            with pytest.raises(ServerFailed):
                async for _ in wire.with_retries(failing):
                    pass
        return [after - before for before, after in pairwise(tried)]

    async def together() -> list[list[float]]:
        return await asyncio.gather(*(pauses() for _ in range(8)))

    waited = asyncio.run(together())
    assert all(first >= 0.05 and second >= 0.1 for first, second in waited)
    assert max(first for first, _ in waited) - min(first for first, _ in waited) > 0.005
