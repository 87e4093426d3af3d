"""How a caller wants tests to be run, and which files of a tree decide about its tests."""

import re
from dataclasses import dataclass
from typing import Any

_SETTINGS = re.compile(r"(.*/)?(conftest\.py|\.?pytest\.(ini|toml)|tox\.ini|setup\.cfg|pyproject\.toml|\.coveragerc)")
_TESTS = re.compile(r"(.*/)?(test_[^/]*|[^/]*_test|tests?)\.py|(.*/)?(tests?|testing)/.*")


@dataclass(frozen=True)
class Wishes:
    """Everything about a run of tests but what to run."""

    coverage: bool = False
    """Tell which lines each test executed."""
    show_locals: bool = False
    """Tell the values of local variables at failures."""
    stop_at_first: bool = False
    """End at the first failure."""
    failed_first: bool = False
    """Begin with the tests that failed when they were last run by this server."""
    test_timeout_s: float = 0
    """A test that takes longer fails and the others go on; 0 for no such limit."""

    def request(self) -> dict[str, Any]:
        """As the runner is told."""
        return {
            "coverage": self.coverage,
            "locals": self.show_locals,
            "stop": self.stop_at_first,
            "test_timeout_s": self.test_timeout_s,
        }


def decides(path: str) -> bool:
    """Whether a file says what the tests are and how they are run: a change to it can make any test pass."""
    return bool(_SETTINGS.fullmatch(path) or _TESTS.fullmatch(path))


def is_setting(path: str) -> bool:
    """Whether a file takes part in a test run without being named: where the base has none, there must be none."""
    return bool(_SETTINGS.fullmatch(path))
