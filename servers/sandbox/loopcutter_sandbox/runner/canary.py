"""Tests that must fail, put among the project's own: whoever makes all tests pass makes these pass as well.

Their names come from the server with the request and look like any others. They are run by the same hooks and their
results take the same way; only the server tells them apart.
"""

from __future__ import annotations

import random
import unittest
from collections.abc import Iterable
from typing import Any, Callable

from .failing import must_fail

import_error: BaseException | None = None
try:
    import pytest
    from _pytest.fixtures import FuncFixtureInfo
    from _pytest.runner import runtestprotocol
except ImportError as error:  # an interpreter without pytest: then there is only unittest
    import_error = error


class Canaries:
    """Runs one before the first test, one somewhere, and one at the very end."""

    def __init__(self, names: Iterable[str], run: Callable[[Any, Any], None]) -> None:
        self._names = list(names)
        self._run = run
        self._somewhere: Any = None
        self._started = False

    def choose(self, items: list[Any]) -> None:
        """Where the second one goes."""
        if len(items) > 1:
            self._somewhere = random.SystemRandom().choice(items[1:])

    def before(self, item: Any) -> None:
        """A test is about to run."""
        if self._names and (not self._started or item is self._somewhere):
            self._started = True
            self._run(canary(self._names.pop(0), item), item)

    def after(self, item: Any, following: Any) -> None:
        """A test has run."""
        if self._names and following is None:
            self._run(canary(self._names.pop(), item), None)


def canary(name: str, item: Any) -> Any:
    """An item of this name beside `item`. It asks for no fixtures: a project's own must not be called once more."""
    parent = item.getparent(pytest.Module) or item.parent
    try:
        nothing = FuncFixtureInfo((), (), [], {})
        return pytest.Function.from_parent(parent, name=name, callobj=must_fail, fixtureinfo=nothing)
    except Exception:  # another pytest, or a parent that holds no functions
        return _Plain.from_parent(parent, name=name)


if import_error is None:

    class _Plain(pytest.Item):
        """The same as an item of its own kind."""

        def runtest(self) -> None:
            """Fail."""
            must_fail()

        def reportinfo(self) -> Any:
            """Where it stands."""
            return self.path, 0, self.name


def run(item: Any, following: Any) -> None:
    """Run an item without its reports going to anyone but the hooks that make them."""
    try:
        runtestprotocol(item, log=False, nextitem=following)
    except Exception:  # a hook of the project that takes every item for one of its own: then it has not passed
        return


def case(name: str) -> unittest.TestCase:
    """The same for unittest."""
    kind: type[unittest.TestCase] = type("CartTest", (unittest.TestCase,), {name: must_fail})
    return kind(name)
