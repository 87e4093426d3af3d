"""A model served by Ollama, over its own protocol.

Ollama's defaults cut prompts silently and wait for ever, so the window is always sent, what doesn't fit is never sent,
cutting is forbidden to the server too, and every wait has an end.
"""

import json
import os
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from loopcutter_host.chat import faults, size
from loopcutter_host.chat.errors import AnswerCut, ContextTooSmall, ModelMissing, PromptTooLong, Refused, TooSlow
from loopcutter_host.chat.protocol import Capacity, Message, Piece, Schema, ToolCall, ToolSpec
from loopcutter_host.chat.serving import answered, fitting, function
from loopcutter_host.chat.tokens import Estimate
from loopcutter_host.chat.wire import BadStatus, Waits, Wire

KEY = "OLLAMA_API_KEY"
_START = "Start it with 'ollama serve', or set OLLAMA_HOST to where it runs."
_PORT = 11434
_BUCKET = 1024
_LEAST_WINDOW = 2048


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
    ca: str = ""
    """File with the certificate that signed the server's; empty: the system's own."""
    waits: Waits = field(default_factory=Waits)


class Ollama:
    """Implements `Chat`. To be closed: `async with aclosing(…)`."""

    def __init__(self, model: str, settings: OllamaSettings | None = None) -> None:
        self._model = model
        self._settings = settings or OllamaSettings()
        self._url = address(self._settings.url or os.environ.get("OLLAMA_HOST", ""))
        self._wire = Wire(
            self._url, self._settings.waits, token=os.environ.get(KEY, ""), remedy=_START, ca=self._settings.ca
        )
        self._estimate = Estimate()
        self._capacity: Capacity | None = None
        self._thinks = False
        self._window_checked = False

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    @property
    def name(self) -> str:
        """The model's name behind `ollama:`."""
        return f"ollama:{self._model}"

    async def capacity(self) -> Capacity:
        """The window asked for, or what the model can hold if that is less. Asks the server once."""
        if self._capacity is None:
            shown = await self._shown()
            trained = _trained_window(shown) or self._settings.num_ctx
            window = max(min(self._settings.num_ctx, trained) // _BUCKET * _BUCKET, min(_LEAST_WINDOW, trained))
            can = shown.get("capabilities") or ()
            self._thinks = "thinking" in can
            reply = min(self._settings.num_predict, window // 2)
            self._capacity = Capacity(window, reply, "tools" in can, _billions(shown, self._model))
        return self._capacity

    async def count(self, text: str) -> int:
        """Estimated: Ollama has no way to ask."""
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
        request = self._request(capacity, messages, schema, tools, temperature)
        asked = answered(self._wire, self._estimate, tokens, lambda: self._stream(request, tokens, capacity))
        async with aclosing(asked) as pieces:
            async for piece in pieces:
                note = await self._check_window(capacity, tokens, piece.prompt_tokens) if piece.done_reason else ""
                yield replace(piece, note=note)

    def _request(
        self,
        capacity: Capacity,
        messages: Sequence[Message],
        schema: Schema | None,
        tools: Sequence[ToolSpec],
        temperature: float | None,
    ) -> dict[str, Any]:
        warmth = self._settings.temperature if temperature is None else temperature
        request: dict[str, Any] = {
            "model": self._model,
            "messages": [_message(message) for message in messages],
            "stream": True,
            "options": {"num_ctx": capacity.window, "num_predict": capacity.reply, "temperature": warmth},
            "keep_alive": self._settings.keep_alive,
            # Rather an error than a prompt without its beginning, or an answer that forgets it half-way.
            "truncate": False,
            "shift": False,
        }
        if tools and capacity.tools:
            request["tools"] = [function(tool) for tool in tools]
        if schema is not None:
            request["format"] = dict(schema)
        if self._settings.think is not None and self._thinks:
            request["think"] = self._settings.think
        return request

    async def _stream(
        self, request: Mapping[str, Any], estimate: int, capacity: Capacity
    ) -> AsyncGenerator[Piece, None]:
        try:
            async with aclosing(self._wire.stream("/api/chat", request, _read)) as pieces:
                async for piece in pieces:
                    yield piece
                    if piece.done_reason:
                        return
        except BadStatus as bad:
            raise self._fault(bad, estimate, capacity.prompt) from bad
        raise AnswerCut(self._url, "the stream ended without a last line")

    async def _shown(self) -> Mapping[str, Any]:
        try:
            shown = await self._wire.ask("POST", "/api/show", {"model": self._model})
        except BadStatus as bad:
            raise self._fault(bad, 0, 0) from bad
        except (AnswerCut, TooSlow) as error:
            raise Refused(f"{self._url} is no Ollama server: {error}.", "Check ollama.url or OLLAMA_HOST.") from error
        return shown if isinstance(shown, Mapping) else {}

    def _fault(self, bad: BadStatus, estimate: int, room: int) -> Exception:
        said = faults.words(bad.body)
        if bad.status == 404 and "model" in said:
            return ModelMissing(self._model, self._url, f"Get it there with 'ollama pull {self._model}'.")
        return faults.understood(
            bad.status, said, model=self._model, url=self._url, key=KEY, estimate=estimate, room=room
        )

    def _narrowed(self, capacity: Capacity, estimate: int, given: int) -> str:
        """Go on with the smaller window that the server has memory for. What may have been cut is asked again."""
        if given < _LEAST_WINDOW:
            raise ContextTooSmall(self._model, capacity.window, given)
        reply = min(self._settings.num_predict, given // 2)
        self._capacity = replace(capacity, window=given, reply=reply)
        if estimate > given - reply:
            raise PromptTooLong(estimate, given - reply, by_server=True, window=given)
        return (
            f"the server runs {self._model} with a window of {given} tokens instead of {capacity.window}; prompts are "
            "made smaller from here on. More memory, or a smaller model, would give it the whole window."
        )

    async def _check_window(self, capacity: Capacity, estimate: int, counted: int) -> str:
        """Fail loudly if the server cuts prompts: it loads a smaller window than asked for when memory is short.

        Asked once, and again when the server counted far fewer tokens than were sent. The count alone proves nothing:
        some versions leave out what was still in the cache. Returns what the user should know.
        """
        if self._window_checked and counted * 3 >= estimate:
            return ""
        first, self._window_checked = not self._window_checked, True
        try:
            loaded = await self._wire.ask("GET", "/api/ps")
        except (BadStatus, AnswerCut, TooSlow):
            return ""  # a door in front of Ollama need not let this question through; the answer is good all the same
        entry = _entry(loaded, self._model)
        given = _number(entry.get("context_length"))
        if given and given < capacity.window:
            return self._narrowed(capacity, estimate, given)
        whole, on_card = _number(entry.get("size")), _number(entry.get("size_vram"))
        if first and on_card < whole:
            return (
                f"{self._model} runs with {100 * (whole - on_card) // whole} % of its memory outside the graphics "
                "card, so answers are slow: a smaller model, quantisation or ollama.num_ctx would fit into it."
            )
        return ""


def address(host: str) -> str:
    """The address that OLLAMA_HOST or a setting means: `box`, `:8080`, `0.0.0.0`, `https://box.example`."""
    scheme, mark, rest = host.strip().rpartition("://")
    rest = rest.rstrip("/")
    where, slash, path = rest.partition("/")
    name, colon, port = where.rpartition(":") if re.search(r":\d*$", where) else (where, "", "")
    name = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(name, name)  # addresses to listen on
    port = f":{port}" if colon else "" if mark else f":{_PORT}"
    return f"{scheme or 'http'}://{name}{port}{slash}{path}"


def _read(line: str) -> Piece:
    """One line of a stream."""
    said = json.loads(line)
    if said.get("error"):
        raise BadStatus(500, line.encode())
    message = said.get("message") or {}
    calls = (call["function"] for call in message.get("tool_calls") or ())
    return Piece(
        text=str(message.get("content") or ""),
        thinking=str(message.get("thinking") or ""),
        calls=tuple(ToolCall(str(call["name"]), dict(call.get("arguments") or {})) for call in calls),
        done_reason=str(said.get("done_reason") or "stop") if said.get("done") else "",
        prompt_tokens=_number(said.get("prompt_eval_count")),
        answer_tokens=_number(said.get("eval_count")),
    )


def _message(message: Message) -> dict[str, Any]:
    calls = [{"function": {"name": call.name, "arguments": dict(call.arguments)}} for call in message.calls]
    said: dict[str, Any] = {"role": message.role, "content": message.text}
    if calls:
        said["tool_calls"] = calls
    if message.tool:
        said["tool_name"] = message.tool
    return said


def _trained_window(shown: Mapping[str, Any]) -> int:
    """The longest window the model was trained for; 0 when the server doesn't say."""
    facts = shown.get("model_info") or {}
    return next((_number(value) for key, value in facts.items() if key.endswith(".context_length")), 0)


def _billions(shown: Mapping[str, Any], model: str) -> float:
    """Made models have labels that are wrong or empty, so the count goes before the label, and that before the name."""
    label = (shown.get("details") or {}).get("parameter_size")
    counted = size.counted(shown.get("model_info") or {}, "general.parameter_count")
    return counted or size.labelled(label) or size.named(model)


def _entry(loaded: Any, model: str) -> Mapping[str, Any]:
    """What /api/ps says of the model; empty when it is not there."""
    entries = loaded.get("models") if isinstance(loaded, Mapping) else None
    return next((entry for entry in entries or () if _full(str(entry.get("model") or "")) == _full(model)), {})


def _full(model: str) -> str:
    """A model's name with its tag, which Ollama lets one leave out."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
