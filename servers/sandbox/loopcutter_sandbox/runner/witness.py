"""Sees which code a file of tests really had, and when somebody exchanges the code of a function.

The interpreter itself tells of both, at the very moment and in whatever thread: an audit hook can't be taken off. What
a module ran as is heard before its first line runs, so there is no moment before collection in which an exchange goes
unseen, however fast a thread of the project is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import CO_OPTIMIZED
from types import CodeType, FrameType
from typing import Any

from .sources import holds_tests, is_under_test

_DEPTH = 6
_WRITES_FRAMES = {"PyFrame_LocalsToFast", "PyFrame_FastToLocalsWithError"}
"""What of the interpreter's own library has no use but to write to the variables of a function that is running."""


class Witness:
    """Listens from `watch` to the end of the process."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._modules: dict[str, list[CodeType]] = {}
        self._undecorated: dict[str, dict[str, list[CodeType]]] = {}
        self._exchanged: dict[str, str] = {}
        self.reached = ""
        """By what the project writes to variables of running functions, or nothing."""

    def watch(self) -> None:
        """Begin to listen."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "exec":
            code = arguments[0]
            if type(code) is CodeType and code.co_name == "<module>" and code.co_filename.startswith(self._root):
                self._modules.setdefault(code.co_filename, []).append(code)
                if holds_tests(code.co_filename):
                    self._undecorated.setdefault(code.co_filename, {}).update(_plain_functions(code))
        elif event == "object.__setattr__" and arguments[1] == "__code__":
            code = getattr(arguments[0], "__code__", None)
            if type(code) is CodeType:
                self._exchanged[code.co_filename] = code.co_name
        elif event == "ctypes.dlsym" and arguments[1] in _WRITES_FRAMES and self._asked_by_project():
            self.reached = arguments[1]

    def _asked_by_project(self) -> bool:
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and "ctypes" in frame.f_code.co_filename:
            frame = frame.f_back
        return frame is not None and frame.f_code.co_filename.startswith(self._root)

    def ran(self, file: str) -> list[CodeType]:
        """What ran as the module of `file`."""
        return self._modules.get(file, [])

    def exchanged(self, file: str) -> str:
        """The name of a function of `file` whose code somebody has exchanged, or nothing."""
        return self._exchanged.get(file, "")

    def replaced(self, file: str, name: str, function: Any) -> bool:
        """Whether `file` defines a function `name`, and `function` has nothing of it although it stands for it.

        Of a method, `Class.name`, that counts only where the stranger is of the project and of none of its tests: a
        class may have its methods exchanged by whoever makes it. Where the code under test has put itself around a
        method of a class that nothing decorates, it counts as well.
        """
        known = self._undecorated.get(file, {}).get(name)
        if not known:
            return False
        code = getattr(function, "__code__", None)
        stranger = str(code.co_filename) if code is not None else ""
        if any(code is each for code in _codes(function, _DEPTH) for each in known):
            whole = "." in name and name.partition(".")[0] in self._undecorated[file]
            return whole and code not in known and is_under_test(stranger, self._root)
        if code is None or stranger.startswith("<") or is_under_test(stranger, self._root):
            return True
        elsewhere = stranger != file and stranger.startswith(self._root)  # another file of tests: imported over its own
        return "." not in name and not elsewhere


def _plain_functions(module: CodeType) -> dict[str, list[CodeType]]:
    """The functions and classes of a module that stand there without a decorator, by name. One may come twice."""
    try:
        with open(module.co_filename, "rb") as file:
            lines = file.read().split(b"\n")
    except OSError:
        return {}
    found: dict[str, list[CodeType]] = {}
    decorated = set()
    for name, code in _definitions(module):
        line = lines[code.co_firstlineno - 1].strip() if code.co_firstlineno <= len(lines) else b""
        if line.startswith((b"def ", b"async def ", b"class ")):
            found.setdefault(name, []).append(code)
        else:
            decorated.add(name)
    return {name: codes for name, codes in found.items() if name not in decorated}


def _definitions(module: CodeType) -> Iterator[tuple[str, CodeType]]:
    """The functions and classes of a module, and the methods of its classes."""
    for code in module.co_consts:
        if type(code) is CodeType:
            yield code.co_name, code
            for inner in code.co_consts if not code.co_flags & CO_OPTIMIZED else ():
                if type(inner) is CodeType:
                    yield f"{code.co_name}.{inner.co_name}", inner


def _codes(thing: Any, depth: int) -> Iterator[CodeType]:
    """The code of a function and of whatever it is wrapped around."""
    code = getattr(thing, "__code__", None)
    if type(code) is CodeType:
        yield code
    if not depth:
        return
    for name in ("__wrapped__", "__func__", "func", "inner_test"):
        inner = getattr(thing, name, None)
        if callable(inner):
            yield from _codes(inner, depth - 1)
    for cell in getattr(thing, "__closure__", None) or ():
        try:
            inner = cell.cell_contents
        except ValueError:  # an empty one
            continue
        if callable(inner):
            yield from _codes(inner, depth - 1)
