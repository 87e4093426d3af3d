"""The routes that are sent on to the model server: those that ask a model or look, none that change the server.

Pulling, creating, copying and deleting models stay with the person at that machine.
"""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from loopcutter_inference.errors import Unreachable
from loopcutter_inference.upstream import Upstream

MAX_BODY = 16 << 20
"""Bytes of one request; no context window takes more."""

ALLOWED = {
    "/api/chat": "POST",
    "/api/generate": "POST",
    "/api/embed": "POST",
    "/api/show": "POST",
    "/api/ps": "GET",
    "/api/tags": "GET",
    "/api/version": "GET",
    "/v1/chat/completions": "POST",
    "/v1/embeddings": "POST",
    "/v1/models": "GET",
}


def door_routes(upstream: Upstream) -> list[BaseRoute]:
    """One route for each path that is let through."""

    async def pass_on(request: Request) -> Response:
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=499)
        if body is None:
            return JSONResponse({"error": f"the request is larger than {MAX_BODY >> 20} MiB: send less"}, 413)
        stream = _answer(upstream, request, body)
        try:
            status, kind = await anext(stream)
        except Unreachable as error:
            return JSONResponse({"error": str(error)}, 502)
        return StreamingResponse(_rest(stream), int(status), media_type=kind.decode("latin-1"))

    return [Route(path, pass_on, methods=[method]) for path, method in ALLOWED.items()]


async def _body(request: Request) -> bytes | None:
    """The whole body; None when it is too large."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            return None
        parts.append(part)
    return b"".join(parts)


async def _answer(upstream: Upstream, request: Request, body: bytes) -> AsyncIterator[tuple[bytes, bytes]]:
    """First (status, content type), then (part of the body, nothing). The caller's token is not passed on."""
    headers = {"content-type": request.headers.get("content-type", "application/json")}
    async with upstream.send(request.method, request.url.path, headers, body) as response:
        yield str(response.status_code).encode(), response.headers.get("content-type", "application/json").encode()
        async for part in response.aiter_raw():
            yield part, b""


async def _rest(stream: AsyncIterator[tuple[bytes, bytes]]) -> AsyncIterator[bytes]:
    try:
        async for part, _ in stream:
            yield part
    finally:
        # Starlette drops the iterator when the caller hangs up; closing it hangs up on the engine as well.
        await asyncio.shield(stream.aclose())  # type: ignore[attr-defined]
