"""The pytest plugin that reports: what was collected, what came of each test, and why.

Its hooks wrap those of the project. The outcome of a test is taken from the exception that really ended it: a report
that calls a test passed although an exception did is not believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import FrameType
from typing import Any, Callable

import pytest

from . import canary, failure
from .alarm import TimeLimit
from .channel import Channel, readable
from .integrity import Integrity
from .lines import Lines
from .naming import Wanted, call, called_otherwise

_CHUNK = 200
_FAILURES_PER_TEST = 3

Send = Callable[..., None]


class Record:
    """What is known so far of one test."""

    def __init__(self) -> None:
        self.outcomes: set[str] = set()
        self.failures: list[dict[str, Any]] = []

    @property
    def outcome(self) -> str:
        """The worst of what its phases came to; a test that reported nothing is an error."""
        for outcome in ("failed", "error", "skipped", "passed"):
            if outcome in self.outcomes:
                return outcome
        return "error"


@dataclass(frozen=True)
class Manner:
    """How the tests are run, beside which."""

    show_locals: bool = False
    first: frozenset[str] = frozenset()
    """Tests to begin with."""
    test_timeout_s: float = 0
    integrity: bool = False
    """Look after each test whether what judges it is still the same."""


PLAIN = Manner()


class Reporter:
    """Sends every result as it is known; `wanted` restricts the run to the tests so named."""

    def __init__(
        self,
        send: Send,
        root: str,
        wanted: Iterable[str] = (),
        lines: Lines | None = None,
        manner: Manner = PLAIN,
    ) -> None:
        self._send = self._send_is = send
        self._root = root
        self._lines = lines
        self._collecting: dict[str, BaseException] = {}
        self._current: dict[str, Record] = {}
        self._manner = manner
        self._integrity = Integrity(Reporter, Record, Channel)
        self.wanted = Wanted(wanted)
        self.started = False
        """Whether collection was reached: before that, only the configuration can be at fault."""
        self.results: dict[str, Record] = {}
        self.problems: list[dict[str, Any]] = []
        """What went wrong outside of any test."""

    def protect(self, *kinds: type) -> None:
        """Take what judges, with the classes `kinds`, for what it has to stay; at the latest before collection."""
        self._integrity = Integrity(Reporter, Record, Channel, *kinds)

    def error(self, test: str, described: dict[str, Any]) -> None:
        """Report something that went wrong outside of any test."""
        self.problems.append(described)
        self._send("problem", test=readable(test), failure=described)

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: Any) -> None:
        """Print no list of versions: whoever reads the output knows where it comes from, and it takes time to find."""
        config.option.no_header = True

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_load_initial_conftests(self) -> Any:
        """A conftest.py that can't be imported ends pytest before anything else is called."""
        outcome = yield
        if outcome.excinfo is not None:
            self._conftest(outcome.excinfo[1])

    def _conftest(self, error: BaseException) -> None:
        cause = getattr(error, "cause", None)  # pytest 8 and later
        if cause is None and hasattr(error, "excinfo"):  # before
            cause = error.excinfo[1]
        cause = cause if cause is not None else error
        path = failure.inside(str(getattr(error, "path", "")), self._root) or "conftest.py"
        self.error(path, failure.describe(path, cause, self._root, path))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Configuration is over."""
        self.started = True

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, config: Any, items: list[Any]) -> Any:
        """Keep the demanded tests, after every other plugin had its say."""
        yield
        if self.wanted:
            for item, name in called_otherwise(self.wanted.ids, items):
                call(item, name)
            kept: list[Any] = []
            dropped: list[Any] = []
            for item in items:
                (kept if self.wanted.names(item.nodeid) else dropped).append(item)
            if dropped:
                config.hook.pytest_deselected(items=dropped)
            items[:] = kept
        if self._manner.first:
            items.sort(key=lambda item: item.nodeid not in self._manner.first)

    def pytest_collection_finish(self, session: Any) -> None:
        """Announce what will run: each of these must come to a result."""
        ids = [readable(item.nodeid) for item in session.items]
        for start in range(0, len(ids), _CHUNK):
            self._send("collected", tests=ids[start : start + _CHUNK])

    def pytest_exception_interact(self, node: Any, call: Any, report: Any) -> None:
        """Remember the exception of a file that could not be collected."""
        if isinstance(node, pytest.Collector) and call.excinfo is not None:
            error = call.excinfo.value
            cause = error.__cause__ if isinstance(error, pytest.Collector.CollectError) else None
            self._collecting[node.nodeid] = cause if cause is not None else error

    def pytest_collectreport(self, report: Any) -> None:
        """Report a file that could not be collected."""
        if not report.failed:
            return
        file = report.nodeid.split("::")[0]
        error = self._collecting.get(report.nodeid)
        if error is not None:
            error = getattr(error, "cause", None) or error
            self.error(report.nodeid, failure.describe(report.nodeid, error, self._root, file))
        else:
            self.error(report.nodeid, failure.simple(report.nodeid, "CollectError", str(report.longrepr), file))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Any:
        """Bound the time of each test."""
        with TimeLimit(self._manner.test_timeout_s):
            yield

    def run_canary(self, item: Any, following: Any) -> None:
        """Run a test that must fail, and tell what came of it."""
        self._current[item.nodeid] = Record()
        self._send("start", test=readable(item.nodeid))
        canary.run(item, following)
        record = self._current.pop(item.nodeid, Record())
        self._send("result", test=readable(item.nodeid), outcome=record.outcome, failures=record.failures)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Name the test, so that one that never comes back is known."""
        self._current[nodeid] = Record()
        self._send("start", test=readable(nodeid))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Any:
        """Record lines from the set-up on."""
        if self._lines is not None:
            self._lines.start()
        yield

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Any:
        """Take the outcome of a phase from what really happened in it."""
        outcome = yield
        report = outcome.get_result()
        record = self._current.setdefault(item.nodeid, Record())
        if report.outcome == "passed" and call.excinfo is not None:
            report.outcome = "failed"
        if report.outcome == "failed":
            how = "failed" if report.when == "call" else "error"
            self._send("bad", test=readable(item.nodeid), outcome=how)
            record.outcomes.add(how)
            if len(record.failures) < _FAILURES_PER_TEST:
                record.failures.append(self._failure(item, call, report))
        elif report.outcome == "skipped" or report.when == "call":
            record.outcomes.add(report.outcome)
        if self._lines is not None and (report.when == "call" or report.outcome != "passed"):
            executed = self._lines.stop()
            if executed:
                self._send("lines", test=readable(item.nodeid), lines=executed)

    def _failure(self, item: Any, call: Any, report: Any) -> dict[str, Any]:
        file = item.nodeid.split("::")[0]
        if call.excinfo is not None:
            return failure.describe(item.nodeid, call.excinfo.value, self._root, file, self._manner.show_locals)
        return failure.simple(item.nodeid, "Failed", str(report.longrepr), file)  # an xpass under strict, say

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Send what the test came to."""
        record = self._current.pop(nodeid, Record())
        self.results[nodeid] = record
        changed = self._integrity.changed() if self._manner.integrity else []
        if changed or self._send_is != self._send:
            text = f"what judges tests was exchanged: {', '.join(changed[:5]) or 'the reporter'}"
            self.error(nodeid, failure.forged(nodeid, text, nodeid.split("::")[0]))
        self.wanted.meet(nodeid)
        self._send("result", test=readable(nodeid), outcome=record.outcome, failures=record.failures)

    def stuck(self, frame: FrameType | None) -> None:
        """Tell where the running test is: its time is nearly over."""
        test = next(iter(self._current), "")
        if not test:
            return
        if self._lines is not None:
            executed = self._lines.so_far()
            if executed:
                self._send("lines", test=readable(test), lines=executed)
        self._send("stuck", failure=failure.stuck(test, frame, self._root))

    def pytest_internalerror(self, excinfo: Any) -> None:
        """Pytest itself, a plugin or a conftest.py broke."""
        self.error("pytest", failure.describe("pytest", excinfo.value, self._root))

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        """The run was ended from within: ``pytest.exit``, or a KeyboardInterrupt in a test."""
        if isinstance(excinfo.value, pytest.Session.Interrupted):
            return  # pytest's own way to stop after failures, which are known already
        test = next(iter(self._current), "pytest")
        self.error(test, failure.describe(test, excinfo.value, self._root))
