"""What the tools give back. These types cross the wire."""

from dataclasses import dataclass
from typing import Literal

Isolation = Literal["container", "namespace", "landlock", "seatbelt", "none"]
TestStatus = Literal["passed", "failed", "error", "timeout", "no-tests", "crashed", "killed"]
CandidateStatus = Literal["passed", "failed", "error", "timeout", "invalid"]


@dataclass(frozen=True)
class Frame:
    """One level of a stack, within the workspace."""

    path: str
    """Relative to the workspace."""
    line: int
    function: str
    code: str
    """The source line."""


@dataclass(frozen=True)
class Failure:
    """Why a test failed."""

    test: str
    file: str
    """Where the exception surfaced: the deepest frame of the workspace."""
    line: int
    exception: str
    """The name of its type."""
    message: str
    frames: tuple[Frame, ...]
    """Outermost first; only those within the workspace."""


@dataclass(frozen=True)
class TestReport:
    """What a run of the tests came to."""

    status: TestStatus
    """`error`: something could not be collected or was not found; `crashed`: it ended without a complete report."""
    passed: tuple[str, ...]
    failed: tuple[str, ...]
    errors: tuple[str, ...]
    skipped: tuple[str, ...]
    failures: tuple[Failure, ...]
    stdout: str
    stderr: str
    exit_code: int | None
    duration_s: float
    tree: str
    isolation: Isolation
    gaps: tuple[str, ...]
    """What this isolation does not hold back."""
    coverage: dict[str, dict[str, list[int]]] | None = None
    """Test to path to executed lines; only when asked for."""

    __test__ = False  # for pytest: the name says what it is, not that it is one


@dataclass(frozen=True)
class CommandResult:
    """What a command came to."""

    exit_code: int | None
    """None when it was killed."""
    stdout: str
    stderr: str
    truncated: bool
    """Whether the middle of an output was left out."""
    duration_s: float
    timed_out: bool
    isolation: Isolation
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class CandidateResult:
    """What became of one candidate edit."""

    id: str
    status: CandidateStatus
    detail: str
    """The first failure in a line; empty for one that passed."""


@dataclass(frozen=True)
class Trial:
    """What became of the candidates that were tried, in their order."""

    results: tuple[CandidateResult, ...]
    passing: tuple[str, ...]
    """Those that passed in a fresh sandbox as well."""
    tried: int
    duration_s: float
    isolation: Isolation
    gaps: tuple[str, ...]
    notes: tuple[str, ...]
    """What made the trial slower or less certain than usual."""


@dataclass(frozen=True)
class BackendStatus:
    """Whether one way of isolating works on this machine."""

    name: str
    isolation: Isolation
    works: bool
    why: str
    """Why not; empty when it works."""


@dataclass(frozen=True)
class SandboxStatus:
    """How this server isolates what it runs."""

    isolation: Isolation
    gaps: tuple[str, ...]
    python: str
    backends: tuple[BackendStatus, ...]
