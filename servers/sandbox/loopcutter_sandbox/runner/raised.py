"""A second witness of how tests end: what is raised where they are called, heard before anybody can turn it round."""

from __future__ import annotations

import sys
import threading
import unittest
from types import CodeType, FrameType
from typing import Any

from .sources import is_under_test


class Raised:
    """How the function of the running test has ended; `skips` are the exceptions that mean to be skipped."""

    def __init__(self, root: str, skips: tuple[type[BaseException], ...] = (unittest.SkipTest,)) -> None:
        self._root = root
        self._skips = skips
        self._error: BaseException | None = None

    def begin(self) -> None:
        """Another test begins, or the same once more."""
        self._error = None

    def hear(self, error: BaseException) -> None:
        """The function has raised `error`."""
        self._error = error

    def against(self, outcome: str) -> str:
        """What speaks against `outcome`, in words, or nothing."""
        error = self._error
        if isinstance(error, self._skips):
            place = _raised_in(error, self._root)
            return f"this test was skipped by the code that it tests ({place})" if place else ""
        if outcome == "passed" and isinstance(error, Exception):
            return f"this test failed ({type(error).__name__}), and was then made to pass"
        return ""


def _raised_in(error: BaseException, root: str) -> str:
    """The file under test that raised `error`, or nothing: what tests and their helpers raise is their own affair."""
    deepest, trace = "", error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(root):
            deepest = file
        trace = trace.tb_next
    helps = deepest.rpartition("/")[2].startswith("test")  # `testing.py`, say, whose helpers skip for good reasons
    return deepest[len(root) :].lstrip("/") if is_under_test(deepest, root) and not helps else ""


def listen_to_unittest(raised: Raised) -> None:
    """Have `unittest` tell `raised` what the methods of its tests raise, in its own and in pytest's runs."""
    call = getattr(unittest.TestCase, "_callTestMethod", None)  # private, and so not there for certain
    if call is None:
        return

    def _callTestMethod(self: unittest.TestCase, method: Any) -> Any:
        raised.begin()
        try:
            return call(self, method)
        except BaseException as error:
            raised.hear(error)
            raise

    unittest.TestCase._callTestMethod = _callTestMethod  # type: ignore[attr-defined]


class Start:
    """Whether some code has begun to run; watched only until it has, for that is slow."""

    def __init__(self, code: CodeType) -> None:
        self._code = code
        self.seen = False
        self._before = sys.getprofile()
        threading.setprofile(self._event)
        sys.setprofile(self._event)

    def _event(self, frame: FrameType, _: str, __: object) -> None:
        if frame.f_code is self._code:
            self.seen = True
            self.stop()

    def stop(self) -> None:
        """Watch no longer."""
        threading.setprofile(None)
        sys.setprofile(self._before)
