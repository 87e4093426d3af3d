"""A model served by Ollama, asked through its own client.

Ollama's defaults cut prompts silently and wait for ever, so the window is always sent, what doesn't fit is never sent,
and every wait has an end.
"""

import asyncio
import os
import random
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx
from ollama import AsyncClient, ChatResponse, ProcessResponse, ResponseError, ShowResponse

from loopcutter_host.chat import _ollama_errors
from loopcutter_host.chat.errors import AnswerCut, ContextTooSmall, PromptTooLong, ServerFailed, TooSlow, Unreachable
from loopcutter_host.chat.protocol import Capacity, Message, Piece, Schema, ToolCall, ToolSpec
from loopcutter_host.chat.tokens import prompt_tokens

_DEFAULT_HOST = "http://127.0.0.1:11434"


@dataclass(frozen=True)
class Patience:
    """How long to wait for what, in seconds."""

    connect: float = 5
    first_token: float = 600
    """Loading the model and reading the prompt; minutes on a laptop without a GPU."""
    gap: float = 120
    """Between two pieces."""
    whole: float = 1800
    """The whole answer."""
    retries: int = 2
    """How often to ask again when nothing was received yet."""
    pause: float = 1
    """Before the first retry; doubled each time, with jitter."""


@dataclass(frozen=True)
class OllamaSettings:
    """How a model is run. Another window makes Ollama load the model again, so it stays the same for a whole run."""

    host: str = ""
    """Empty: what OLLAMA_HOST says, else this machine."""
    window: int = 16384
    """Sent as `num_ctx` with every request."""
    reply: int = 4096
    """Sent as `num_predict`: an answer is never longer."""
    keep_alive: str = "30m"
    think: bool | str | None = None
    """None: as the model does by itself. Forcing it either way makes some models ignore the schema."""
    seed: int | None = None
    patience: Patience = field(default_factory=Patience)


class Ollama:
    """Implements `Chat`. Close it, or use it in `async with`."""

    def __init__(self, model: str, settings: OllamaSettings | None = None) -> None:
        self._model = model
        self._settings = settings or OllamaSettings()
        self._host = (self._settings.host or os.environ.get("OLLAMA_HOST") or _DEFAULT_HOST).replace(
            "0.0.0.0", "127.0.0.1"
        )
        self._capacity: Capacity | None = None
        self._window_checked = False
        try:
            # No proxies, no redirects: the issue and the code go to this address or nowhere.
            timeout = httpx.Timeout(None, connect=self._settings.patience.connect)
            self._client = AsyncClient(self._host, timeout=timeout, trust_env=False, follow_redirects=False)
        except (ValueError, httpx.InvalidURL) as error:
            raise Unreachable(self._host, f"not an address: {error}") from error

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    @property
    def name(self) -> str:
        """The model's name as Ollama knows it."""
        return self._model

    async def capacity(self) -> Capacity:
        """The window asked for, or what the model can hold if that is less. Asks the server once."""
        if self._capacity is None:
            with self._translating():
                async with asyncio.timeout(self._settings.patience.connect + self._settings.patience.gap):
                    shown = await self._client.show(self._model)
            window = min(self._settings.window, _trained_window(shown) or self._settings.window)
            reply = min(self._settings.reply, window // 2)
            self._capacity = Capacity(window, reply, tools="tools" in (shown.capabilities or ()))
        return self._capacity

    async def answer(
        self,
        messages: Sequence[Message],
        *,
        schema: Schema | None,
        tools: Sequence[ToolSpec] = (),
        temperature: float = 0.2,
    ) -> AsyncGenerator[Piece, None]:
        """Stream one answer; ask again only while nothing of it was received."""
        capacity = await self.capacity()
        estimate = prompt_tokens(messages, tools)
        if estimate > capacity.prompt:
            raise PromptTooLong(estimate, capacity.prompt)
        request = self._request(capacity, messages, schema, tools, temperature)
        patience = self._settings.patience
        for retry in range(patience.retries + 1):
            received = False
            try:
                async with aclosing(self._stream(request)) as chunks:
                    async for chunk in chunks:
                        received = True
                        yield _piece(chunk)
                        if chunk.done:
                            await self._check_window(capacity, estimate, chunk.prompt_eval_count or 0)
                return
            except (Unreachable, ServerFailed, TooSlow, AnswerCut):
                if received or retry == patience.retries:
                    raise
            await asyncio.sleep(patience.pause * 2**retry * random.uniform(0.5, 1.5))

    def _request(
        self,
        capacity: Capacity,
        messages: Sequence[Message],
        schema: Schema | None,
        tools: Sequence[ToolSpec],
        temperature: float,
    ) -> dict[str, Any]:
        options = {"num_ctx": capacity.window, "num_predict": capacity.reply, "temperature": temperature}
        if self._settings.seed is not None:
            options["seed"] = self._settings.seed
        return {
            "model": self._model,
            "messages": [_message(message) for message in messages],
            "tools": [_tool(tool) for tool in tools] if capacity.tools else [],
            "format": dict(schema) if schema is not None else None,
            "options": options,
            "keep_alive": self._settings.keep_alive,
            "think": self._settings.think,
        }

    async def _stream(self, request: Mapping[str, Any]) -> AsyncGenerator[ChatResponse, None]:
        patience = self._settings.patience
        ends = asyncio.get_running_loop().time() + patience.whole
        waited_for, seconds = "the first token", patience.first_token
        stream = await self._client.chat(**request, stream=True)
        # The client's own generator holds the connection: closing it is what stops the model.
        async with aclosing(stream):
            while True:
                with self._translating(waited_for, seconds):
                    left = ends - asyncio.get_running_loop().time()
                    if left < seconds:
                        waited_for, seconds = "the whole answer", max(left, 0)
                    async with asyncio.timeout(seconds):
                        chunk = await anext(stream, None)
                if chunk is None:
                    raise AnswerCut(self._host, "the stream ended without its last line")
                yield chunk
                if chunk.done:
                    return
                waited_for, seconds = "the next token", patience.gap

    async def _check_window(self, capacity: Capacity, estimate: int, counted: int) -> None:
        """Fail loudly if the server cuts prompts: it loads a smaller window than asked for when memory is short.

        Asked once, and again when the server counted far fewer tokens than were sent. The count alone proves nothing:
        some versions leave out what was still in the cache.
        """
        if self._window_checked and counted * 3 >= estimate:
            return
        with self._translating():
            async with asyncio.timeout(self._settings.patience.gap):
                loaded = await self._client.ps()
        self._window_checked = True
        given = _loaded_window(loaded, self._model)
        if given and given < capacity.window:
            raise ContextTooSmall(self._model, capacity.window, given)

    @contextmanager
    def _translating(self, waited_for: str = "an answer", seconds: float | None = None):  # type: ignore[no-untyped-def]
        """Errors of the client become errors of this package, which say what to do."""
        try:
            yield
        except TimeoutError as error:
            raise TooSlow(self._host, waited_for, seconds or self._settings.patience.gap) from error
        except (httpx.HTTPError, ConnectionError, ResponseError, ValueError) as error:
            raise _ollama_errors.translated(error, self._host, self._model) from error


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
    full: Callable[[str], str] = lambda name: name if ":" in name.rpartition("/")[2] else f"{name}:latest"  # noqa: E731
    return next((entry.context_length or 0 for entry in loaded.models if full(entry.model or "") == full(model)), 0)
