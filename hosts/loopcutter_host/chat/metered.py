"""A chat whose tokens are counted while they come, so that a run ends where its limit of tokens is."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from loopcutter_host.chat.protocol import Capacity, Chat, Message, Piece, Schema, ToolSpec
from loopcutter_host.meter import Meter


@dataclass(frozen=True)
class Metered:
    """Asks `inner`, and cuts it short with `NotSolved` when the tokens of the run are spent."""

    inner: Chat
    meter: Meter

    @property
    def name(self) -> str:
        """As the model is called."""
        return self.inner.name

    async def capacity(self) -> Capacity:
        """What the model can take in."""
        return await self.inner.capacity()

    async def count(self, text: str) -> int:
        """How many tokens a text has."""
        return await self.inner.count(text)

    async def answer(
        self,
        messages: Sequence[Message],
        *,
        schema: Schema | None,
        tools: Sequence[ToolSpec] = (),
        temperature: float | None = None,
    ) -> AsyncGenerator[Piece, None]:
        """The answer of the model, as far as the tokens last."""
        self.meter.begin_answer("\n".join(message.text for message in messages))
        counted = 0
        try:
            pieces = self.inner.answer(messages, schema=schema, tools=tools, temperature=temperature)
            async with aclosing(pieces):
                async for piece in pieces:
                    counted = piece.prompt_tokens + piece.answer_tokens
                    if not piece.done_reason:
                        self.meter.hear(piece.thinking + piece.text)
                    yield piece
        finally:
            self.meter.end_answer(counted)
