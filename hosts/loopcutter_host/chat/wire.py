"""The way to a model server: HTTP with an end to every wait, and streams that stop the model when they are closed."""

import asyncio
import json
import random
import ssl
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx2

from loopcutter_host.chat.errors import AnswerCut, ServerFailed, TooSlow, Unreachable
from loopcutter_host.errors import BadUsage

Item = TypeVar("Item")

_LONGEST_LINE = 4_000_000
_LONGEST_FAULT = 64_000
"""Bytes of an error's body that are read."""
_LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True)
class Waits:
    """How long to wait for what, and how often to ask again."""

    connect_s: float = 5
    first_token_s: float = 300
    """Loading the model and reading the prompt; minutes on a laptop without a GPU."""
    gap_s: float = 60
    """Between two pieces."""
    answer_s: float = 900
    """The whole answer."""
    retries: int = 2
    """How often to ask again when nothing was received yet."""
    pause_s: float = 1
    """Before the first retry; doubled each time, with jitter."""


class BadStatus(Exception):
    """The server said no. Whoever asked knows what its words mean."""

    def __init__(self, status: int, body: bytes, pause_s: float = 0) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.body = body
        self.pause_s = pause_s
        """How long the server wants to be left alone."""


class Wire:
    """A connection to one server. `remedy` says what to do when nothing answers there."""

    def __init__(self, url: str, waits: Waits, *, token: str, remedy: str, ca: str = "") -> None:
        self.url = url
        self.waits = waits
        self._remedy = remedy
        verify = _trusting(ca) if ca else True
        try:
            urlsplit(url).port  # noqa: B018  looked at for its errors: the client takes any number for a port
            # No proxies, no redirects: the issue and the code go to this address or nowhere.
            self._client = httpx2.AsyncClient(
                base_url=url,
                headers={"Authorization": f"Bearer {token}"} if token else {},
                timeout=httpx2.Timeout(None, connect=waits.connect_s),
                verify=verify,
                trust_env=False,
                follow_redirects=False,
            )
        except (ValueError, httpx2.InvalidURL) as error:
            raise Unreachable(url, f"not an address: {error}", remedy) from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A short question and its whole answer. Raises `BadStatus`."""
        seconds = self.waits.connect_s + self.waits.gap_s
        with self._translating("an answer", seconds):
            async with asyncio.timeout(seconds), self._client.stream(method, path, json=body) as response:
                await _check(response)
                return json.loads(await _start_of(response, _LONGEST_LINE))

    async def stream(self, path: str, body: Any, read: Callable[[str], Item | None]) -> AsyncGenerator[Item, None]:
        """What `read` makes of the lines of a streamed answer; closing it hangs up, and that stops the model.

        Lines that mean nothing (None) don't end the wait for the first token. Raises `BadStatus`.
        """
        clock = asyncio.get_running_loop().time
        ends = clock() + self.waits.answer_s
        waited_for, seconds = "the first token", self.waits.first_token_s
        async with AsyncExitStack() as opened:
            lines: AsyncGenerator[str, None] | None = None
            while True:
                allowed = seconds
                if ends - clock() < seconds:
                    waited_for, allowed = "the whole answer", self.waits.answer_s
                with self._translating(waited_for, allowed):
                    async with asyncio.timeout_at(min(clock() + seconds, ends)):
                        if lines is None:
                            asked = self._client.stream("POST", path, json=body)
                            response = await opened.enter_async_context(asked)
                            await _check(response)
                            lines = await opened.enter_async_context(aclosing(_lines(response)))
                        item = await _next(lines, read)
                if item is None:
                    return
                yield item
                waited_for, seconds = "the next token", self.waits.gap_s

    async def with_retries(self, ask: Callable[[], AsyncGenerator[Item, None]]) -> AsyncGenerator[Item, None]:
        """Stream an answer; ask again only while nothing of it was received, since then nothing was lost or doubled."""
        for retry in range(self.waits.retries + 1):
            received, wanted = False, 0.0
            try:
                async with aclosing(ask()) as items:
                    async for item in items:
                        received = True
                        yield item
                return
            except (Unreachable, ServerFailed, AnswerCut) as error:
                if received or retry == self.waits.retries:
                    raise
                wanted = error.__cause__.pause_s if isinstance(error.__cause__, BadStatus) else 0.0
            pause = self.waits.pause_s * 2**retry * random.uniform(0.5, 1.5)
            await asyncio.sleep(max(pause, min(wanted, _LONGEST_PAUSE_S)))

    @contextmanager
    def _translating(self, waited_for: str, seconds: float) -> Iterator[None]:
        """Errors of the client become errors of this package, which say what to do."""
        try:
            yield
        except TimeoutError as error:
            raise TooSlow(self.url, waited_for, seconds) from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol) as error:
            raise Unreachable(self.url, str(error) or "timed out", self._remedy) from error
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise AnswerCut(self.url, str(error) or type(error).__name__) from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            # What comes in is parsed within: anything that can go wrong there is the server's doing.
            said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            raise AnswerCut(self.url, f"this is not what such a server sends ({said})") from error


def _trusting(ca: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=Path(ca).expanduser())
    except (OSError, ssl.SSLError) as error:
        raise BadUsage(
            f"the certificate {ca} of the model server can't be used: {error}.", "Name a PEM file as its ca."
        ) from error


async def _check(response: httpx2.Response) -> None:
    if response.status_code != 200:
        after = response.headers.get("Retry-After", "")
        pause_s = float(after) if after.isdecimal() else 0.0
        raise BadStatus(response.status_code, await _start_of(response, _LONGEST_FAULT), pause_s)


async def _start_of(response: httpx2.Response, length: int) -> bytes:
    """The body, or its beginning."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) >= length:
            break
    return bytes(body[:length])


async def _lines(response: httpx2.Response) -> AsyncGenerator[str, None]:
    """The lines of a body; a line without an end is no reason to fill the memory."""
    rest = bytearray()
    async for chunk in response.aiter_bytes():
        rest += chunk
        *lines, last = rest.split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace")
        rest = bytearray(last)
        if len(rest) > _LONGEST_LINE:
            raise ValueError(f"a line of more than {_LONGEST_LINE} bytes")
    if rest.strip():
        yield rest.decode("utf-8", "replace")


async def _next(lines: AsyncGenerator[str, None], read: Callable[[str], Item | None]) -> Item | None:
    """The next line that means something; None at the end."""
    async for line in lines:
        item = read(line) if line.strip() else None
        if item is not None:
            return item
    return None
