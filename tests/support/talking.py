"""Talks to a model's server for as long as a test needs it: one place that opens a chat, uses it and closes it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any, Protocol, TypeVar

from loopcutter_host.chat import Answer, Message, ToolSpec, collect
from loopcutter_host.chat.ollama import Ollama, OllamaSettings
from loopcutter_host.chat.openai import OpenAI, OpenAISettings
from loopcutter_host.chat.protocol import Schema
from loopcutter_host.chat.wire import Waits
from support.ollama_server import OllamaServer

HELLO = [Message("system", "You help."), Message("user", "Hello?")]
SEARCH = ToolSpec("search", "Finds.", {"type": "object", "properties": {"query": {"type": "string"}}})


class _Closed(Protocol):
    async def aclose(self) -> None: ...


Talker = TypeVar("Talker", bound=_Closed)


def with_ollama(
    server: OllamaServer, use: Callable[[Ollama], Awaitable[Any]], model: str = "coder", **settings: Any
) -> Any:
    """What `use` makes of a model behind Ollama's protocol. Settings of waits go by their own names: `gap_s=0.05`."""
    waits = _waits(settings)
    return _talk(lambda: Ollama(model, OllamaSettings(url=server.url, waits=waits, **settings)), use)


def with_openai(url: str, use: Callable[[OpenAI], Awaitable[Any]], model: str = "default", **settings: Any) -> Any:
    """The same behind OpenAI's."""
    waits = _waits(settings)
    return _talk(lambda: OpenAI(model, OpenAISettings(url=url, waits=waits, **settings)), use)


def ask_ollama(server: OllamaServer, model: str = "coder", **settings: Any) -> Answer:
    """The answer to a greeting."""
    answer: Answer = with_ollama(server, lambda chat: collect(chat.answer(HELLO, schema=None)), model, **settings)
    return answer


def ask_openai(
    url: str, system: str = "You help.", schema: Schema | None = None, model: str = "default", **settings: Any
) -> Answer:
    """The same; what is in the system prompt may decide it."""
    messages = [Message("system", system), HELLO[1]]
    answer: Answer = with_openai(url, lambda chat: collect(chat.answer(messages, schema=schema)), model, **settings)
    return answer


def _waits(settings: dict[str, Any]) -> Waits:
    """The waits among the settings, taken out of them; no pause before a retry."""
    named = [name for name in settings if name.endswith("_s") or name == "retries"]
    return Waits(pause_s=0, **{name: settings.pop(name) for name in named})


def _talk(open_chat: Callable[[], Talker], use: Callable[[Talker], Awaitable[Any]]) -> Any:
    async def talk() -> Any:
        async with aclosing(open_chat()) as chat:
            return await use(chat)

    return asyncio.run(talk())
