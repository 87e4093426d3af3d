"""Puts a prompt together so that it fits: what matters most comes in first, what is left out is said.

Local servers cut what does not fit without a word, and small models get worse with long prompts, so the host chooses.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from loopcutter_host.chat.errors import PromptTooLong
from loopcutter_host.chat.tokens import tokens
from loopcutter_host.dialogue.quoting import quoted

_SHORTEST = 200
"""A part is not cut below this many characters; it is left out instead."""


@dataclass(frozen=True)
class Part:
    """A piece of a prompt."""

    title: str
    text: str
    priority: int
    """0 comes in first. Parts of one priority come in as they stand."""
    data: bool = True
    """Whether it was written by others and has to be quoted."""
    keep: bool = False
    """Whether it has to stay whole or go: half a function misleads."""

    def shown(self) -> str:
        """The part as the model sees it."""
        return quoted(self.title, self.text) if self.data else self.text


@dataclass(frozen=True)
class Assembled:
    """A prompt that fits, and what that cost."""

    text: str
    left_out: tuple[str, ...] = ()
    """One line a part that is missing or cut, for the log."""


def assemble(parts: Sequence[Part], room: int) -> Assembled:
    """Fit `parts` into `room` tokens. They stand in the order given, whatever their priority.

    Raises `PromptTooLong` when a part that has to be there, whole, doesn't fit.
    """
    chosen: dict[int, str] = {}
    left_out: list[str] = []
    for position, part in sorted(enumerate(parts), key=lambda pair: pair[1].priority):
        if not part.text.strip():
            continue
        shown, lost = _fitted(part, room)
        if lost and part.keep and not part.priority:
            raise PromptTooLong(tokens(part.shown()), max(room, 0))
        if lost:
            left_out.append(f"{part.title}: {lost}")
        if shown:
            chosen[position] = shown
            room -= tokens(shown) + 1
    return Assembled("\n\n".join(chosen[position] for position in sorted(chosen)), tuple(left_out))


def _fitted(part: Part, room: int) -> tuple[str, str]:
    """What of the part fits, and what was lost in words; both may be empty."""
    shown = part.shown()
    if tokens(shown) < room:
        return shown, ""
    overhead = tokens(shown) - tokens(part.text) + 20
    length = int(len(part.text) * (room - overhead) / max(tokens(part.text), 1))
    if part.keep or length < _SHORTEST:
        return "", f"left out ({len(part.text)} characters)"
    cut = Part(part.title, shortened(part.text, length), part.priority, part.data)
    return cut.shown(), f"cut from {len(part.text)} to {length} characters"


def shortened(text: str, length: int) -> str:
    """`text` cut in its middle: the beginning says what it is, the end how it ended."""
    if len(text) <= length:
        return text
    half = max(length // 2 - 10, 1)
    return f"{text[:half]}\n[… cut …]\n{text[-half:]}"
