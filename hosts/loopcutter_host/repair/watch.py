"""Looks at what expressions come to while tests run: this module's text is put into the function that is watched.

Standard library only, and nothing that Python 3.9 lacks: it runs with the project's own interpreter, in the sandbox.
For every candidate that puts one expression in the place of another, both are evaluated wherever the old one is about
to be. What they are worth by that is told by an exception, in the moment in which a test that fails is left.
"""

from __future__ import annotations

import base64
import itertools
import math
import sys
import zlib
from collections.abc import Container
from types import CodeType, FrameType
from typing import Any

MOST_VALUES = 25000
"""Evaluations, over all tests."""
MOST_ROUNDS = 60
"""How often one place is looked at in one test."""
_LONGEST = 600
"""Characters that can be told."""
_DEEPEST = 200
"""Items of what can be gone through only once."""

UNSEEN, SAME, DIFFERS, RAISES, CURES, SAME_SO_FAR = 0, 1, 2, 3, 4, 5
"""What was seen of an item: nothing, as the place was not reached; the same value each time, another one, an exception
where there was none, none where there was one, the same until it was looked at no more."""
FAILING = {UNSEEN: 0.0, SAME: 0.0, DIFFERS: 3.0, RAISES: 0.0, CURES: 4.0, SAME_SO_FAR: 0.15}
"""Factors for what the failing test sees; nothing that leaves it as it was, or breaks it sooner, can repair it."""
PASSING = {UNSEEN: 1.3, SAME: 3.0, DIFFERS: 0.6, RAISES: 0.05, CURES: 0.6, SAME_SO_FAR: 1.0}
"""Factors for what the tests that pass see."""
REPEATED = 0.6
"""Factor for an item that comes to the same as one before it, at most three times."""
NEVER, ONCE, ALWAYS = 0, 1, 2
Item = tuple[int, str, str, str, int]
"""Line, the old and the new expression, what is compared (`value`; `held`, where it counts which list it is; `truth`;
`new`: nothing changes unless the new one is true; `old`: unless the new one is false), and when it counts that the new
one raises something: never, as the old one may not be evaluated at all; the first time; always."""


class Seen(BaseException):
    """Ends the test; no `except Exception` of the project swallows it."""


class Watch:
    """Evaluates the items in the frames of one function and of those within it."""

    def __init__(self, items: list[Item], span: tuple[int, int], put: int, tests: str, ends: bool) -> None:
        self._items: dict[int, list[tuple[int, Item]]] = {}
        for number, item in enumerate(items):
            self._items.setdefault(item[0], []).append((number, item))
        (self._first, self._last), self._put, self._tests, self._ends = span, put, tests, ends
        self._codes: dict[str, CodeType | None] = {}
        self._file = ""
        self._test: FrameType | None = None
        self._broke = False
        self._left = MOST_VALUES
        self._count = len(items)
        self.before = bytearray(self._count)
        """For each item, what the tests that passed saw."""
        self._start()

    def _start(self) -> None:
        self.now = bytearray(self._count)
        self.traces: list[list[str]] = [[] for _ in range(self._count)]
        self._rounds: dict[int, int] = {}
        self._cut: set[int] = set()

    def enter(self, frame: FrameType) -> None:
        """The watched function begins."""
        if self._test is not None:
            return
        self._file = frame.f_code.co_filename
        each: FrameType | None = frame
        while each is not None:
            if each.f_code.co_filename.endswith(self._tests):
                self._test = each
            each = each.f_back
        if self._test is None:
            return
        self._test.f_trace = self._of_test
        frame.f_trace = self._of_function
        sys.settrace(self._of_call)

    def _of_call(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code.co_filename != self._file or not self._first <= code.co_firstlineno <= self._last + 1:
            return None
        return None if code.co_name in ("<listcomp>", "<genexpr>", "<setcomp>", "<dictcomp>") else self._of_function

    def _of_test(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "return":
            sys.settrace(None)
            self._test = None
            if self._broke:
                raise Seen(self.told())
            self.before = bytearray(map(max, self.before, self.now))
            self._start()
        self._broke = event == "exception"
        return self._of_test

    def _of_function(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            line = frame.f_lineno - (frame.f_lineno > self._put)  # it stands one line further down than it did
            items = self._items.get(line, ())
            if items:
                self._look(line, items, frame)
        return self._of_function

    def _look(self, line: int, items: Any, frame: FrameType) -> None:
        self._rounds[line] = self._rounds.get(line, 0) + 1
        if self._rounds[line] > MOST_ROUNDS or self._left < 0:
            self._cut.add(line)
            for number, _ in items:
                self.now[number] = self.now[number] or DIFFERS  # who knows
            if not self._ends and self._rounds[line] > 4 * MOST_ROUNDS:
                sys.settrace(None)
                raise Seen(self.told())
            return
        space = {**frame.f_globals, **frame.f_locals}
        names = frame.f_code.co_varnames
        olds: dict[str, Any] = {}
        for number, (_, old, new, what, counts) in items:
            if self.now[number] != RAISES:
                self._left -= 1
                if old not in olds:
                    olds[old] = self._value(old, space, names)
                self._compare(number, olds[old], self._value(new, space, names), what, counts)

    def _compare(self, number: int, old: Any, new: Any, what: str, counts: int) -> None:
        mark = ""
        if old is UNKNOWN or old is NAMELESS or new is UNKNOWN:
            state = DIFFERS
        elif new is FAILED or new is NAMELESS:
            as_before = self.now[number] == 0 or (self.now[number] == SAME and counts == ALWAYS)
            state = SAME if old is FAILED else RAISES if counts and as_before else DIFFERS
        elif old is FAILED:
            state, mark = CURES, _text(new)
        elif what == "truth":
            state = SAME if bool(old) == bool(new) else DIFFERS
        elif what in ("new", "old"):
            state = SAME if bool(new) == (what == "old") else DIFFERS
        else:
            state = SAME if _same(old, new, what == "held") else DIFFERS
            mark = _text(new)
        self.now[number] = max(self.now[number], state)
        self.traces[number].append(str(state) + mark)

    def _value(self, text: str, space: dict[str, Any], names: Container[str]) -> Any:
        """What an expression comes to; iterators that it makes are gone through."""
        if text not in self._codes:
            try:
                self._codes[text] = compile(text, "<watch>", "eval", dont_inherit=True)
            except (SyntaxError, ValueError):
                self._codes[text] = None
        code = self._codes[text]
        if code is None:
            return UNKNOWN
        for name in code.co_names:
            for held in (space.get(name), getattr(space.get("self"), name, None)):
                if hasattr(held, "__next__") or hasattr(held, "default_factory"):
                    return UNKNOWN  # looking would change it
        try:
            value = eval(code, space)
            if hasattr(value, "__next__"):
                return ("iterator", list(itertools.islice(value, _DEEPEST)))
            return value
        except NameError as error:
            return NAMELESS if getattr(error, "name", "") in names else UNKNOWN
        except Exception:
            return FAILED

    def told(self) -> str:
        """What each item is worth, as the sandbox reads it: a byte for each, packed; for as many items as fit."""
        weights = bytes(map(_byte, self._factors()))
        count = self._count
        while True:
            packed = base64.b85encode(zlib.compress(weights[:count], 9)).decode()
            if len(packed) <= _LONGEST:
                return "weights " + str(count) + " " + packed + " ."
            count = count * _LONGEST // len(packed) - 1

    def _factors(self) -> list[float]:
        marks: dict[int, tuple[Any, ...]] = {}
        for line, items in self._items.items():
            for number, (_, old, _new, what, _counts) in items:
                marks[number] = (line, old, what, tuple(self.traces[number]))
                if line in self._cut and self.now[number] == SAME:
                    self.now[number] = SAME_SO_FAR
        alike: dict[tuple[Any, ...], int] = {}
        factors = []
        for number in range(self._count):
            factor = FAILING[self.now[number]] * PASSING[self.before[number]]
            if self.now[number] in (DIFFERS, CURES):
                times = alike[marks[number]] = alike.get(marks[number], -1) + 1
                factor *= REPEATED ** min(times, 3)
            factors.append(factor)
        return factors


def _byte(factor: float) -> int:
    """Eighths of its binary logarithm, from 128 on; 0 for nothing."""
    return max(1, min(255, round(128 + 8 * math.log2(factor)))) if factor > 0 else 0


UNKNOWN, FAILED, NAMELESS = object(), object(), object()
"""Instead of a value: it can't be asked, an exception came, a local name has no value yet."""


def _same(one: Any, other: Any, held: bool) -> bool:
    """Whether nobody could tell the two apart; of two lists that are kept, a change would show which is which."""
    if one is other:
        return True
    if type(one) is not type(other) or (held and isinstance(one, (list, dict, set, bytearray))):
        return False
    return bool(one == other)


def _text(value: Any) -> str:
    try:
        return type(value).__name__ + repr(value)[:200]
    except Exception:
        return "?"
