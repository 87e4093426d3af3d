"""Notices when the project exchanges parts of what runs and judges its tests.

A project may patch a great deal for good reasons. What is looked at here has none: how an exception becomes a failure,
what the assertions of unittest and pytest do, and the reporter itself.
"""

from __future__ import annotations

import ast
import builtins
import unittest
from collections.abc import Iterator
from typing import Any


class Integrity:
    """What those parts were like before the project could touch them."""

    def __init__(self, *own: type) -> None:
        self._own = own
        self._before = dict(self._parts())

    def changed(self) -> list[str]:
        """The names of those that are different now."""
        now = dict(self._parts())
        return [name for name, part in self._before.items() if now.get(name) is not part]

    def _parts(self) -> Iterator[tuple[str, Any]]:
        yield "AssertionError", builtins.AssertionError
        yield "compile", builtins.compile
        yield "ast.parse", ast.parse
        yield from _of(unittest.TestCase, "assert", "fail", "run", "__call__", "_callTestMethod")
        yield from _of(unittest.TestResult, "add", "stopTest")
        outcome = getattr(unittest.case, "_Outcome", None)  # private, and so not there for certain
        if outcome is not None:
            yield from _of(outcome, "")
        for kind in self._own:
            yield from _of(kind, "")
        try:
            import pluggy
            import pytest
            from _pytest import runner
            from _pytest.assertion import rewrite
        except ImportError:  # an interpreter without pytest
            return
        yield from _of(pytest.Function, "runtest", "setup")
        yield from _of(runner.CallInfo, "from_call", "__init__")
        yield from _of(rewrite, "_rewrite_test", "rewrite_asserts")
        yield from _of(rewrite.AssertionRewriter, "run", "visit_Assert")
        yield from _of(runner, "call_", "runtestprotocol", "pytest_", "check_")
        yield from _of(pytest, "raises", "approx", "fail", "warns")
        yield from _of(pluggy.HookCaller, "__call__")
        yield from _of(pluggy.PluginManager, "_hookexec")
        yield from _of(pluggy.Result, "get_result", "force_result")


def _of(owner: Any, *starts: str) -> Iterator[tuple[str, Any]]:
    for name, part in list(vars(owner).items()):
        if name.startswith(starts) and callable(getattr(part, "__func__", part)):
            yield f"{owner.__name__}.{name}", part
            code = getattr(getattr(part, "__func__", part), "__code__", None)
            if code is not None:
                yield f"{owner.__name__}.{name} (code)", code
