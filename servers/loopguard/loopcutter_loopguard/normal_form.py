"""The normal form of a piece of code: two pieces with one normal form say the same thing in other dress.

Python is read as a syntax tree: comments, docstrings, annotations, parentheses, layout, log lines and the names a piece
makes up for itself don't count; `x += 1` is `x = x + 1`; `a + b` is `b + a`; a variable used once, right away, is what
it stands for. Other languages are read as words. Numbers are masked: two attempts that differ in a number alone are one
idea. Whoever needs the numbers asks for `exact`.
"""

import re
from collections import Counter
from functools import lru_cache

from loopcutter_loopguard.python_form import python_form

LIMIT = 20_000
"""Characters of a piece that are read; a longer one is compared by its head and its end."""

_WORD = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?\*/|(?<![\w$&])#(?!include|define|if|endif|else|\[)[^\n]*|<!--.*?-->)"
    r"|(?P<string>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)"
    r"|(?P<number>\b\d[\w.]*)|(?P<name>[^\W\d]\w*)|(?P<sign>[<>=!+\-*/%&|^~:.?]+|[^\s\w])",
    re.S,
)
_PYTHON = (".py", ".pyi")


@lru_cache(maxsize=512)
def normal_form(code: str, path: str = "") -> tuple[str, ...]:
    """The words of `code` that carry its meaning, numbers masked."""
    piece = code if len(code) <= LIMIT else code[: LIMIT // 2] + "\n" + code[-LIMIT // 2 :]
    if path.endswith(_PYTHON):
        return python_form(piece)
    return tuple(
        "0" if found.lastgroup == "number" else found.group()
        for found in _WORD.finditer(piece)
        if found.lastgroup != "comment"
    )


@lru_cache(maxsize=512)
def exact_form(code: str) -> tuple[str, ...]:
    """The lines of `code`, blanks squeezed: what is the same to the letter but for its layout."""
    return tuple(squeezed for line in code.splitlines() if (squeezed := " ".join(line.split())))


def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """From 0, nothing in common, to 1, the same words equally often."""
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    first, second = Counter(one), Counter(other)
    return 2 * sum((first & second).values()) / (len(one) + len(other))


_MEANING = re.compile(
    r"[<>=!+\-*/%&|^~]+$|(?:and|or|not|in|is|if|else|for|while|return|raise|try|except|with|yield|await)$"
)


def differs_in_meaning(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether an operator or a keyword was put in, taken out or exchanged: then it is another idea, however alike."""
    first, second = Counter(one), Counter(other)
    changed = (first - second) + (second - first)
    return any(_MEANING.match(word) for word in changed)
