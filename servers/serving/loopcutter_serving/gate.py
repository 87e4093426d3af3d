"""Who is let in: requests addressed to this server by a name it knows, carrying its token.

Both gates are pure ASGI apps around an app, so they guard every route alike: MCP, git, whatever is added.
"""

import hmac
import logging

from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_log = logging.getLogger(__name__)


def security(names: list[str], *, tls: bool) -> TransportSecuritySettings:
    """The Host and Origin headers that belong to `names`, on any port."""
    scheme = "https" if tls else "http"
    hosts = [host for name in names for host in (name, f"{name}:*")]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[f"{scheme}://{host}" for host in hosts])


class Addressed:
    """Lets through only what names this server in Host and, if a browser sent it, Origin (against DNS rebinding)."""

    def __init__(self, app: ASGIApp, settings: TransportSecuritySettings) -> None:
        self.app = app
        self.check = TransportSecurityMiddleware(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            refusal = await self.check.validate_request(Request(scope))
            if refusal is not None:
                header = "Host" if refusal.status_code == 421 else "Origin"
                text = f"this server does not know the {header} of the request: start it with --allow-host NAME"
                await JSONResponse({"error": text}, refusal.status_code)(scope, receive, send)
                return
        await self.app(scope, receive, send)


class Bearer:
    """Lets through only what carries the token; without a token everything passes."""

    def __init__(self, app: ASGIApp, token: str | None, *, open_paths: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.open_paths = open_paths
        self._token = token.encode() if token is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in self.open_paths and not self._admits(scope):
            _log.warning("refused %s %r: no valid token", scope["method"], scope["path"])
            await JSONResponse(
                {"error": "the bearer token is missing or wrong: send it as `Authorization: Bearer TOKEN`"},
                status_code=401,
                headers={"WWW-Authenticate": "Bearer"},
            )(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _admits(self, scope: Scope) -> bool:
        if self._token is None:
            return True
        scheme, _, given = Headers(scope=scope).get("authorization", "").partition(" ")
        # latin-1 is how ASGI headers are decoded; it takes every byte, so a strange token is wrong and not an error.
        return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode("latin-1"), self._token)
