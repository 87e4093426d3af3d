"""A second witness of how tests end: what is raised where they are called, heard before anybody can turn it round."""

from __future__ import annotations

import sys
import threading
import unittest
from types import CodeType, FrameType
from typing import Any


class Raised:
    """Whether the function of the running test has failed."""

    def __init__(self) -> None:
        self._error: BaseException | None = None

    def begin(self) -> None:
        """Another test begins, or the same once more."""
        self._error = None

    def hear(self, error: BaseException) -> None:
        """The function has raised `error`."""
        self._error = error

    def failure(self) -> str:
        """What kind of failure it ended in, or nothing: to be skipped or to leave is none."""
        error = self._error
        if error is None or isinstance(error, unittest.SkipTest) or not isinstance(error, Exception):
            return ""
        return type(error).__name__


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
