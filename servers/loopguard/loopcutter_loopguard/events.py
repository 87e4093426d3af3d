"""The facts loopguard judges and the verdicts it gives. These types cross the wire; the host imports them from here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Decision = Literal["allow", "warn", "block", "rollback", "stop"]


@dataclass(frozen=True)
class Call:
    """A tool call that somebody wants to make."""

    server: str
    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tests:
    """Which tests passed and which did not, by id."""

    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of a call. Everything but `call`, `ok` and `text` may be unknown."""

    call: Call
    ok: bool
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    """The tool's structured result; never judged, never kept by loopguard."""
    tests: Tests | None = None
    tree: str | None = None
    """Hash of the workspace after the call."""
    diff: str | None = None
    """Unified diff of what the call changed."""
    checkpoint: str | None = None
    """Handle under which vcs can restore `tree`."""


@dataclass(frozen=True)
class Verdict:
    """The judgement of one call, before it is made."""

    decision: Decision
    kind: str = ""
    """The class of the loop: `near-identical-edit`, `repetition`, `cycle`, …; empty when there is none."""
    reason: str = ""
    evidence: tuple[int, ...] = ()
    """The steps the verdict rests on, counted from 0."""
    progress: str = ""
    """What would count as progress."""
    rollback_to: str | None = None
    """The checkpoint to restore; only with `rollback` (and `stop`, when one is known)."""
    rung: str | None = None
    """The step of the ladder of different approaches that is forced now."""
    directive: str = ""
    """In words, for the next prompt: what was tried, why it failed, what must differ now."""
