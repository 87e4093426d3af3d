"""Connections to servers over MCP: one client a server, that outlives a fault of one call."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx2
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp.types import TextContent

from loopcutter_host.errors import Missing, ToolFailed
from loopcutter_loopguard.events import Call, Outcome, Tests

CALL_TIMEOUT_S = 900.0
"""The longest a tool may take; the tools that run tests have tighter limits of their own."""


@dataclass(frozen=True)
class Address:
    """Where a server is and what opens its door."""

    url: str
    """`http://127.0.0.1:8765/mcp`"""
    token: str = field(default="", repr=False)
    ca: str = ""
    """File of the certificate authority that signed the server's certificate; empty: the system's."""


class Connections:
    """A toolbox over MCP. Enter it, call tools, leave it: the clients are opened and closed with it.

    Each client lives in a task of its own, because the SDK wraps whatever passes through an open client into exception
    groups; so an error of the caller stays the error it is.
    """

    def __init__(self, addresses: Mapping[str, Address]) -> None:
        self._addresses = addresses
        self._clients: dict[str, Client] = {}
        self._holders: list[asyncio.Task[None]] = []
        self._leave = asyncio.Event()

    async def __aenter__(self) -> Self:
        opening = [self._open(server, address) for server, address in self._addresses.items()]
        try:
            await asyncio.gather(*opening)
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._close()

    async def _open(self, server: str, address: Address) -> None:
        opened: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        holder = asyncio.create_task(self._hold(address, opened), name=f"connection to {server}")
        self._holders.append(holder)
        await asyncio.wait((opened, holder), return_when=asyncio.FIRST_COMPLETED)
        if not opened.done():
            raise Missing(
                f"server {server} can't be reached at {address.url}: {_leaf(holder.exception())}.",
                "Check that it runs and that the token is right.",
            )
        self._clients[server] = opened.result()

    async def _hold(self, address: Address, opened: "asyncio.Future[Client]") -> None:
        """Keep one client open until it is time to leave."""
        verify = ssl.create_default_context(cafile=address.ca) if address.ca else True
        async with (
            httpx2.AsyncClient(
                transport=_Surviving(httpx2.AsyncHTTPTransport(verify=verify)),
                timeout=httpx2.Timeout(10, read=None),
                headers={"Authorization": f"Bearer {address.token}"} if address.token else {},
            ) as http,
            Client(
                streamable_http_client(address.url, http_client=http, max_sse_event_size=None),
                read_timeout_seconds=CALL_TIMEOUT_S,
            ) as client,
        ):
            opened.set_result(client)
            await self._leave.wait()

    async def _close(self) -> None:
        self._leave.set()
        await asyncio.gather(*self._holders, return_exceptions=True)

    async def call(self, call: Call) -> Outcome:
        """Make the call. Raises `Missing` when the server is gone; a tool's own error is an outcome that is not ok."""
        client = self._clients[call.server]
        try:
            result = await client.call_tool(call.tool, dict(call.arguments))
        except MCPError as error:
            raise Missing(
                f"{call.server}.{call.tool} could not be called: {error}.",
                "See 'loopcutter-host doctor'; the run can be repeated, nothing of yours was changed.",
            ) from error
        text = "\n".join(part.text for part in result.content if isinstance(part, TextContent))
        return outcome(call, not result.is_error, text, result.structured_content or {})


def outcome(call: Call, ok: bool, text: str, data: Mapping[str, Any]) -> Outcome:
    """What the guard needs to know of a result, picked from its well-known fields."""
    checkpoint = data.get("checkpoint") or data.get("restored") or data.get("base")
    made = checkpoint if isinstance(checkpoint, Mapping) else data if {"id", "tree"} <= data.keys() else {}
    tests = None
    if {"passed", "failed", "errors"} <= data.keys():
        tests = Tests(*(tuple(data[key]) for key in ("passed", "failed", "errors")))
    return Outcome(
        call=call,
        ok=ok,
        text=text,
        data=data,
        tests=tests,
        tree=made.get("tree") or data.get("tree"),
        diff=data.get("diff"),
        checkpoint=made.get("id"),
    )


def demand(result: Outcome) -> Mapping[str, Any]:
    """The data of a call that must have worked. Raises `ToolFailed` with the tool's words."""
    if not result.ok:
        raise ToolFailed(result.text)
    return result.data


def _leaf(error: BaseException | None) -> BaseException | None:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


class _Surviving(httpx2.AsyncBaseTransport):
    """Turns faults and plain HTTP errors into JSON-RPC errors, so that one fault fails one call and not the client.

    Without it a refused connection cancels the task that uses the client, and every later call with it.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            response = await self._inner.handle_async_request(request)
        except httpx2.TransportError as error:
            return _failure(request, 503, -32010, f"unreachable ({type(error).__name__}: {error})")
        if response.status_code < 400 or request.method != "POST":
            return response
        body = await response.aread()
        await response.aclose()
        if _is_rpc(body):
            kind = {"content-type": "application/json"}
            return httpx2.Response(response.status_code, request=request, headers=kind, content=body)
        return _failure(request, response.status_code, -32011, f"HTTP {response.status_code}")

    async def aclose(self) -> None:
        await self._inner.aclose()


def _is_rpc(body: bytes) -> bool:
    try:
        return "jsonrpc" in json.loads(body)
    except (ValueError, TypeError):
        return False


def _failure(request: httpx2.Request, status: int, code: int, message: str) -> httpx2.Response:
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": message}}
    return httpx2.Response(
        status, request=request, headers={"content-type": "application/json"}, content=json.dumps(body).encode()
    )
