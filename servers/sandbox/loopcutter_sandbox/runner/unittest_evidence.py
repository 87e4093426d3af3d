"""Looks for forgery in runs by unittest, as `evidence` does in those by pytest."""

from __future__ import annotations

import inspect
import sys
import unittest
from typing import Any

from .exchange import Exchanges, Place
from .raised import Raised, listen_to_unittest


class Evidence:
    """What speaks against the results of tests below `root`; `demanded` are the paths of files with tests."""

    def __init__(self, root: str, demanded: list[str]) -> None:
        self._exchanges = Exchanges(root, demanded)
        self._raised = Raised(root)
        listen_to_unittest(self._raised)

    def before(self, test: unittest.TestCase, identity: str) -> str:
        """What has happened to a test that is about to run, in words, or nothing."""
        self._raised.begin()
        place = _place(test, identity)
        found = self._exchanges.of_code(place)
        self._exchanges.begin(getattr(type(test), place.name, None), place.file)
        return found

    def after(self, test: unittest.TestCase, identity: str, outcome: str) -> str:
        """The same for one that has come to `outcome`."""
        self._exchanges.called()
        found = self._exchanges.of_variables() or self._exchanges.of_others()
        found = found or self._exchanges.of_code(_place(test, identity))
        return found or self._raised.against(outcome)


def _place(test: unittest.TestCase, identity: str) -> Place:
    kind = type(test)
    try:
        file = inspect.getfile(kind)
    except (TypeError, OSError):  # made by hand, of no file
        file = ""
    own = vars(test).get(test._testMethodName)
    return Place(file, test._testMethodName, kind, sys.modules.get(kind.__module__), identity, own)


def protected() -> tuple[Any, ...]:
    """The classes that nobody may change meanwhile."""
    return (Evidence, Raised, Exchanges, *Exchanges.PARTS)
