"""An answer as a whole: gathered from its stream, cleaned, cut when it turns into a chant or never ends."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from loopcutter_host.chat.chant import Chant
from loopcutter_host.chat.cleaning import clean, cleaned
from loopcutter_host.chat.protocol import Piece, ToolCall

LONGEST = 200_000
"""Characters; an honest server stops long before, at the limit of tokens it was given."""


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
    note: str = ""
    """Something the user should know about how the model runs."""


def ignore(text: str) -> None:
    """Listens to a stream and does nothing with it."""


async def collect(pieces: AsyncGenerator[Piece, None], hear: Callable[[str], None] = ignore) -> Answer:
    """Hear an answer to its end, telling `hear` each part as it comes.

    A chant is cut by closing the stream, which stops the model.
    """
    texts: list[str] = []
    thoughts: list[str] = []
    calls: list[ToolCall] = []
    said, thought = Chant(), Chant()
    last = Piece(done_reason="stop")
    length = 0
    async with aclosing(pieces):
        async for piece in pieces:
            texts.append(piece.text)
            thoughts.append(piece.thinking)
            calls += [ToolCall(call.name, cleaned(dict(call.arguments))) for call in piece.calls]
            last = piece
            length += len(piece.text) + len(piece.thinking)
            hear(clean(piece.thinking + piece.text))
            if said.heard(piece.text) or thought.heard(piece.thinking):
                last = Piece(done_reason="chant")
                break
            if length > LONGEST:
                last = Piece(done_reason="length")
                break
    return Answer(
        text=clean("".join(texts))[:LONGEST],
        thinking=clean("".join(thoughts))[:LONGEST],
        calls=tuple(calls),
        done_reason=last.done_reason,
        prompt_tokens=last.prompt_tokens,
        answer_tokens=last.answer_tokens,
        note=last.note,
    )
