"""What fails in a test that must fail. A file of its own: pytest parses the whole file that a failure stands in."""

from __future__ import annotations

import inspect
from typing import Any

# Asked for the source of a failure, inspect looks for its module among all there are, unless it is noted here.
getattr(inspect, "modulesbyfile", {})[__file__] = __name__


def must_fail(*_: Any) -> None:
    """Fail as a test does."""
    raise AssertionError("1 == 2")
