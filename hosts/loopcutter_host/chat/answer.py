"""An answer as a whole: gathered from its stream, cut when it turns into a chant."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from loopcutter_host.chat.chant import Chant
from loopcutter_host.chat.protocol import Piece, ToolCall


@dataclass(frozen=True)
class Answer:
    """What a model said in one turn."""

    text: str
    thinking: str = ""
    calls: tuple[ToolCall, ...] = ()
    done_reason: str = "stop"
    """`stop`, `length`, or `chant` when it was cut for repeating itself."""
    prompt_tokens: int = 0
    answer_tokens: int = 0


async def collect(pieces: AsyncGenerator[Piece, None]) -> Answer:
    """Hear an answer to its end. A chant is cut by closing the stream, which stops the model."""
    texts: list[str] = []
    thoughts: list[str] = []
    calls: list[ToolCall] = []
    said, thought = Chant(), Chant()
    last = Piece(done_reason="stop")
    async with aclosing(pieces):
        async for piece in pieces:
            texts.append(piece.text)
            thoughts.append(piece.thinking)
            calls += piece.calls
            last = piece
            if said.heard(piece.text) or thought.heard(piece.thinking):
                last = Piece(done_reason="chant")
                break
    return Answer(
        text="".join(texts),
        thinking="".join(thoughts),
        calls=tuple(calls),
        done_reason=last.done_reason,
        prompt_tokens=last.prompt_tokens,
        answer_tokens=last.answer_tokens,
    )
