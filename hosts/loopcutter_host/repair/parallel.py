"""Lines that say the same of other things: where one of two differs from the other, one of them is likely wrong.

`low = max(0, row - 1)` and `left = max(0, column - 1)` are alike once names and texts are numbered by their first use.
Lines are compared alone when they are long, and together with the line before or after them.
"""

import builtins
import functools
import itertools
import keyword
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from loopcutter_host.repair.likeness import tokens

_SHORTEST = 9
"""Tokens of what is compared: anything shorter has parallels by chance."""
GAINED, _LOST = 4.0, 0.5
"""Factors for a parallel that is gained, and one that is lost."""
_Shape = tuple[str, ...]
_KEPT = frozenset((*keyword.kwlist, *dir(builtins)))


class Parallels:
    """The shapes of all lines, and of all pairs of lines, of some files."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._seen: Counter[_Shape] = Counter()
        for text in texts:
            self._seen.update(shape for place in _windows(_code_lines(text)) if (shape := _shape(place)))
        self._outlines = {_outline_of(shape) for shape in self._seen}

    def factor(self, before: str, old: str, new: str, after: str) -> float:
        """For a change of one line: more than 1 where it gains a parallel, less where it loses one."""
        if "\n" in new.strip("\n") or not old.strip() or not new.strip():
            return 1
        gained, lost = 0, 0
        for one, place in zip(_around(before, old, after), _places(before, new, after), strict=True):
            had = bool(one) and self._seen[one] > 1  # one of them is itself
            has = self._has(place, one)
            gained += has and not had
            lost += had and not has
        return GAINED if gained > lost else _LOST if lost > gained else 1

    def _has(self, place: tuple[str, ...], instead_of: _Shape) -> bool:
        """Whether lines have a parallel; most have not even one in which all names are the same, which is quicker."""
        if "".join(map(_outline, place)) not in self._outlines:
            return False
        shape = _shape(place)
        return bool(shape) and self._seen[shape] > (shape == instead_of)


@functools.lru_cache(maxsize=1024)
def _around(before: str, line: str, after: str) -> tuple[_Shape, ...]:
    return tuple(map(_shape, _places(before, line, after)))


def _places(before: str, line: str, after: str) -> Sequence[tuple[str, ...]]:
    return (line,), (before, line), (line, after)


@functools.lru_cache(maxsize=4096)
def _outline(line: str) -> str:
    """The tokens of a line, with nothing of names and texts."""
    return "".join([f"{'$' if numbered else word} " for word, numbered in _words(line)])


def _outline_of(shape: _Shape) -> str:
    return "".join([f"{'$' if word[0] == '$' else word} " for word in shape])


def _code_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _windows(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    yield from ((line,) for line in lines)
    yield from itertools.pairwise(lines)


@functools.lru_cache(maxsize=4096)
def _shape(lines: tuple[str, ...]) -> _Shape:
    """The tokens of the lines, names and texts numbered; empty for what is too short to compare."""
    if not all(line.strip() for line in lines):
        return ()
    words = [word for line in lines for word in _words(line)]
    if len(words) < _SHORTEST:
        return ()
    numbers: dict[str, str] = {}
    return tuple(numbers.setdefault(word, f"${len(numbers)}") if numbered else word for word, numbered in words)


@functools.lru_cache(maxsize=4096)
def _words(line: str) -> tuple[tuple[str, bool], ...]:
    """The tokens of a line and its end, each with whether it is numbered."""
    words = (*tokens(line.strip()), "\n")
    numbered = [word[0] in "'\"" or ((word[0].isalpha() or word[0] == "_") and word not in _KEPT) for word in words]
    after_dot = [False, *(word == "." for word in words[:-1])]
    return tuple(
        (word, it_is and (word[0] in "'\"" or not dotted))
        for word, it_is, dotted in zip(words, numbered, after_dot, strict=True)
    )
