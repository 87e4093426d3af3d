"""Notices when the code under test changes a variable of the test that calls it: what a test expects is the test's own.

Only plain constants of the test's module count that its function names, and that nothing in that file declares
`global`. One is changed when it was different right after the call and still is when everything has been put away:
what a test patches and puts back, and what set-up and tear-down do, is left alone.
"""

from __future__ import annotations

import dis
import opcode
from types import CodeType
from typing import Any

_STORE = opcode.opmap["STORE_GLOBAL"]
_PLAIN = (int, float, complex, str, bytes, bool, type(None), tuple, frozenset)


class Variables:
    """The constants that one test's function uses."""

    def __init__(self, function: Any, assigned_there: set[str]) -> None:
        code = getattr(function, "__code__", None)
        self._space: dict[str, Any] = getattr(function, "__globals__", {})
        names = set(code.co_names) - assigned_there if type(code) is CodeType else set()
        self._before = {name: self._space[name] for name in names if type(self._space.get(name, self)) in _PLAIN}
        self._suspects: set[str] = set()

    def called(self) -> None:
        """The test's function has returned or failed."""
        self._suspects = set(self._different())

    def changed(self) -> str:
        """A variable that is still different after the tear-down, or nothing."""
        return next((name for name in self._different() if name in self._suspects), "")

    def _different(self) -> list[str]:
        return [name for name, value in self._before.items() if self._space.get(name, self) is not value]


def assigned(module: CodeType) -> set[str]:
    """What functions of a module assign to as `global`."""
    found, waiting = set(), [each for each in module.co_consts if type(each) is CodeType]
    while waiting:
        code = waiting.pop()
        waiting += [each for each in code.co_consts if type(each) is CodeType]
        if _STORE in code.co_code[::2]:
            found |= {one.argval for one in dis.get_instructions(code) if one.opname == "STORE_GLOBAL"}
    return found
