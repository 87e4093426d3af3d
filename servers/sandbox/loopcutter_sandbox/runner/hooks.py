"""Notices hooks that stand between a test and its result and came from nowhere a project declares them.

A project's hooks belong into its `conftest.py` and its plugins, which are there when collection begins. Code under test
that finds pytest's manager and adds one of its own is seen here, before the next test and after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .sources import file_of

JUDGING = (
    "pytest_runtest_protocol",
    "pytest_runtest_setup",
    "pytest_runtest_call",
    "pytest_runtest_teardown",
    "pytest_runtest_makereport",
    "pytest_runtest_logreport",
    "pytest_pyfunc_call",
)


class Hooks:
    """The implementations there are, from the moment when collection begins."""

    def __init__(self, callers: Any, root: str) -> None:
        self._callers = [getattr(callers, name) for name in JUDGING if hasattr(callers, name)]
        self._root = root
        self._known = {id(one): one for one in self._all()}  # held, so that no other gets its identity

    def added(self) -> str:
        """A hook that the project has added since, outside of its `conftest.py` files, in words, or nothing."""
        for one in self._all():
            if id(one) not in self._known:
                self._known[id(one)] = one
                file = file_of(one.function)
                if file.startswith(self._root) and not file.endswith("conftest.py"):
                    return f"{one.function.__name__} of {file[len(self._root) :].lstrip('/')}"
        return ""

    def calls_tests(self) -> bool:
        """Whether the project has a hook of its own that may call tests, or pretend to have."""
        return any(
            one.function.__name__ == "pytest_pyfunc_call"
            and not _wraps(one)
            and file_of(one.function).startswith(self._root)
            for one in self._all()
        )

    def _all(self) -> Iterator[Any]:
        for caller in self._callers:
            yield from caller.get_hookimpls()


def _wraps(one: Any) -> bool:
    return bool(one.hookwrapper or getattr(one, "wrapper", False))
