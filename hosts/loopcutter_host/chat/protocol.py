"""What a conversation with a language model is made of, and the few things a model can do: count and answer."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Role = Literal["system", "user", "assistant", "tool"]
Schema = Mapping[str, Any]
"""A JSON schema."""


@dataclass(frozen=True)
class ToolCall:
    """A tool the model wants to have called."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ToolSpec:
    """A tool the model may call, as it is told to the model."""

    name: str
    description: str
    parameters: Schema


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    role: Role
    text: str
    calls: tuple[ToolCall, ...] = ()
    """Only of an assistant."""
    tool: str = ""
    """Only with the role `tool`: whose result this is."""


@dataclass(frozen=True)
class Piece:
    """A part of an answer, as it is streamed. The last one, and only that, has a `done_reason`."""

    text: str = ""
    thinking: str = ""
    calls: tuple[ToolCall, ...] = ()
    done_reason: str = ""
    """`stop`: the model had finished. `length`: it was cut at the limit."""
    prompt_tokens: int = 0
    """As the server counted them; 0 when it doesn't."""
    answer_tokens: int = 0
    note: str = ""
    """Something the user should know about how the model runs; said once."""


@dataclass(frozen=True)
class Capacity:
    """How much a model can take in, and what it can do."""

    window: int
    """Tokens of the prompt and the answer together."""
    reply: int
    """Tokens an answer may have; kept free for it."""
    tools: bool = False
    """Whether tools can be offered."""
    billions: float = 0
    """Parameters of the model, in billions; 0 when nobody says."""

    @property
    def prompt(self) -> int:
        """Tokens a prompt may have."""
        return self.window - self.reply


class Chat(Protocol):
    """A language model to talk to."""

    @property
    def name(self) -> str:
        """Which model this is, for people and logs: `ollama:qwen2.5-coder:7b`."""
        ...

    async def capacity(self) -> Capacity:
        """What it can take in. Raises `Unavailable` when the model can't be had at all."""
        ...

    async def count(self, text: str) -> int:
        """How many tokens `text` has: exactly, where the server tells, else rather too many than too few."""
        ...

    def answer(
        self,
        messages: Sequence[Message],
        *,
        schema: Schema | None,
        tools: Sequence[ToolSpec] = (),
        temperature: float | None = None,
    ) -> AsyncGenerator[Piece, None]:
        """Stream one answer. Closing the generator stops the model. `schema` binds it to JSON, where that works.

        Raises `Unavailable`, `ModelFailed` or `AnswerCut`, see `chat.errors`.
        """
        ...


async def prompt_tokens(chat: Chat, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> int:
    """How many tokens a whole prompt has, the chat template's own marks included."""
    turns = [message.text for message in messages]
    calls = [f"{call.name} {dict(call.arguments)}" for message in messages for call in message.calls]
    offered = [f"{tool.name} {tool.description} {dict(tool.parameters)}" for tool in tools]
    counts = [await chat.count(text) + _MARKS for text in (*turns, *calls, *offered)]
    return sum(counts)


_MARKS = 8
"""Tokens of a chat template around one turn."""
