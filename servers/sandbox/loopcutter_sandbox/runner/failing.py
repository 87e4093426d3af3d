"""What fails in a test that must fail. A file of its own: pytest parses the whole file that a failure stands in."""

from __future__ import annotations

from typing import Any


def must_fail(*_: Any) -> None:
    """Fail as a test does."""
    raise AssertionError("1 == 2")
