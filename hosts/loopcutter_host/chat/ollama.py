"""A model served by Ollama, asked through its own client.

Ollama's defaults cut prompts silently and wait for ever, so the window is always sent, what doesn't fit is never sent,
and every wait has an end.
"""

import asyncio
import os
import random
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, cast

import httpx
from ollama import AsyncClient, ChatResponse, ProcessResponse, ResponseError, ShowResponse

from loopcutter_host.chat import _ollama_errors
from loopcutter_host.chat.errors import (
    AnswerCut,
    ContextTooSmall,
    PromptTooLong,
    Refused,
    ServerFailed,
    TooSlow,
    Unreachable,
)
from loopcutter_host.chat.protocol import Capacity, Message, Piece, Schema, ToolCall, ToolSpec
from loopcutter_host.chat.tokens import prompt_tokens

_DEFAULT_URL = "http://127.0.0.1:11434"


@dataclass(frozen=True)
class OllamaSettings:
    """How a model is asked. Another window makes Ollama load the model again, so it stays the same for a whole run."""

    url: str = ""
    """Empty: what OLLAMA_HOST says, else this machine."""
    num_ctx: int = 16_384
    """Tokens of prompt and answer together; sent with every request."""
    num_predict: int = 4_096
    """Tokens an answer may have."""
    temperature: float = 0.2
    """For a request that asks for none itself."""
    keep_alive: str = "30m"
    think: bool | str | None = None
    """None: as the model does by itself. Forcing it either way makes some models ignore the schema."""
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


class Ollama:
    """Implements `Chat`. Close it, or use it in `async with`."""

    def __init__(self, model: str, settings: OllamaSettings | None = None) -> None:
        self._model = model
        self._settings = settings or OllamaSettings()
        url = self._settings.url or os.environ.get("OLLAMA_HOST") or _DEFAULT_URL
        self._url = url.replace("0.0.0.0", "127.0.0.1")  # an address to listen on, often in OLLAMA_HOST
        self._capacity: Capacity | None = None
        self._window_checked = False
        try:
            # No proxies, no redirects: the issue and the code go to this address or nowhere.
            timeout = httpx.Timeout(None, connect=self._settings.connect_s)
            self._client = AsyncClient(self._url, timeout=timeout, trust_env=False, follow_redirects=False)
        except (ValueError, httpx.InvalidURL) as error:
            raise Unreachable(self._url, f"not an address: {error}") from error

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()  # type: ignore[no-untyped-call]

    @property
    def name(self) -> str:
        """The model's name behind `ollama:`."""
        return f"ollama:{self._model}"

    async def capacity(self) -> Capacity:
        """The window asked for, or what the model can hold if that is less. Asks the server once."""
        if self._capacity is None:
            try:
                with self._translating():
                    async with asyncio.timeout(self._settings.connect_s + self._settings.gap_s):
                        shown = await self._client.show(self._model)
            except (AnswerCut, TooSlow) as error:
                raise Refused(
                    f"{self._url} is no Ollama server: {error}.", "Check ollama.url or OLLAMA_HOST."
                ) from error
            window = min(self._settings.num_ctx, _trained_window(shown) or self._settings.num_ctx)
            reply = min(self._settings.num_predict, window // 2)
            self._capacity = Capacity(window, reply, tools="tools" in (shown.capabilities or ()))
        return self._capacity

    async def answer(
        self,
        messages: Sequence[Message],
        *,
        schema: Schema | None,
        tools: Sequence[ToolSpec] = (),
        temperature: float | None = None,
    ) -> AsyncGenerator[Piece, None]:
        """Stream one answer; ask again only while nothing of it was received."""
        capacity = await self.capacity()
        estimate = prompt_tokens(messages, tools)
        if estimate > capacity.prompt:
            raise PromptTooLong(estimate, capacity.prompt)
        request = self._request(capacity, messages, schema, tools, temperature)
        for retry in range(self._settings.retries + 1):
            received = False
            try:
                async with aclosing(self._stream(request)) as chunks:
                    async for chunk in chunks:
                        received = True
                        if chunk.done:
                            await self._check_window(capacity, estimate, chunk.prompt_eval_count or 0)
                        yield _piece(chunk)
                return
            except (Unreachable, ServerFailed, AnswerCut):
                if received or retry == self._settings.retries:
                    raise
            await asyncio.sleep(self._settings.pause_s * 2**retry * random.uniform(0.5, 1.5))

    def _request(
        self,
        capacity: Capacity,
        messages: Sequence[Message],
        schema: Schema | None,
        tools: Sequence[ToolSpec],
        temperature: float | None,
    ) -> dict[str, Any]:
        warmth = self._settings.temperature if temperature is None else temperature
        return {
            "model": self._model,
            "messages": [_message(message) for message in messages],
            "tools": [_tool(tool) for tool in tools] if capacity.tools else [],
            "format": dict(schema) if schema is not None else None,
            "options": {"num_ctx": capacity.window, "num_predict": capacity.reply, "temperature": warmth},
            "keep_alive": self._settings.keep_alive,
            "think": self._settings.think,
        }

    async def _stream(self, request: Mapping[str, Any]) -> AsyncGenerator[ChatResponse, None]:
        ends = asyncio.get_running_loop().time() + self._settings.answer_s
        waited_for, seconds = "the first token", self._settings.first_token_s
        allowed = seconds
        stream = cast(AsyncGenerator[ChatResponse, None], await self._client.chat(**request, stream=True))
        # The client's own generator holds the connection: closing it is what stops the model.
        async with aclosing(stream):
            while True:
                left = ends - asyncio.get_running_loop().time()
                if left < seconds:
                    waited_for, seconds, allowed = "the whole answer", max(left, 0), self._settings.answer_s
                with self._translating(waited_for, allowed):
                    async with asyncio.timeout(seconds):
                        chunk = await anext(stream, None)
                if chunk is None:
                    raise AnswerCut(self._url, "the stream ended without its last line")
                yield chunk
                if chunk.done:
                    return
                waited_for, seconds = "the next token", self._settings.gap_s
                allowed = seconds

    async def _check_window(self, capacity: Capacity, estimate: int, counted: int) -> None:
        """Fail loudly if the server cuts prompts: it loads a smaller window than asked for when memory is short.

        Asked once, and again when the server counted far fewer tokens than were sent. The count alone proves nothing:
        some versions leave out what was still in the cache.
        """
        if self._window_checked and counted * 3 >= estimate:
            return
        self._window_checked = True
        try:
            with self._translating():
                async with asyncio.timeout(self._settings.gap_s):
                    loaded = await self._client.ps()
        except Refused:
            return  # a door in front of Ollama need not let this question through
        given = _loaded_window(loaded, self._model)
        if given and given < capacity.window:
            raise ContextTooSmall(self._model, capacity.window, given)

    @contextmanager
    def _translating(self, waited_for: str = "an answer", seconds: float | None = None) -> Iterator[None]:
        """Errors of the client become errors of this package, which say what to do."""
        try:
            yield
        except TimeoutError as error:
            raise TooSlow(self._url, waited_for, seconds or self._settings.gap_s) from error
        except (httpx.HTTPError, ConnectionError, ResponseError, ValueError) as error:
            raise _ollama_errors.translated(error, self._url, self._model) from error


def _piece(chunk: ChatResponse) -> Piece:
    message = chunk.message
    return Piece(
        text=message.content or "",
        thinking=message.thinking or "",
        calls=tuple(ToolCall(call.function.name, dict(call.function.arguments)) for call in message.tool_calls or ()),
        done_reason=(chunk.done_reason or "stop") if chunk.done else "",
        prompt_tokens=chunk.prompt_eval_count or 0,
        answer_tokens=chunk.eval_count or 0,
    )


def _message(message: Message) -> dict[str, Any]:
    calls = [{"function": {"name": call.name, "arguments": dict(call.arguments)}} for call in message.calls]
    return {"role": message.role, "content": message.text, "tool_calls": calls, "tool_name": message.tool}


def _tool(tool: ToolSpec) -> dict[str, Any]:
    described = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": described}


def _trained_window(shown: ShowResponse) -> int:
    """The longest window the model was trained for; 0 when the server doesn't say."""
    lengths = [value for key, value in (shown.modelinfo or {}).items() if key.endswith(".context_length")]
    return lengths[0] if lengths and isinstance(lengths[0], int) else 0


def _loaded_window(loaded: ProcessResponse, model: str) -> int:
    """The window the model runs with now; 0 when the server doesn't say."""
    return next((entry.context_length or 0 for entry in loaded.models if _full(entry.model or "") == _full(model)), 0)


def _full(model: str) -> str:
    """A model's name with its tag, which Ollama lets one leave out."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"
