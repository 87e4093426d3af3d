import asyncio
from collections.abc import Mapping

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp
from support.serving import TOKEN

from loopcutter_serving.address import names
from loopcutter_serving.gate import Addressed, Bearer, security

RIGHT = {"Authorization": f"Bearer {TOKEN}"}


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


HELLO = Starlette(routes=[Route("/open", hello), Route("/closed", hello, methods=["GET", "POST"])])
BY_TOKEN = Bearer(HELLO, TOKEN, open_paths=frozenset({"/open"}))


def answer(
    app: ASGIApp, path: str = "/closed", headers: Mapping[str, str] | Mapping[bytes, bytes] | None = None
) -> httpx2.Response:
    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            return await client.get(path, headers=headers or {})

    return asyncio.run(ask())


def test_the_right_token_opens() -> None:
    assert answer(BY_TOKEN, headers=RIGHT).text == "hello"
    assert answer(BY_TOKEN, headers={"Authorization": f"bearer  {TOKEN}"}).text == "hello"


@pytest.mark.parametrize(
    "value",
    ["", "Bearer", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN],
)
def test_anything_else_is_refused_with_what_to_do(value: str) -> None:
    refused = answer(BY_TOKEN, headers={"Authorization": value})
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert refused.json() == {"error": "the bearer token is missing or wrong: send it as `Authorization: Bearer TOKEN`"}


def test_a_token_of_strange_bytes_is_wrong_and_no_error() -> None:
    assert answer(BY_TOKEN, headers={b"Authorization": b"Bearer \xff\xfe"}).status_code == 401


def test_no_header_is_refused_on_every_path_but_the_open_ones() -> None:
    statuses = {
        path: answer(BY_TOKEN, path).status_code for path in ("/open", "/closed", "/missing", "/open/", "//open")
    }
    assert statuses == {"/open": 200, "/closed": 401, "/missing": 401, "/open/": 401, "//open": 401}


def test_without_a_token_everything_is_open() -> None:
    assert answer(Bearer(HELLO, None)).text == "hello"


def addressed(*given: str, tls: bool = False) -> ASGIApp:
    return Addressed(HELLO, security(names("127.0.0.1", given), tls=tls))


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000", "node-b:8443", "node-b"])
def test_a_known_name_is_answered_on_any_port(host: str) -> None:
    assert answer(addressed("node-b"), headers={"Host": host}).text == "hello"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "node-b.evil.example:8000", "localhostx", ""]
)
def test_an_unknown_name_is_refused_with_what_to_do(host: str) -> None:
    refused = answer(addressed("node-b"), headers={"Host": host})
    assert refused.status_code == 421
    assert refused.json() == {
        "error": "this server does not know the Host of the request: start it with --allow-host NAME"
    }


def test_a_browser_on_a_foreign_page_is_refused() -> None:
    origins = ["http://127.0.0.1:8000", "http://evil.example", "null", "https://127.0.0.1:8000"]
    plain = [answer(addressed(), headers={"Origin": origin}).status_code for origin in origins]
    over_tls = [answer(addressed(tls=True), headers={"Origin": origin}).status_code for origin in origins]
    assert (plain, over_tls) == ([200, 403, 403, 403], [403, 403, 403, 200])
