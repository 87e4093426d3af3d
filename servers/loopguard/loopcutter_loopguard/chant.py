"""Tells whether a text chants: whether it repeats a phrase over and over, as stuck language models do.

Can be asked while the text is still being written, so that the stream can be cut.
"""

import re
from collections import Counter
from functools import lru_cache

_CODE = re.compile(r"```.*?(?:```|\Z)", re.S)
_TABLE_OR_LINE = re.compile(r"^\s*(?:\|.*|[-=_*#~.+<>/\\ ]{4,}|[-*+] .*|\d+[.)] .*|>.*|(?: {4}|\t).*)$", re.M)
_WORD = re.compile(r"[^\W_]+")

LIMIT = 60_000
LONGEST = 60
"""Words in the longest phrase that is looked for."""
TIMES = 6
"""Repetitions in a row of a phrase of a few words."""


@lru_cache(maxsize=64)
def chants(text: str) -> str:
    """The phrase that is repeated without end; empty when there is none. Code, tables, lists and rulers don't count."""
    prose = _TABLE_OR_LINE.sub(" ", _CODE.sub(" ", text[-LIMIT:]))
    words = [word.lower() for word in _WORD.findall(prose)]
    for size in _periods(words):
        times = max(3, TIMES - size // 8) if size > 2 else 4 * TIMES // size
        run = longest = end = 0
        for position in range(size, len(words)):
            run = run + 1 if words[position] == words[position - size] else 0
            if run > longest:
                longest, end = run, position
        phrase = words[end - size + 1 : end + 1]
        if longest // size + 1 >= times and len(set(phrase)) >= min(size, 2):
            return " ".join(phrase)
    return ""


def _periods(words: list[str]) -> list[int]:
    """The distances at which three words often come again: only they can be the length of a chant."""
    seen: dict[tuple[str, str, str], int] = {}
    distances: Counter[int] = Counter()
    for position, triple in enumerate(zip(words, words[1:], words[2:], strict=False)):
        distance = position - seen.get(triple, position)
        if 0 < distance <= LONGEST:
            distances[distance] += 1
        seen[triple] = position
    return sorted(size for size, times in distances.most_common(6) if times >= max(8, size))
