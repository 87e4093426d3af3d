"""Reads the events of a streamed chat completion: text, thoughts, tool calls in fragments, counts."""

import json
from collections.abc import Mapping
from typing import Any

from loopcutter_host.chat.lenient import objects
from loopcutter_host.chat.protocol import Piece, ToolCall
from loopcutter_host.chat.wire import BadStatus


class Stream:
    """What was heard of one answer so far."""

    def __init__(self) -> None:
        self.silent = True
        """Whether not a single token came."""
        self._reason = ""
        self._calls: dict[int, dict[str, str]] = {}
        self._prompt_tokens = 0
        self._answer_tokens = 0

    def read(self, line: str) -> Piece | None:
        """One line. None when it holds no token: comments, marks, counts, fragments of a call."""
        name, _, value = line.partition(":")
        if name != "data" or value.strip() == "[DONE]":
            return None
        event = json.loads(value)
        if event.get("error"):
            raise BadStatus(500, value.encode())
        if usage := event.get("usage"):
            self._prompt_tokens = int(usage.get("prompt_tokens") or 0)
            self._answer_tokens = int(usage.get("completion_tokens") or 0)
        for choice in event.get("choices") or ():
            self._reason = str(choice.get("finish_reason") or self._reason)
            return self._delta(choice.get("delta") or {})
        return None

    def _delta(self, delta: Mapping[str, Any]) -> Piece | None:
        for position, call in enumerate(delta.get("tool_calls") or ()):
            self.silent = False
            function = call.get("function") or {}
            heard = self._calls.setdefault(int(call.get("index") or position), {"name": "", "arguments": ""})
            heard["name"] += str(function.get("name") or "")
            heard["arguments"] += str(function.get("arguments") or "")
        text = str(delta.get("content") or "")
        thinking = str(delta.get("reasoning_content") or delta.get("reasoning") or "")
        if not text and not thinking:
            return None
        self.silent = False
        return Piece(text, thinking)

    def end(self) -> Piece | None:
        """The last piece; None when the server never said why it ended."""
        if not self._reason:
            return None
        calls = tuple(ToolCall(call["name"], _arguments(call["arguments"])) for call in self._calls.values())
        reason = "length" if self._reason == "length" else "stop"
        return Piece(
            calls=calls, done_reason=reason, prompt_tokens=self._prompt_tokens, answer_tokens=self._answer_tokens
        )


def _arguments(text: str) -> Mapping[str, Any]:
    """Arguments come as JSON in a text, and small models write it badly."""
    return next(objects(text), {})
