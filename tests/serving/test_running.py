import asyncio
import json
import ssl
from pathlib import Path
from typing import Literal

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from support.serving import TOKEN, Certificates, Running, Start, refused

Era = Literal["2026-07-28", "legacy"]


def double(url: str, era: Era, authority: Path | None = None, token: str = TOKEN) -> int:
    """Call the tool `double` with 21."""
    verify = ssl.create_default_context(cafile=authority) if authority else True

    async def call() -> int:
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            httpx2.AsyncClient(verify=verify, headers=headers) as http,
            Client(streamable_http_client(url, http_client=http), mode=era) as client,
        ):
            result = await client.call_tool("double", {"number": 21})
            assert result.structured_content is not None
            return int(result.structured_content["result"])

    return asyncio.run(call())


@pytest.fixture(scope="module")
def server(start: Start) -> Running:
    return start(LOOPCUTTER_TOKEN=TOKEN)


@pytest.mark.parametrize("era", ["2026-07-28", "legacy"])
def test_a_client_with_the_token_is_served(server: Running, era: Era) -> None:
    assert double(server.url, era) == 42


@pytest.mark.parametrize("era", ["2026-07-28", "legacy"])
def test_a_client_that_trusts_the_authority_is_served_over_tls(
    start: Start, certificates: Certificates, era: Era
) -> None:
    files = ("--tls-cert", str(certificates.certificate), "--tls-key", str(certificates.key))
    server = start("--host", "0.0.0.0", "--allow-host", "127.0.0.1", *files, LOOPCUTTER_SERVED_TOKEN=TOKEN)
    assert server.url.startswith("https://127.0.0.1:")
    assert double(server.url, era, certificates.authority) == 42


def test_a_ready_server_says_so_in_one_line(start: Start) -> None:
    server = start()
    port = httpx2.URL(server.url).port
    assert server.announced == {"server": "served", "url": f"http://127.0.0.1:{port}/mcp", "pid": server.process.pid}
    assert server.stop() == (0, "", "")


def test_health_is_told_to_everybody_and_nothing_else_is(server: Running) -> None:
    health = httpx2.get(f"{server.root}/healthz")
    assert health.json() == {"status": "ok", "server": "served", "version": health.json()["version"]}
    paths = {
        path: httpx2.get(server.root + path).status_code for path in ("/mcp", "/git/info/refs", "/docs", "/healthz/x")
    }
    assert paths == dict.fromkeys(paths, 401)


def test_every_path_is_closed_to_names_the_server_does_not_know(server: Running) -> None:
    urls = [server.url, f"{server.root}/healthz"]
    assert [httpx2.get(url, headers={"Host": "evil.example"}).status_code for url in urls] == [421, 421]


def test_the_token_is_never_written(start: Start, token_file: Path) -> None:
    server = start("--token-file", str(token_file), "--log-level", "debug")
    assert double(server.url, "legacy") == 42
    for given in (TOKEN, "wrong-" + TOKEN):
        httpx2.post(server.url, headers={"Authorization": f"Bearer {given}"}, content=b"{}")
    code, out, error = server.stop()
    assert code == 0
    assert "refused POST '/mcp': no valid token" in error
    assert TOKEN not in out + error + json.dumps(server.announced)


def test_a_message_larger_than_agreed_is_refused(server: Running) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    assert httpx2.post(server.url, headers=headers, content=b" " * ((16 << 20) + 1)).status_code == 413


def test_others_are_not_served_without_token_and_tls(token_file: Path, certificates: Certificates) -> None:
    files = ("--tls-cert", str(certificates.certificate), "--tls-key", str(certificates.key))
    answers = [refused("--host", "0.0.0.0", *more) for more in ((), ("--token-file", str(token_file)), files)]
    words = "Error: 0.0.0.0 can be reached from other machines: give --token-file, --tls-cert and --tls-key, "
    assert answers == [(2, f"{words}or listen on 127.0.0.1\n")] * 3


def test_a_taken_port_is_one_line_and_exit_code_4(server: Running) -> None:
    port = str(httpx2.URL(server.url).port)
    assert refused("--port", port) == (
        4,
        f"Error: port {port} of 127.0.0.1 is taken: choose another --port, or 0 for any free one\n",
    )


def test_what_is_wrong_with_token_or_tls_is_one_line_and_exit_code_2(token_file: Path, tmp_path: Path) -> None:
    token_file.chmod(0o644)
    assert refused("--token-file", str(token_file)) == (
        2,
        f"Error: the token file {token_file} can be read by other users: run `chmod 600 {token_file}`\n",
    )
    assert refused("--tls-cert", str(tmp_path / "x.pem")) == (
        2,
        "Error: --tls-cert is given without --tls-key: give both for HTTPS or none for HTTP\n",
    )


def test_a_missing_package_is_one_line_that_says_what_to_install() -> None:
    assert refused("--needs", "no_such_package") == (
        4,
        "Error: no_such_package is missing: pip install 'loopcutter[served]'\n",
    )


def test_a_machine_without_git_is_told_so(tmp_path: Path) -> None:
    assert refused("--store", str(tmp_path / "store"), PATH=str(tmp_path)) == (
        4,
        "Error: git is missing on this machine: install git 2.34 or newer\n",
    )


def test_a_server_whose_own_start_fails_ends_with_exit_code_1() -> None:
    code, words = refused("--lifespan", "fails")
    assert code == 1
    assert "RuntimeError: the store is locked" in words
