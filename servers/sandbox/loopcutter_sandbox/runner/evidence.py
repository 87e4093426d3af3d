"""The pytest plugin that looks for forgery: tests that must fail, exchanged code, hooks out of nowhere, lost failures.

It only ever adds a problem to what the reporter says, and never takes a failure away.
"""

from __future__ import annotations

import unittest
from typing import Any

import pytest

from . import canary, failure
from .exchange import Exchanges, Place
from .hooks import Hooks
from .raised import Raised, Start, listen_to_unittest
from .reporter import Reporter
from .sources import file_of

_SKIPS = (pytest.skip.Exception, unittest.SkipTest)


class Evidence:
    """Stands around everything else that happens to a test; `canaries` are the names of tests that must fail."""

    def __init__(self, reporter: Reporter, root: str, demanded: list[str], canaries: tuple[str, ...]) -> None:
        self._reporter = reporter
        self._root = root
        self._canaries = canary.Canaries(canaries, reporter.run_canary)
        self._codes: dict[str, Any] = {}
        self._exchanges = Exchanges(root, demanded)
        self._hooks: Hooks | None = None
        self._raised = Raised(root, _SKIPS)
        listen_to_unittest(self._raised)
        reporter.protect(Evidence, canary.Canaries, Hooks, Raised, Exchanges, *Exchanges.PARTS)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: Any) -> None:
        """Configuration is over: from here on hooks come only with `conftest.py` files."""
        self._hooks = Hooks(session.config.hook, self._root)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> Any:
        """Choose where tests that must fail go, once it is known which tests there are."""
        yield
        self._canaries.choose(items)

    def pytest_collection_finish(self, session: Any) -> None:
        """Note what was collected."""
        self._codes = {item.nodeid: _code(item) for item in session.items}

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> Any:
        """Put tests that must fail around and between the others, and look at each test before and after."""
        self._canaries.before(item)
        self._raised.begin()
        if not self._is_as_collected(item):
            self._tampered(item, "the code of this test was exchanged after it was collected")
        self._look(item)
        yield
        if what := self._exchanges.of_variables() or self._exchanges.of_others():
            self._tampered(item, what)
        self._look(item)
        record = self._reporter.results.get(item.nodeid)
        if what := self._raised.against(record.outcome if record is not None else ""):
            self._tampered(item, what)
        self._canaries.after(item, nextitem)

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_call(self, item: Any) -> Any:
        """What the test itself expects must not be changed by what it calls."""
        self._exchanges.begin(getattr(item, "obj", None), _place(item).file)
        yield
        self._exchanges.called()

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_pyfunc_call(self, pyfuncitem: Any) -> Any:
        """Nobody stands nearer to the call: what is raised in it is heard, and that there is a call at all."""
        self._raised.begin()
        code = self._codes.get(pyfuncitem.nodeid)
        start = Start(code) if code is not None and self._hooks is not None and self._hooks.calls_tests() else None
        outcome = yield
        if not self._is_as_collected(pyfuncitem) and file_of(pyfuncitem.obj).startswith(self._root):
            self._tampered(pyfuncitem, "this test was exchanged when it was about to be called")
        if start is not None:
            start.stop()
            if not start.seen and outcome.excinfo is None:
                self._tampered(pyfuncitem, "this test was said to have been called, and was not")
        if outcome.excinfo is not None:
            self._raised.hear(outcome.excinfo[1])

    def _look(self, item: Any) -> None:
        if what := self._exchanges.of_code(_place(item)):
            self._tampered(item, what)
        if what := self._hooks.added() if self._hooks is not None else "":
            self._tampered(item, f"what stands between tests and their results was added to: {what}")

    def _is_as_collected(self, item: Any) -> bool:
        code = self._codes.get(item.nodeid)
        if code is None:
            return True
        function = getattr(item, "obj", None)
        codes = [getattr(function, "__code__", None)]
        while (function := getattr(function, "__wrapped__", None)) is not None and len(codes) < 20:
            codes.append(getattr(function, "__code__", None))  # a plugin may have put something around it
        return code is _code(item) and any(each is code for each in codes)

    def _tampered(self, item: Any, text: str) -> None:
        test = item.nodeid
        self._reporter.error(test, failure.forged(test, text, test.split("::")[0]))


def _code(item: Any) -> Any:
    """The code of a test function, found without making anything: an instance may only be made when its test runs."""
    holder = getattr(item, "cls", None) or getattr(item, "module", None)
    function = getattr(holder, getattr(item, "originalname", None) or item.name, None)
    return getattr(function, "__code__", None)


def _place(item: Any) -> Place:
    return Place(
        file=str(getattr(item, "path", None) or item.fspath),
        name=getattr(item, "originalname", None) or item.name,
        kind=getattr(item, "cls", None),
        module=getattr(item, "module", None),
        test=item.nodeid,
        assertions_are_told=bool(item.config.getini("enable_assertion_pass_hook")),
    )
