"""Notices that a model has started to say the same thing for ever, while it is still saying it.

Runaway decoding ends only at the token limit, minutes later on a laptop. The exact repetition of a passage is a certain
sign of it, in code too; of prose that repeats a phrase in other dress, loopguard's detector knows.
"""

from loopcutter_loopguard.chant import LIMIT, chants

_SPAN = 900
"""Characters of pure repetition that count as a chant."""
_TIMES, _TIMES_IF_LONG = 6, 4
"""How often the passage must stand there in a row."""
_LONG = 300
"""Characters from which on a passage is long: tables and tests repeat lines, nobody repeats paragraphs."""
_REMEMBERED = 8_000
_EVERY = 200
"""Look again after this many new characters."""
_EVERY_PROSE = 2_000
"""The same for prose, which takes longer to look through."""
_KEY = 24
"""Length of the ending by which an earlier occurrence is found."""


class Chant:
    """Hears an answer piece by piece."""

    def __init__(self) -> None:
        self._tail = ""
        self._unheard = 0
        self._whole = ""
        self._looked_at = 0
        """Characters of the whole when its prose was last looked through."""

    def heard(self, text: str) -> bool:
        """Take in the next piece; true when the answer has become a chant."""
        self._tail = (self._tail + text)[-_REMEMBERED:]
        self._unheard += len(text)
        if len(self._whole) <= LIMIT:
            self._whole += text
        if self._unheard < _EVERY:
            return False
        self._unheard = 0
        return chanting(self._tail) or self._repeats_a_phrase()

    def _repeats_a_phrase(self) -> bool:
        """By loopguard, from the beginning on: what stands in a fence that was opened long ago is code."""
        if len(self._whole) > LIMIT or len(self._whole) - self._looked_at < _EVERY_PROSE:
            return False
        self._looked_at = len(self._whole)
        return bool(chants(self._whole))


def chanting(text: str) -> bool:
    """Whether `text` ends in one passage repeated again and again, over at least 900 characters."""
    earlier = text.rfind(text[-_KEY:], 0, len(text) - 1)
    if len(text) < _SPAN or earlier < 0:
        return False
    period = len(text) - _KEY - earlier
    needed = max(_SPAN, period * (_TIMES if period < _LONG else _TIMES_IF_LONG))
    if needed > len(text):
        return False
    ending = text[-needed:]
    # A text repeats with this period exactly when it equals itself shifted by the period.
    return bool(ending.strip()) and ending[period:] == ending[:-period]
