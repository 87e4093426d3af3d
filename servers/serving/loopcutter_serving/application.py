"""One ASGI app out of an MCP server, its health and its extra routes, behind the gates."""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from loopcutter_serving.gate import Addressed, Bearer

MCP_PATH = "/mcp"
HEALTH_PATH = "/healthz"

_LARGEST_MESSAGE = 16 << 20
"""Bytes of one MCP request: an edit may carry whole files."""


def application(
    name: str, server: MCPServer, routes: Sequence[BaseRoute], security: TransportSecuritySettings, token: str | None
) -> ASGIApp:
    """`server` at /mcp and `routes`, for those who hold `token`; /healthz for everybody."""

    # Default transport options on purpose: json_response and stateless_http lose progress and cancellation.
    app = server.streamable_http_app(
        streamable_http_path=MCP_PATH, max_request_body_size=_LARGEST_MESSAGE, transport_security=security
    )
    app.router.routes.extend([_health(name), *routes])
    return Addressed(Bearer(app, token, open_paths=frozenset({HEALTH_PATH})), security)


def _health(name: str) -> Route:
    async def healthz(request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok", "server": name, "version": _version()})

    return Route(HEALTH_PATH, healthz, methods=["GET"])


def _version() -> str:
    try:
        return version("loopcutter")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"
