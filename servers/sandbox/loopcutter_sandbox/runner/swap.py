"""Puts an edit into functions that are already alive, by exchanging their code objects.

That is only sound when nothing but the bodies of functions changes and none of the changed functions has run while the
project was imported: what such a run left behind (a table, a constant) would be that of the old code. `Live.plan` says
no in every doubtful case; the edit is then tried in a process that imports the project anew.
"""

from __future__ import annotations
import __future__

import ast
import gc
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from types import CodeType, FrameType, FunctionType
from typing import Any

from .candidate import Unit
from .failure import inside

_FUTURE = 0
for _name in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _name).compiler_flag

Plan = list[tuple[FunctionType, CodeType]]


def _key(code: CodeType) -> tuple[str, int, str]:
    return code.co_filename, code.co_firstlineno, code.co_name


class Executed:
    """Remembers which functions of the workspace ran between `start` and `stop`."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._seen: dict[int, CodeType] = {}
        self._profiler = _profiler()
        self.keys: set[tuple[str, int, str]] = set()

    def start(self) -> None:
        """Begin to watch."""
        threading.setprofile(self._event)
        if self._profiler is not None:
            self._profiler.enable(subcalls=False, builtins=False)
        else:
            sys.setprofile(self._event)

    def stop(self) -> None:
        """End watching; `keys` names what ran within the workspace."""
        if self._profiler is not None:
            self._profiler.disable()
        sys.setprofile(None)
        threading.setprofile(None)
        seen = [*self._seen.values(), *([each.code for each in self._profiler.getstats()] if self._profiler else ())]
        self.keys = {_key(code) for code in seen if isinstance(code, CodeType) and inside(code.co_filename, self._root)}

    def _event(self, frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            code = frame.f_code
            self._seen[id(code)] = code


def _profiler() -> Any:
    """CPython's own, in C: a function of ours that is told of every call makes an import take twice as long."""
    try:
        from _lsprof import Profiler
    except ImportError:  # another Python
        return None
    return Profiler()


class Live:
    """The functions of the workspace that are alive, and what may be done to them."""

    def __init__(self, root: str, executed: set[tuple[str, int, str]]) -> None:
        self._executed = executed
        self._functions: dict[tuple[str, int, str], list[FunctionType]] = {}
        for thing in gc.get_objects():
            if type(thing) is FunctionType and inside(thing.__code__.co_filename, root):
                self._functions.setdefault(_key(thing.__code__), []).append(thing)
        self._compiled: dict[tuple[str, Unit], CodeType | None] = {}

    def expect(self, filename: str, unit: Unit) -> None:
        """Have ready what every candidate for this unit needs, so that not each of their forks makes it."""
        self._before(filename, unit, self._flags(filename))

    def plan(self, filename: str, unit: Unit) -> Plan | None:
        """Which functions get which code so that the edit is in force, or None when this can't be done soundly."""
        flags = self._flags(filename)
        old = self._before(filename, unit, flags)
        new = _compile(unit.after, filename, unit, flags)
        if old is None or new is None or _key(old) not in self._functions:
            return None
        plan: Plan = []
        for before, after in _pairs(old, new):
            changed = after is None or _shallow(before) != _shallow(after)
            if changed and _key(before) in self._executed:
                return None
            for function in self._functions.get(_key(before), ()):
                alive = function.__code__
                if after is None or _shallow(alive) != _shallow(before) or alive.co_freevars != after.co_freevars:
                    return None
                plan.append((function, after))
        return plan

    def _before(self, filename: str, unit: Unit, flags: int) -> CodeType | None:
        key = filename, replace(unit, after="")
        if key not in self._compiled:
            try:
                self._compiled[key] = _compile(unit.before, filename, unit, flags)
            except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):  # not by itself
                self._compiled[key] = None
        return self._compiled[key]

    def _flags(self, filename: str) -> int:
        for key, functions in self._functions.items():
            if key[0] == filename:
                return functions[0].__code__.co_flags & _FUTURE
        return 0


def _compile(text: str, filename: str, unit: Unit, flags: int) -> CodeType | None:
    """The code of the unit's function; None when `text` holds anything else besides."""
    tree: Any = compile(text, filename, "exec", flags=flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    level = tree
    for _ in (*unit.around, unit.name):
        if len(level.body) != 1 or getattr(level, "orelse", None):
            return None
        level = level.body[0]
    if getattr(level, "name", None) != unit.name:
        return None
    tree.body[:0] = unit.imports
    code: CodeType | None = compile(tree, filename, "exec", flags=flags, dont_inherit=True)
    for name in (*filter(None, unit.around), unit.name):
        code = next((inner for inner in _codes(code) if inner.co_name == name), None) if code is not None else None
    return code


def _codes(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType | None]]:
    """Each old code object with its successor, matched by name and order within the enclosing function."""
    yield old, new
    successors = _codes(new)
    for before in _codes(old):
        position = next((at for at, code in enumerate(successors) if code.co_name == before.co_name), None)
        if position is None:
            yield before, None
            continue
        yield from _pairs(before, successors.pop(position))


def _shallow(code: CodeType) -> tuple[Any, ...]:
    """What the code does by itself, apart from functions nested in it and from where it stands in the file."""
    constants = tuple((type(each), repr(each)) for each in code.co_consts if not isinstance(each, CodeType))
    return (
        code.co_code,
        getattr(code, "co_exceptiontable", b""),
        constants,
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_cellvars,
        code.co_flags,
        code.co_argcount,
        code.co_posonlyargcount,
        code.co_kwonlyargcount,
    )


def carry_out(plan: Plan) -> None:
    """Exchange the code."""
    for function, code in plan:
        function.__code__ = code
