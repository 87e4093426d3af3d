"""What a detector finds, and what it is asked."""

from dataclasses import dataclass
from typing import Literal, Protocol

from loopcutter_loopguard.history import History
from loopcutter_loopguard.policy import Policy
from loopcutter_loopguard.step import Step

Level = Literal["warn", "block", "rollback"]


@dataclass(frozen=True)
class Finding:
    """A loop, or the beginning of one."""

    level: Level
    kind: str
    key: str
    """The class of calls that go round; a veto covers all of it."""
    reason: str
    steps: tuple[int, ...]
    """The steps it rests on."""
    progress: str
    """What would count as progress."""


class Detector(Protocol):
    """Judges one step in the light of what happened before it.

    `now.answer` is None when the call is only intended; otherwise `now` is the newest step of the history.
    """

    def __call__(self, history: History, now: Step, policy: Policy) -> Finding | None:
        """The loop that `now` belongs to, if it belongs to one."""
        ...
