"""Puts a prompt together so that it fits: what matters most comes in first, what is left out is said.

Local servers cut what does not fit without a word, and small models get worse with long prompts, so the host chooses.

A prompt has two halves. What stays the same from one question to the next stands first, so that the server finds it in
its cache; what is new with every attempt stands behind it. The first half must not change because the second grew by a
line, so room is given to the second in steps of an eighth.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from loopcutter_host.chat.cleaning import clean
from loopcutter_host.chat.errors import PromptTooLong
from loopcutter_host.dialogue.quoting import bent, quoted

Count = Callable[[str], Awaitable[int]]
"""How many tokens a text has."""

_SHORTEST = 120
"""A part is not cut below this many characters; it is left out instead."""
_STEPS = 8
_LASTING_SHARE = 1 / 4
"""Of the room, kept for the first half however much there is in the second."""
_TRIES = 4
"""How often a text is cut and counted again; each time it comes closer."""


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
    share: float = 1.0
    """The part of the room that it may take at most."""
    lasting: bool = False
    """Whether it is the same in the next question, most likely. Such parts stand before all others."""
    lacks: str = ""
    """What was left out when it was made, for the log."""
    remade: "Callable[[int], Awaitable[Part]] | None" = None
    """Makes it anew for so many tokens, where that is better than to cut it."""

    def shown(self) -> str:
        """The part as the model sees it."""
        # The guard's own words quote what models wrote, so they are not trusted with marks either.
        return quoted(self.title, self.text) if self.data else bent(clean(self.text))


@dataclass(frozen=True)
class Assembled:
    """A prompt that fits, and what that cost."""

    text: str
    tokens: int
    left_out: tuple[str, ...] = ()
    """One line a part that is missing or cut, for the log."""


async def assemble(parts: Sequence[Part], room: int, count: Count) -> Assembled:
    """Fit `parts` into `room` tokens: the lasting ones first, each half in the order given, whatever the priority.

    Raises `PromptTooLong` when a part that has to be there, whole, doesn't fit.
    """
    said = [part for part in parts if part.text.strip()]
    lasting = [part for part in said if part.lasting]
    wanted = [await count(part.shown()) + 1 for part in lasting]
    kept_free = min(sum(wanted), int(room * _LASTING_SHARE))
    fresh = await _fitted([part for part in said if not part.lasting], room, room - kept_free, count)
    step = max(room / _STEPS, 1)
    left = min(room - ceil(ceil(fresh.tokens / step) * step), room - fresh.tokens)
    first = await _fitted(lasting, room, max(left, kept_free), count)
    text = "\n\n".join(half.text for half in (first, fresh) if half.text)
    return Assembled(text, first.tokens + fresh.tokens, first.left_out + fresh.left_out)


async def _fitted(parts: Sequence[Part], room: int, left: int, count: Count) -> Assembled:
    """What of these parts fits into what is `left` of the room."""
    chosen: dict[int, str] = {}
    left_out: list[str] = []
    used = 0
    for position, part in sorted(enumerate(parts), key=lambda pair: pair[1].priority):
        allowed = min(left - used, int(room * part.share))
        shown, lost = await (_remade if part.remade else _shortened_to)(part, allowed - 1, count)
        if lost and part.keep and not part.priority:
            raise PromptTooLong(await count(part.shown()), max(allowed, 0))
        if lost:
            left_out.append(f"{part.title}: {lost}")
        if shown:
            chosen[position] = shown
            used += await count(shown) + 1
    return Assembled("\n\n".join(chosen[position] for position in sorted(chosen)), used, tuple(left_out))


async def _remade(part: Part, allowed: int, count: Count) -> tuple[str, str]:
    """The part as it is, or made anew for less room; what its maker had no room for is lost as well."""
    made, needed, wanted = part, await count(part.shown()), allowed
    for _ in range(_TRIES):
        if needed <= allowed or part.remade is None:
            break
        made = await part.remade(wanted)
        needed = await count(made.shown()) if made.text.strip() else 0
        wanted = int(wanted * min(allowed / max(needed, 1), 1.0) * 0.95)
    if not made.text.strip() or needed > allowed:
        return "", f"left out ({len(part.text)} characters)"
    return made.shown(), made.lacks


async def _shortened_to(part: Part, allowed: int, count: Count) -> tuple[str, str]:
    """What of the part fits, and what was lost in words; both may be empty."""
    shown = part.shown()
    needed = await count(shown)
    if needed <= allowed:
        return shown, ""
    length = len(part.text)
    for _ in range(0 if part.keep else _TRIES):
        length = int(length * max(allowed, 0) / max(needed, 1) * 0.95) - 20
        if length < _SHORTEST:
            break
        shown = replace(part, text=shortened(part.text, length)).shown()
        needed = await count(shown)
        if needed <= allowed:
            return shown, f"cut from {len(part.text)} to {length} characters"
    return "", f"left out ({len(part.text)} characters)"


def shortened(text: str, length: int) -> str:
    """`text` cut in its middle: the beginning says what it is, the end how it ended."""
    if len(text) <= length:
        return text
    half = max(length // 2 - 10, 1)
    return f"{text[:half]}\n[… cut …]\n{text[-half:]}"
