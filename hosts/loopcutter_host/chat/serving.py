"""What asking a model has in common whichever protocol its server speaks.

A prompt that does not fit is refused before it is sent; a question is put again only while nothing of its answer was
lost; and what the server counted corrects the next estimate.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Any

from loopcutter_host.chat.errors import PromptTooLong
from loopcutter_host.chat.protocol import Capacity, Chat, Message, Piece, ToolSpec, prompt_tokens
from loopcutter_host.chat.tokens import Estimate
from loopcutter_host.chat.wire import Wire


async def fitting(chat: Chat, capacity: Capacity, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> int:
    """How many tokens the prompt has, by the chat's own count. Raises `PromptTooLong`."""
    tokens = await prompt_tokens(chat, messages, tools)
    if tokens > capacity.prompt:
        raise PromptTooLong(tokens, capacity.prompt)
    return tokens


async def answered(
    wire: Wire, estimate: Estimate, tokens: int, ask: Callable[[], AsyncGenerator[Piece, None]]
) -> AsyncGenerator[Piece, None]:
    """The pieces of one answer to a prompt that was thought to have so many tokens."""
    try:
        async with aclosing(wire.with_retries(ask)) as pieces:
            async for piece in pieces:
                if piece.done_reason:
                    estimate.learn(tokens, piece.prompt_tokens)
                yield piece
    except PromptTooLong as long:
        estimate.learn(tokens, long.tokens)
        raise


def function(tool: ToolSpec) -> dict[str, Any]:
    """A tool as both protocols offer it."""
    described = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": described}
