"""The network's allow-list: only what was named is reached, whatever names lead to, and only through the proxy."""

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import anyio
import pytest
from click.testing import CliRunner
from support.container_engine import ContainerEngine
from support.testbed import Testbed

from loopcutter_sandbox.__main__ import main
from loopcutter_sandbox.allow_list import AllowList, Place
from loopcutter_sandbox.backends.docker import Docker
from loopcutter_sandbox.errors import NotAllowed
from loopcutter_sandbox.sandbox import open_sandbox

LARGE = 8 << 20

CONNECT = """\
import os, socket, sys
place = sys.argv[1]
proxy = os.environ["HTTPS_PROXY"].removeprefix("http://").split(":")
with socket.create_connection((proxy[0], int(proxy[1]))) as way:
    way.sendall(f"CONNECT {place} HTTP/1.1\\r\\nHost: {place}\\r\\n\\r\\n".encode())
    said = way.makefile("rb")
    status = said.readline().split()[1].decode()
    while said.readline().strip():
        pass
    if status == "200":
        way.sendall(b"GET /large HTTP/1.0\\r\\n\\r\\n")
    body = said.read()
print(status, len(body), body[-160:] if status != "200" else "")
"""


class Answers(BaseHTTPRequestHandler):
    """Says what was asked, and `LARGE` bytes where that is `/large`; takes in what is posted."""

    def do_GET(self) -> None:
        body = bytes(LARGE) if self.path == "/large" else f"{self.path} {self.headers['Host']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        taken = len(self.rfile.read(int(self.headers["Content-Length"])))
        body = str(taken).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def port() -> Iterator[int]:
    """A real server on this machine's loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def opened(
    engine: Callable[[], ContainerEngine], testbeds: Callable[[str], Testbed], tmp_path: Path
) -> Iterator[Callable[[AllowList], Testbed]]:
    """Opens sandboxes of containers with an allow-list."""
    store, beds = testbeds("docker").store, []

    def open_one(allowed: AllowList) -> Testbed:
        backend = Docker(engine().image, host=engine().host, ready=0, allowed=allowed)
        start = partial(open_sandbox, backends=[backend], folder=tmp_path)
        beds.append(Testbed(store, anyio.run(start, store, Path(sys.executable)), tmp_path))
        return beds[-1]

    yield open_one
    for bed in beds:
        bed.sandbox.close()


def script(bed: Testbed, *places: str) -> str:
    """What runs inside said of ways to `places`."""
    lines = "\n".join(f"python3 connect.py '{place}'" for place in places)
    result = anyio.run(bed.command, "sh all.sh", {"all.sh": lines, "connect.py": CONNECT})
    assert result["exit_code"] == 0, result["stderr"]
    return str(result["stdout"])


def test_a_listed_place_is_reached_and_no_other(opened: Callable[[AllowList], Testbed], port: int) -> None:
    bed = opened(AllowList.of([f"127.0.0.1:{port}"]))
    others = [f"127.0.0.1:{port + 1}", f"localhost:{port}", f"2130706433:{port}", f"127.1:{port}", "169.254.169.254:80"]
    first, *rest = script(bed, f"127.0.0.1:{port}", *others).splitlines()
    assert first.startswith("200 ")
    assert int(first.split()[1]) > LARGE
    assert [line[:3] for line in rest] == ["403"] * len(others)
    assert all("allow-list" in line or "names" in line or "no name" in line for line in rest), rest


def test_there_is_no_way_past_the_proxy(opened: Callable[[AllowList], Testbed], port: int) -> None:
    bed = opened(AllowList.of([f"127.0.0.1:{port}"]))
    direct = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)\n"
    look = "import os\nprint(os.listdir('/sys/class/net'))\n"
    result = anyio.run(bed.command, "python3 look.py; python3 direct.py", {"direct.py": direct, "look.py": look})
    assert result["stdout"] == "['lo']\n"
    assert "ConnectionRefusedError" in result["stderr"]


def test_plain_http_goes_the_same_way_and_much_can_be_sent(opened: Callable[[AllowList], Testbed], port: int) -> None:
    bed = opened(AllowList.of([f"127.0.0.1:{port}"]))
    code = f"""\
import os
os.environ["NO_PROXY"] = os.environ["no_proxy"] = ""
from urllib.request import urlopen
print(urlopen("http://127.0.0.1:{port}/a?b=c").read().decode())
print(urlopen("http://127.0.0.1:{port}/", bytes({LARGE})).read().decode())
"""
    result = anyio.run(bed.command, "python3 get.py", {"get.py": code})
    assert result["stdout"] == f"/a?b=c 127.0.0.1:{port}\n{LARGE}\n", result["stderr"]


def test_the_report_says_what_may_be_reached(opened: Callable[[AllowList], Testbed]) -> None:
    bed = opened(AllowList.of(["example.org:443"]))
    result = anyio.run(bed.command, "true")
    assert any("may talk to example.org:443" in gap for gap in result["gaps"])


def test_a_name_that_leads_to_a_private_place_is_refused_even_at_the_second_question(
    opened: Callable[[AllowList], Testbed], port: int
) -> None:
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1" if len(asked) > 2 else "127.0.0.1"]

    allowed = replace(AllowList.of([f"rebind.example:{port}"]), resolve=rebinding)
    said = script(opened(allowed), *[f"rebind.example:{port}"] * 2).splitlines()
    assert [line[:3] for line in said] == ["403", "403"]
    assert all("no public address" in line for line in said)
    assert asked == ["rebind.example"] * 2


def test_many_connections_end_with_the_run(opened: Callable[[AllowList], Testbed], port: int) -> None:
    bed = opened(AllowList.of([f"127.0.0.1:{port}"]))
    code = f"""\
import os, socket
place = os.environ["HTTPS_PROXY"].removeprefix("http://").split(":")
ways = [socket.create_connection((place[0], int(place[1]))) for _ in range(60)]
for way in ways:
    way.sendall(b"CONNECT 127.0.0.1:{port} HTTP/1.1\\r\\n\\r\\n")
print(sum(b" 200 " in way.recv(100) for way in ways), flush=True)
while True: ways[0].recv(1)
"""
    result = anyio.run(partial(bed.command, "python3 many.py", {"many.py": code}, timeout_s=4))
    assert (result["stdout"], result["timed_out"]) == ("60\n", True)


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_a_name_does_not_lead_to(address: str) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return [address]

    listed = AllowList(frozenset({Place("a.example", 443)}), resolve)
    with pytest.raises(NotAllowed, match="no public address"):
        anyio.run(listed.addresses, Place("a.example", 443))


def test_of_several_addresses_the_public_ones_are_used() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["10.0.0.1", "1.1.1.1", "2606:4700::1111"]

    listed = AllowList(frozenset({Place("a.example", 443)}), resolve)
    assert anyio.run(listed.addresses, Place("a.example", 443)) == ["1.1.1.1", "2606:4700::1111"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Example.ORG.:443", Place("example.org", 443)),
        ("[::1]:80", Place("::1", 80)),
        ("[0:0::1]:80", Place("::1", 80)),
        (" 10.0.0.1:5432 ", Place("10.0.0.1", 5432)),
    ],
)
def test_a_place_is_read(text: str, place: Place) -> None:
    assert Place.read(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "example.org",
        "example.org:0",
        "example.org:70000",
        "*.example.org:443",
        "::1:80",
        "127.1:80",
        "0x7f.1:80",
        "a b:1",
        ":1",
        "ä.de:1",
    ],
)
def test_what_is_no_place_is_refused_at_the_start(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        Place.read(text)
    said = CliRunner().invoke(main, ["status", "--network-allow", text])
    assert said.exit_code != 0
    assert "--network-allow" in said.output
