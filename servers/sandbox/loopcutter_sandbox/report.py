"""What the tools give back. These types cross the wire."""

from dataclasses import dataclass
from typing import Literal

Isolation = Literal["container", "namespace", "landlock", "seatbelt", "none"]
TestStatus = Literal["passed", "failed", "error", "timeout", "no-tests", "crashed", "out-of-memory", "killed"]
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
    locals: dict[str, str] | None = None
    """The values of its variables as text; only when asked for."""


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
    restored: tuple[str, ...] = ()
    """Tests and test settings that differed from the base and were put back for this run."""
    notes: tuple[str, ...] = ()
    """What people should know of this run; also at the beginning of `stderr`."""
    workspace: str = ""
    """The workspace it ran in, if it was none to be thrown away."""
    state: str = ""
    """The state that workspace is in now."""

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
    out_of_memory: bool = False
    """Something of it was killed, for all of it together used more memory than it may."""
    out_of_disk: bool = False
    """The workspace had no room left."""
    left_out: tuple[str, ...] = ()
    """What it made and a workspace can't keep: pipes, sockets, devices."""
    workspace: str = ""
    """The workspace it ran in, if it was none to be thrown away."""
    state: str = ""
    """The state that workspace is in now."""


@dataclass(frozen=True)
class WorkspaceState:
    """A workspace that stays until it is given up."""

    workspace: str
    """Its name: give it to run_tests, run_command, checkpoint, restore and diff."""
    state: str
    """The state it is in; can be restored, compared with, and given wherever a tree is asked for."""
    files: int
    label: str
    isolation: Isolation
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class FileChange:
    """One path that is different."""

    path: str
    change: Literal["added", "removed", "modified", "permissions"]
    kind: Literal["file", "link", "folder"]
    permissions: str
    """In octal, as they are now; empty for what is gone."""
    size: int
    """In bytes, now."""


@dataclass(frozen=True)
class WorkspaceDiff:
    """What is different in a workspace."""

    since: str
    """The state that was compared with."""
    state: str
    files: tuple[FileChange, ...]
    patch: str
    """Unified, for text of moderate length."""
    truncated: bool
    """Whether files or parts of the patch were left out."""
    isolation: Isolation
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Cleanup:
    """What was given up."""

    workspaces: tuple[str, ...]
    checkpoints: int
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
    """What became of the candidates that were tried, in the order in which they came."""

    results: tuple[CandidateResult, ...]
    passing: tuple[str, ...]
    """Those that passed in a fresh sandbox as well."""
    tried: int
    weights: dict[str, float]
    """What candidates weigh that another one has weighed, tried or not; what weighs nothing was left out."""
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
