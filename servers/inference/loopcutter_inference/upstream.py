"""The model server behind the door: Ollama, or anything that speaks its or OpenAI's protocol."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from loopcutter_inference.errors import Unreachable

CONNECT_S = 5.0
LOOK_S = 10.0
"""How long a question about the server itself may take; answers of models have no limit here, the caller sets it."""


@dataclass(frozen=True)
class Loaded:
    """A model that is in memory now."""

    name: str
    size: int
    """Bytes in all."""
    size_vram: int
    """Bytes on the GPU; less than `size` means that part of it runs on the CPU."""
    context_length: int


class Upstream:
    """Sends requests on and looks after the state of the server. Close it when done."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        # No proxies, no redirects: prompts hold the user's code, and go to this address or nowhere.
        timeout = httpx2.Timeout(None, connect=CONNECT_S)
        self._client = httpx2.AsyncClient(base_url=self.url, timeout=timeout, trust_env=False, follow_redirects=False)

    async def close(self) -> None:
        await self._client.aclose()

    async def look(self, path: str) -> dict[str, Any]:
        """The answer to a short question. Raises `Unreachable`."""
        try:
            answer = await self._client.get(path, timeout=LOOK_S)
            answer.raise_for_status()
            said = answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise Unreachable(self.url, str(error) or type(error).__name__) from error
        return said if isinstance(said, dict) else {}

    async def version(self) -> str:
        return str((await self.look("/api/version")).get("version", ""))

    async def models(self) -> list[str]:
        return [str(model.get("name", "")) for model in (await self.look("/api/tags")).get("models") or []]

    async def loaded(self) -> list[Loaded]:
        found = (await self.look("/api/ps")).get("models") or []
        return [
            Loaded(
                str(model.get("name", "")),
                int(model.get("size") or 0),
                int(model.get("size_vram") or 0),
                int(model.get("context_length") or 0),
            )
            for model in found
        ]

    @asynccontextmanager
    async def send(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> AsyncIterator[httpx2.Response]:
        """The response to a request that is sent on, unread. Leaving the context hangs up, which stops the engine."""
        request = self._client.build_request(method, path, headers=headers, content=body)
        try:
            response = await self._client.send(request, stream=True)
        except httpx2.HTTPError as error:
            raise Unreachable(self.url, str(error) or type(error).__name__) from error
        try:
            yield response
        finally:
            await response.aclose()
