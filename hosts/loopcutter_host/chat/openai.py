"""A model behind any server that speaks OpenAI's chat protocol: llama.cpp, vLLM, LM Studio and their kin.

What such a server can do beyond the protocol it doesn't say in one way, so it is found out: `openai_server` asks once
what it is, and a form of constrained decoding that it refuses is not sent again.
"""

import json
import os
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from loopcutter_host.chat import faults
from loopcutter_host.chat.errors import AnswerCut, ModelMissing, PromptTooLong, Refused, TooSlow
from loopcutter_host.chat.openai_server import OpenAIServer, examine, root
from loopcutter_host.chat.openai_stream import Stream
from loopcutter_host.chat.protocol import Capacity, Message, Piece, Schema, ToolSpec
from loopcutter_host.chat.serving import answered, fitting, function
from loopcutter_host.chat.tokens import Estimate
from loopcutter_host.chat.wire import BadStatus, Waits, Wire

KEY = "LOOPCUTTER_OPENAI_API_KEY"
"""Not OPENAI_API_KEY: a key for a service in the cloud must not be sent to whatever listens on a local port."""
ANY = "default"
"""As a model's name: the first that the server has."""
_DEFAULT_URL = "http://127.0.0.1:8080/v1"
_START = "Start it, e.g. 'llama-server -m model.gguf', or set openai.url to its address, which ends in /v1."
_MISSING = "It has {models}: name one of them, load the model there, or take 'openai:default' for the first."
_LONGEST_TEXT = 200_000
"""Characters up to which the server is asked for a count; more fits into no window anyway."""


@dataclass(frozen=True)
class OpenAISettings:
    """How a model is asked."""

    url: str = ""
    """Empty: where llama.cpp listens by default on this machine."""
    num_ctx: int = 16_384
    """Tokens of prompt and answer together, at most; the server's own window may be smaller."""
    max_tokens: int = 4_096
    """Tokens an answer may have."""
    temperature: float = 0.2
    """For a request that asks for none itself."""
    tools: bool = False
    """Whether tools are offered; many servers take them only when started for it."""
    ca: str = ""
    """File with the certificate that signed the server's; empty: the system's own."""
    waits: Waits = field(default_factory=Waits)


class OpenAI:
    """Implements `Chat`. To be closed: `async with aclosing(…)`."""

    def __init__(self, model: str, settings: OpenAISettings | None = None) -> None:
        self._model = model
        self._settings = settings or OpenAISettings()
        self._url = (self._settings.url or _DEFAULT_URL).rstrip("/")
        self._wire = Wire(
            root(self._url), self._settings.waits, token=os.environ.get(KEY, ""), remedy=_START, ca=self._settings.ca
        )
        self._server: OpenAIServer | None = None
        self._estimate = Estimate()
        self._counts: dict[str, int] = {}
        self._window = self._settings.num_ctx
        self._refused: set[str] = set()
        """Parts of a request that this server does not take."""

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    @property
    def name(self) -> str:
        """The model's name behind `openai:`."""
        return f"openai:{self._model}"

    async def capacity(self) -> Capacity:
        """The server's window or the one asked for, whichever is smaller. Asks the server once."""
        server = await self._known()
        window = min(self._window, server.window or self._window)
        return Capacity(window, min(self._settings.max_tokens, window // 2), self._settings.tools, server.billions)

    async def count(self, text: str) -> int:
        """Exactly, where the server has a tokenizer to ask; else estimated."""
        server = await self._known()
        if not server.tokenizer or len(text) > _LONGEST_TEXT:
            return self._estimate(text)
        if text not in self._counts:
            if len(self._counts) > 2_000:
                self._counts.clear()
            self._counts[text] = await self._counted(server, text)
        return self._counts[text]

    async def _counted(self, server: OpenAIServer, text: str) -> int:
        for _ in range(2):  # a connection that was kept open may be cut just when it is used again
            try:
                return server.counted(await self._wire.ask("POST", "/tokenize", server.to_count(text)))
            except AnswerCut:
                continue
            except (BadStatus, TooSlow, KeyError, TypeError):
                break
        self._server = replace(server, tokenizer="")
        return self._estimate(text)

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
        tokens = await fitting(self, capacity, messages, tools)
        request = await self._request(messages, tools if capacity.tools else (), temperature, capacity)
        asked = answered(self._wire, self._estimate, tokens, lambda: self._whole(request, schema, tokens, capacity))
        try:
            async with aclosing(asked) as pieces:
                async for piece in pieces:
                    yield piece
        except PromptTooLong as long:
            self._window = min(self._window, long.window or self._window)
            raise

    async def _known(self) -> OpenAIServer:
        if self._server is None:
            try:
                found = await examine(self._wire, self._url)
            except BadStatus as bad:
                raise self._fault(bad, 0, 0) from bad
            except (AnswerCut, TooSlow) as error:
                raise Refused(f"{self._url} is no OpenAI-compatible server: {error}.", "Check openai.url.") from error
            self._server = found.of(self._model if self._model != ANY else "")
            if self._server is None:
                remedy = _MISSING.format(models=", ".join(found.models[:8]))
                raise ModelMissing(self._model, self._url, remedy)
        return self._server

    async def _request(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], temperature: float | None, capacity: Capacity
    ) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": (await self._known()).model or self._model,
            "messages": list(_turns(messages)),
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": capacity.reply,
            "temperature": self._settings.temperature if temperature is None else temperature,
        }
        if tools:
            request["tools"] = [function(tool) for tool in tools]
        return request

    async def _whole(
        self, request: Mapping[str, Any], schema: Schema | None, estimate: int, capacity: Capacity
    ) -> AsyncGenerator[Piece, None]:
        """One answer, in the most constrained form that the server takes."""
        while True:
            form, sent = self._formed(request, schema)
            try:
                async with aclosing(self._stream(sent, capacity)) as pieces:
                    async for piece in pieces:
                        yield piece
                return
            except BadStatus as bad:
                fault = self._fault(bad, estimate, capacity.prompt)
                refused = _refused_part(bad.status, fault, form, sent)
                if not refused:
                    raise fault from bad
                self._refused.add(refused)

    def _formed(self, request: Mapping[str, Any], schema: Schema | None) -> tuple[str, dict[str, Any]]:
        """The request with the first form of constrained decoding that was not refused yet, and that form's name."""
        sent = {key: value for key, value in request.items() if key not in self._refused}
        for form, fields in _forms(schema, llama=bool(self._server and self._server.kind == "llama.cpp")):
            if form not in self._refused:
                return form, {**sent, **fields}
        return "", sent

    async def _stream(self, request: Mapping[str, Any], capacity: Capacity) -> AsyncGenerator[Piece, None]:
        heard = Stream()
        async with aclosing(self._wire.stream("/v1/chat/completions", request, heard.read)) as pieces:
            async for piece in pieces:
                yield piece
        last = heard.end()
        if last is None:
            raise AnswerCut(self._url, "the stream ended without a reason")
        if heard.silent and last.prompt_tokens > capacity.window:
            # LM Studio ends such a stream at once, as if the model had chosen to say nothing.
            raise PromptTooLong(last.prompt_tokens, capacity.prompt, by_server=True)
        yield last

    def _fault(self, bad: BadStatus, estimate: int, room: int) -> Exception:
        said = faults.words(bad.body)
        if bad.status == 404 and "model" in said.lower():
            return ModelMissing(self._model, self._url, "Load it there, or take 'openai:default'.")
        return faults.understood(
            bad.status, said, model=self._model, url=self._url, key=KEY, estimate=estimate, room=room
        )


def _forms(schema: Schema | None, *, llama: bool) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """The ways to bind an answer to a schema, best first."""
    if schema is None:
        return ()
    bound = {"name": "answer", "strict": True, "schema": dict(schema)}
    forms: list[tuple[str, Mapping[str, Any]]] = [
        ("json_schema", {"response_format": {"type": "json_schema", "json_schema": bound}}),
        ("json_object", {"response_format": {"type": "json_object", "schema": dict(schema)}}),
    ]
    # llama.cpp makes a grammar of a schema itself.
    return [*forms, ("grammar", {"json_schema": dict(schema)})] if llama else forms


def _refused_part(status: int, fault: Exception, form: str, sent: Mapping[str, Any]) -> str:
    """The part of a request that may have made the server say no, if there is one to leave out."""
    said = str(fault).lower()
    # llama_cpp.server answers a form that it does not know with 500.
    if isinstance(fault, PromptTooLong) or status not in (400, 422, *((500,) if form == "json_schema" else ())):
        return ""
    if "stream_options" in sent and ("stream_options" in said or "include_usage" in said):
        return "stream_options"
    if "tools" in sent and "tool" in said:
        return "tools"
    return form


def _turns(messages: Sequence[Message]) -> Iterator[dict[str, Any]]:
    """The messages as the protocol wants them: every result of a tool names the call it belongs to."""
    waiting: list[str] = []
    for number, message in enumerate(messages):
        said: dict[str, Any] = {"role": message.role, "content": message.text}
        if message.calls:
            waiting = [f"call_{number}_{position}" for position in range(len(message.calls))]
            said["tool_calls"] = [
                {
                    "id": name,
                    "type": "function",
                    "function": {"name": call.name, "arguments": json.dumps(dict(call.arguments))},
                }
                for name, call in zip(waiting, message.calls, strict=True)
            ]
        if message.role == "tool":
            said["tool_call_id"] = waiting.pop(0) if waiting else ""
        yield said
