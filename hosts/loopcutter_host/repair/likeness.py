"""How much a changed line looks like the rest of the code: unusual code is likelier to be wrong.

A model of token triples, counted over the files that were read. What the changed line itself says is not counted.
"""

import functools
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

_TOKEN = re.compile(
    r"#[^\n]*|\n\s*|[A-Za-z_]\w*|\d[\w.]*|'[^'\n]*'|\"[^\"\n]*\"|\*\*=?|//=?|<<=?|>>=?|[-+*/%&|^<>=!:]=|->|[^\s\w]"
)


def tokens(text: str) -> list[str]:
    """Names, numbers, strings, operators and line ends; comments and spaces are left out."""
    return ["\n" if token[0] == "\n" else token for token in _TOKEN.findall(text) if token[0] != "#"]


class Likeness:
    """Counts of token triples over a body of code."""

    def __init__(self, texts: Iterable[str]) -> None:
        one: Counter[str] = Counter()
        two: Counter[tuple[str, str]] = Counter()
        three: Counter[tuple[str, str, str]] = Counter()
        for text in texts:
            words = tokens(text)
            one.update(words)
            two.update(itertools.pairwise(words))
            three.update(zip(words, words[1:], words[2:], strict=False))
        self._one, self._two, self._three = dict(one), dict(two), dict(three)
        self._total = sum(one.values()) + len(one) + 1

    def gain(self, old: str, new: str) -> float:
        """By how much the change raises the mean log-probability of the tokens it touches; usually between -3 and 3."""
        before, after = _words(old), _words(new)
        start, stop = 0, 0
        shortest = min(len(before), len(after))
        while start < shortest and before[start] == after[start]:
            start += 1
        while stop < shortest - start and before[-1 - stop] == after[-1 - stop]:
            stop += 1
        mine = _grams(old)
        gain = self._mean(after, start, len(after) - stop + 2, mine)
        return gain - self._mean(before, start, len(before) - stop + 2, mine)

    def _mean(self, words: Sequence[str], start: int, stop: int, mine: Mapping[tuple[str, ...], int]) -> float:
        total, count = 0.0, 0
        for position in range(max(start, 2), min(stop, len(words))):
            total += self._log(words[position - 2], words[position - 1], words[position], mine)
            count += 1
        return total / count if count else 0.0

    def _log(self, one: str, two: str, three: str, mine: Mapping[tuple[str, ...], int]) -> float:
        triple = self._three.get((one, two, three), 0) - mine.get((one, two, three), 0)
        if triple > 0:
            return math.log(triple / max(self._two.get((one, two), 0) - mine.get((one, two), 0), triple))
        pair = self._two.get((two, three), 0) - mine.get((two, three), 0)
        if pair > 0:
            return math.log(0.4 * pair / max(self._one.get(two, 0) - mine.get((two,), 0), pair))
        return math.log(0.16 * (max(self._one.get(three, 0) - mine.get((three,), 0), 0) + 0.5) / self._total)


@functools.lru_cache(maxsize=64)
def _words(text: str) -> tuple[str, ...]:
    return ("\n", "\n", *tokens(text))


@functools.lru_cache(maxsize=64)
def _grams(text: str) -> Mapping[tuple[str, ...], int]:
    words = _words(text)[1:]
    grams: Counter[tuple[str, ...]] = Counter((word,) for word in words)
    grams.update(itertools.pairwise(words))
    grams.update(zip(words, words[1:], words[2:], strict=False))
    return dict(grams)
