"""Two versions of a function on the same generated inputs: the text of this module is put at the end of a patched file.

Standard library only, and nothing that Python 3.9 lacks: it runs with the project's own interpreter, in the sandbox.
The inputs are those the tests give, and mutations of them. What was seen, be it the first difference (`duel`) or each
answer beside that of the unpatched version (`record`), is told by an exception that nothing catches but the test
runner.
"""

from __future__ import annotations

import copy
import itertools
import random
import signal
import threading
import zlib
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

VARIANTS = 120
"""Inputs made of one that a test gave."""
RECORDED = 44
"""Inputs made of one where each answer is told: five calls fit into what the sandbox tells of a test."""
SLOW = 8
"""Answers that never came, after which only real inputs are recorded."""
PATIENCE_S = 0.05
"""CPU seconds that one call on a made input may take."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_."

Given = tuple[tuple[Any, ...], dict[str, Any]]
Answer = tuple[str, str, str]
Function = Callable[..., Any]


class Verdict(BaseException):
    """Ends the duel; no `except Exception` of the project swallows it."""


class TooLong(BaseException):
    """Ends a call that takes too long."""


def duel(one: Function, other: Function, name: str, calls: int) -> Function:
    """A function that behaves as `one` until it has met `calls` calls, and compares it with `other` on the way."""

    def compare(given: Given, inside: list[Function]) -> None:
        _compare(one, other, name, given, inside)

    return _stand_in(one, compare, lambda: "together", calls)


def record(patched: Function, original: Function, calls: int) -> Function:
    """A function that behaves as `patched` until it has met `calls` calls, and notes how it differs from `original`.

    One word a call; in it, for each input, `=` for the same answer, `-` where both raise, `!` where only the patched
    version does or does not end, and `~` with two characters that stand for any other answer.
    """
    words: list[str] = []
    slow: list[Answer] = []

    def note(given: Given, inside: list[Function]) -> None:
        marks = []
        for made in itertools.islice(variants(given), RECORDED if len(slow) < SLOW else 1):
            now, before = _outcome(patched, made, inside), _outcome(original, made, inside)
            marks.append(_mark(now, before) if now is not None and before is not None else "-")
            slow.extend(each for each in (now, before) if each is not None and each[0] == "takes too long")
        words.append("".join(marks))

    return _stand_in(patched, note, lambda: f"seen: {' '.join(words)}", calls)


def _mark(now: Answer, before: Answer) -> str:
    if now[0] == before[0] == "raises":
        return "-"
    if now == before:
        return "="
    if before[0] == "gives" != now[0]:
        return "!"
    number = zlib.crc32("\n".join(now).encode("utf-8", "replace"))
    return f"~{_DIGITS[number % 64]}{_DIGITS[number // 64 % 64]}"


def _stand_in(
    one: Function, look: Callable[[Given, list[Function]], None], told: Callable[[], str], calls: int
) -> Function:
    """Behaves as `one`, looks at each call from outside, and says what was seen when there were enough."""
    inside: list[Function] = []
    met: list[int] = []

    def stand_in(*arguments: Any, **options: Any) -> Any:
        if inside:
            return inside[-1](*arguments, **options)
        if threading.current_thread() is threading.main_thread():
            look((arguments, options), inside)
            met.append(1)
            if len(met) >= calls:
                raise Verdict(told())
        inside.append(one)
        try:
            return one(*arguments, **options)
        finally:
            inside.pop()

    return stand_in


def _compare(one: Function, other: Function, name: str, given: Given, inside: list[Function]) -> None:
    for step, made in enumerate(itertools.islice(variants(given), VARIANTS)):
        first, second = _outcome(one, made, inside), _outcome(other, made, inside)
        if first is None or second is None or first == second or first[0] == second[0] == "raises":
            continue  # two that refuse an input need not say so in the same words
        failed = "raises" in (first[0], second[0])
        if not failed or step <= VARIANTS // 3:  # what is far from a real input may be no legal input at all
            shown = ", ".join([*map(_text, made[0]), *(f"{key}={_text(value)}" for key, value in made[1].items())])
            raise Verdict(f"apart: {name}({shown}): {_shown(first)} or {_shown(second)}")


def _outcome(function: Function, given: Given, inside: list[Function]) -> Answer | None:
    """What comes back, or is raised, and what became of the arguments; None when the input can't be copied."""
    try:
        arguments, options = copy.deepcopy(given)
    except Exception:
        return None
    before = signal.signal(signal.SIGVTALRM, _ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE_S)
    inside.append(function)
    try:
        result = function(*arguments, **options)
        if hasattr(result, "__next__"):
            result = list(itertools.islice(result, 200))
        answer = ("gives", _text(result), _text(arguments))
    except TooLong:
        answer = ("takes too long", "", "")
    except Exception as error:
        answer = ("raises", type(error).__name__, "")
    finally:
        inside.pop()
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return answer


def _ring(number: int, frame: FrameType | None) -> None:
    raise TooLong


def _text(value: object, depth: int = 0) -> str:
    try:
        text = repr(value)
    except Exception:
        text = "?"
    if " at 0x" not in text:
        return text[:2000]
    name, fields = type(value).__name__, getattr(value, "__dict__", None)
    if depth < 20 and isinstance(fields, dict) and fields:  # what has no text of its own is its fields
        return f"{name}({', '.join(f'{key}={_text(each, depth + 1)}' for key, each in fields.items())})"[:2000]
    if depth < 20 and isinstance(value, (list, tuple)):
        return f"{name}({', '.join(_text(each, depth + 1) for each in value)})"[:2000]
    return name


def _shown(answer: Answer) -> str:
    return f"{answer[0]} {answer[1]}".strip()[:60]


def variants(given: Given) -> Iterator[Given]:
    """The input itself, then small changes of it, then changes of those; always the same ones."""
    dice = random.Random(7)
    yield given
    pool = [given]
    while True:
        source = given if dice.random() < 0.6 else dice.choice(pool)
        try:
            positional, options = copy.deepcopy(source)
        except Exception:
            return
        arguments = list(positional)
        keys = [*range(len(arguments)), *options]
        if not keys:
            return
        key = dice.choice(keys)
        if isinstance(key, int):
            arguments[key] = _changed(arguments[key], dice)
        else:
            options[key] = _changed(options[key], dice)
        pool = [*pool[-20:], (tuple(arguments), options)]
        yield tuple(arguments), options


def _changed(value: Any, dice: random.Random) -> Any:
    """A value like this one: of its type, and a little different."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return dice.choice([value + 1, value - 1, -value, value * 2, type(value)(0), type(value)(1)])
    if isinstance(value, (str, bytes, list, tuple)):
        return _other_sequence(value, dice)
    if isinstance(value, dict) and value:
        key = dice.choice(list(value))
        rest = {each: value[each] for each in value if each != key}
        return rest if dice.random() < 0.5 else type(value)({**value, key: _changed(value[key], dice)})
    if isinstance(value, (set, frozenset)) and value:
        return type(value)(sorted(value, key=repr)[1:])
    return value


def _other_sequence(value: Any, dice: random.Random) -> Any:
    size, kind = len(value), dice.randrange(6)
    if not size:
        return value
    at = dice.randrange(size)
    if kind == 0:
        return value[:at] + value[at + 1 :]
    if kind == 1:
        return value[: at + 1] + value[at:]
    if kind == 2:
        return value[at:] + value[:at]
    if kind == 3:
        return value[:at]
    if kind == 4 and type(value) in (list, tuple):
        return value[:at] + type(value)([_changed(value[at], dice)]) + value[at + 1 :]
    return value[:at] + value[at : at + 1] + value[at:][::-1] if kind == 5 else value[at:]
