"""Notices when the project exchanges parts of what runs and judges its tests.

A project may patch a great deal for good reasons. What is looked at here has none: how an exception becomes a failure,
what the assertions of unittest and pytest do, and the reporter itself.
"""

from __future__ import annotations

import ast
import builtins
import unittest
from typing import Any

from .builtin_types import BuiltinTypes


class Integrity:
    """What those parts were like before the project could touch them."""

    def __init__(self, *own: type) -> None:
        self._parts = [*_of(builtins, "AssertionError", "compile"), *_of(ast, "parse"), *_of_unittest()]
        for kind in own:
            self._parts += _of(kind, "")
        self._parts += _of_pytest()
        self._types = BuiltinTypes()

    def changed(self) -> list[str]:
        """The names of those that are different now."""
        return [*(part.name for part in self._parts if part.differs()), *self._types.changed()]


class _Part:
    """One name in a class or a module, what stood for it, and the code that had: read again after every test."""

    __slots__ = ("_code", "_function", "_key", "_space", "_thing", "name")

    def __init__(self, owner: Any, key: str, thing: Any) -> None:
        self.name = f"{owner.__name__}.{key}"
        self._space = vars(owner)
        self._key = key
        self._thing = thing
        self._function = getattr(thing, "__func__", thing)
        self._code = getattr(self._function, "__code__", None)

    def differs(self) -> bool:
        """Whether another stands there now, or it has other code."""
        if self._space.get(self._key) is not self._thing:
            return True
        return self._code is not None and self._function.__code__ is not self._code


def _of(owner: Any, *starts: str) -> list[_Part]:
    return [
        _Part(owner, name, thing)
        for name, thing in list(vars(owner).items())
        if name.startswith(starts) and callable(getattr(thing, "__func__", thing))
    ]


def _of_unittest() -> list[_Part]:
    parts = _of(unittest.TestCase, "assert", "fail", "run", "__call__", "__init_subclass__", "_callTestMethod")
    parts += _of(unittest.TestResult, "add", "stopTest")
    outcome = getattr(unittest.case, "_Outcome", None)  # private, and so not there for certain
    return parts if outcome is None else [*parts, *_of(outcome, "")]


def _of_pytest() -> list[_Part]:
    try:
        import pluggy
        import pytest
        from _pytest import runner
        from _pytest.assertion import rewrite
    except ImportError:  # an interpreter without pytest
        return []
    return [
        *_of(pytest.Function, "runtest", "setup"),
        *_of(runner.CallInfo, "from_call", "__init__"),
        *_of(rewrite, "_rewrite_test", "rewrite_asserts"),
        *_of(rewrite.AssertionRewriter, "run", "visit_Assert"),
        *_of(runner, "call_", "runtestprotocol", "pytest_", "check_"),
        *_of(pytest, "raises", "approx", "fail", "warns"),
        *_of(pluggy.HookCaller, "__call__"),
        *_of(pluggy.PluginManager, "_hookexec"),
        *_of(pluggy.Result, "get_result", "force_result"),
    ]
