"""Runs unittest tests with the same report, for interpreters without pytest and for ``python -m unittest``."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
import sys
import time
import unittest
from types import FrameType
from typing import Any

from . import failure, lines
from .alarm import TimeLimit, set_alarm
from .canary import case
from .channel import Channel, readable
from .integrity import Integrity
from .naming import Wanted
from .unittest_evidence import Evidence, protected

_FOLDERS = ("tests", "test")


class Result(unittest.TestResult):
    """Reports each test as it ends."""

    def __init__(self, channel: Channel, root: str, recorder: lines.Lines | None) -> None:
        super().__init__()
        self._channel = channel
        self._root = root
        self._lines = recorder
        self._outcome = "passed"
        self._failures: list[dict[str, Any]] = []
        self._running = ""
        self.show_locals = False
        self.stop_at_first = False
        self.limit = TimeLimit(0)
        self.canaries: dict[Any, str] = {}
        self.done: set[str] = set()
        self.bad = 0
        self.evidence: Evidence | None = None

    def startTest(self, test: unittest.TestCase) -> None:
        """A test begins."""
        super().startTest(test)
        if _stands_for_a_file(test):
            return
        self._outcome, self._failures = "passed", []
        self._running = self._identity(test)
        self._channel.send("start", test=readable(self._running))
        if self.evidence is not None and test not in self.canaries:
            self._tampered(self.evidence.before(test, self._running))
        if self._lines is not None:
            self._lines.start()
        self.limit.__enter__()

    def stopTest(self, test: unittest.TestCase) -> None:
        """A test is over: say what came of it."""
        if _stands_for_a_file(test):
            super().stopTest(test)
            return
        self.limit.__exit__()
        name = self._identity(test)
        if self._lines is not None:
            executed = self._lines.stop()
            if executed:
                self._channel.send("lines", test=readable(name), lines=executed)
        if test not in self.canaries:
            self.done.add(name)
            if self.evidence is not None:
                self._tampered(self.evidence.after(test, name, self._outcome))
        self._running = ""
        self._channel.send("result", test=readable(name), outcome=self._outcome, failures=self._failures)
        super().stopTest(test)

    def _tampered(self, text: str) -> None:
        if text:
            described = failure.forged(self._running, text, self._running.split("::")[0])
            self._channel.send("problem", test=readable(self._running), failure=described)

    def stuck(self, frame: FrameType | None) -> None:
        """Tell where the running test is: its time is nearly over."""
        if self._running:
            self._channel.send("stuck", failure=failure.stuck(self._running, frame, self._root))

    def _identity(self, test: Any) -> str:
        return self.canaries.get(test) or identity(test, self._root)

    def _bad(self, test: Any, error: Any) -> None:
        self.bad += test not in self.canaries
        if self.stop_at_first and test not in self.canaries:
            self.stop()
        name = self._identity(test)
        if isinstance(test, unittest.TestCase) and not _stands_for_a_file(test):
            self._channel.send("bad", test=readable(name), outcome="failed")
            self._outcome = "failed"
            self._failures.append(failure.describe(name, error[1], self._root, name.split("::")[0], self.show_locals))
            return
        real = _import_error(name) if _stands_for_a_file(test) else None
        described = failure.describe(name, real or error[1], self._root)
        self._channel.send("problem", test=readable(described["file"] or name), failure=described)

    def addError(self, test: Any, err: Any) -> None:
        """An exception other than a failed assertion: pytest's word for it is failed as well."""
        super().addError(test, err)
        self._bad(test, err)

    def addFailure(self, test: Any, err: Any) -> None:
        """A failed assertion."""
        super().addFailure(test, err)
        self._bad(test, err)

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        """A part of a test; one bad part makes the test bad."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._bad(test, err)

    def addSkip(self, test: Any, reason: str) -> None:
        """A test that did not run."""
        super().addSkip(test, reason)
        self._outcome = "skipped"

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        """A test that is known to fail proves nothing."""
        super().addExpectedFailure(test, err)
        self._outcome = "skipped"

    def addUnexpectedSuccess(self, test: Any) -> None:
        """A test that was said to fail and did not."""
        super().addUnexpectedSuccess(test)
        self.bad += 1
        name = identity(test, self._root)
        self._outcome = "failed"
        self._failures.append(failure.simple(name, "UnexpectedSuccess", "was expected to fail", name.split("::")[0]))


def _stands_for_a_file(test: Any) -> bool:
    return type(test).__name__ == "_FailedTest"


def identity(test: Any, root: str) -> str:
    """The name pytest would give the test: ``tests/test_cart.py::CartTest::test_total``."""
    if not isinstance(test, unittest.TestCase) or _stands_for_a_file(test):
        return str(getattr(test, "_testMethodName", None) or test)
    try:
        file = failure.inside(inspect.getfile(type(test)), root)
    except TypeError:
        file = None
    place = file.replace(os.sep, "/") if file is not None else type(test).__module__
    return f"{place}::{type(test).__qualname__.replace('.', '::')}::{test._testMethodName}"


def _import_error(module: str) -> BaseException | None:
    """The exception itself of a module that can't be imported: unittest keeps only its text."""
    try:
        importlib.import_module(module)
    except BaseException as error:
        return error
    return None


def _flat(suite: Any) -> list[Any]:
    if isinstance(suite, unittest.TestSuite):
        return [test for part in suite for test in _flat(part)]
    return [suite]


def _discover(root: str) -> list[Any]:
    tests = _flat(unittest.defaultTestLoader.discover(root, top_level_dir=root))
    for folder in _FOLDERS:
        path = os.path.join(root, folder)
        if os.path.isdir(path) and not os.path.exists(os.path.join(path, "__init__.py")):
            tests += _flat(unittest.TestLoader().discover(path, top_level_dir=path))
    return tests


def run(request: dict[str, Any], channel: Channel) -> tuple[int, int]:
    """Discover, select, run; the exit code and the number of results."""
    root, wanted, arguments = request["root"], Wanted(request["tests"]), request["arguments"]
    result = Result(channel, root, lines.recorder(root) if request["coverage"] else None)
    if request.get("canaries"):
        result.evidence = Evidence(root, [test.split("::")[0] for test in request["tests"]])
    integrity = Integrity(Result, Channel, *protected())
    if arguments:
        program = unittest.TestProgram(module=None, argv=["unittest", *arguments], exit=False, testRunner=_Collect)
        tests = _flat(program.test)  # type: ignore[attr-defined]
    else:
        tests = _discover(root)
    if wanted:
        tests = [test for test in tests if _stands_for_a_file(test) or wanted.names(identity(test, root))]
    set_alarm(request["ends"], result.stuck)
    channel.send("collected", tests=[readable(identity(test, root)) for test in tests if not _stands_for_a_file(test)])
    started = time.monotonic()
    result.show_locals, result.stop_at_first = request.get("locals", False), request.get("stop", False)
    result.limit = TimeLimit(request.get("test_timeout_s", 0))
    for at, name in zip((0, len(tests) // 2 + 1, len(tests) + 2), request.get("canaries", ())):
        beside = identity(tests[min(at, len(tests) - 1)], root) if tests else "test::test"
        tests.insert(at, case(name))
        result.canaries[tests[at]] = f"{beside.rpartition('::')[0]}::{name}"
    unittest.TestSuite(tests).run(result)
    print(f"Ran {result.testsRun} tests in {time.monotonic() - started:.2f}s", file=sys.stderr)
    if importlib.util.find_spec("pytest") is None and (result.bad or not result.testsRun):
        channel.send("note", text=f"{sys.executable} has no pytest: {sys.executable} -m pip install pytest")
    changed = integrity.changed() if request.get("canaries") else []
    if changed:
        text = f"what judges tests was exchanged: {', '.join(changed[:5])}"
        channel.send("problem", test="unittest", failure=failure.forged("unittest", text))
    for test in result.done:
        wanted.meet(test)
    for test in wanted.missing():
        described = failure.simple(test, "TestNotFound", "no test of this name ran", test.split("::")[0])
        channel.send("problem", test=readable(test), failure=described)
        result.bad += 1
    return (1 if result.bad else 0 if result.testsRun else 5), len(result.done)


class _Collect:
    """A test runner that runs nothing: `TestProgram` loads by its own rules, running is done here."""

    def run(self, test: Any) -> Any:
        """Nothing."""
        return unittest.TestResult()
