"""What the sandbox asks of a backend in use: run one request on a tree, and say how it went."""

from collections.abc import Callable
from typing import Any, Protocol

from loopcutter_sandbox.isolation import Isolating
from loopcutter_sandbox.limits import Limits
from loopcutter_sandbox.message import Message
from loopcutter_sandbox.process import Ended
from loopcutter_sandbox.workspace import Work

Hear = Callable[[Message], None]
"""Gets each valid message of a run as it comes."""


class Runner(Protocol):
    """Runs requests, each in a place of its own that is gone afterwards."""

    @property
    def backend(self) -> Isolating: ...

    @property
    def python(self) -> str:
        """The interpreter that runs the project."""
        ...

    async def run(self, work: Work, limits: Limits, request: dict[str, Any], hear: Hear | None = None) -> Ended:
        """Carry out `request` on `work`. Cancelling it kills the run."""
        ...

    def close(self) -> None:
        """End and remove whatever is kept ready."""
        ...
