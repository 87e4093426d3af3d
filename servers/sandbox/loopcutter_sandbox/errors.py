"""What can go wrong in the sandbox, apart from what goes wrong in the project it runs.

SandboxError
├── BadInterpreter   the chosen Python is missing, too old or broken
├── NoIsolation      no backend of the demanded strength works here
├── BadCandidate     a candidate edit that fits no file of the tree
├── Refused          the guard turned a command away before it ran
├── NotAllowed       a place on the network that runs may not reach, or that nobody could name
├── ImageFailed      a project's image can't be built: its dependencies are missing
├── Full             too many runs are waiting already
├── UnknownWorkspace there is no workspace of this name
├── TooMuch          more workspaces, checkpoints or changes than may be kept
└── Unusable         the sandbox itself failed in the middle of a run
"""

import contextlib
from collections.abc import Iterator

from loopcutter_snapshots import SnapshotError


class SandboxError(Exception):
    """What every error of this package is: one sentence on what happened, one on what to do."""


class BadInterpreter(SandboxError):
    """The chosen Python is missing, too old or broken."""


class NoIsolation(SandboxError):
    """No backend of the demanded strength works here."""


class BadCandidate(SandboxError):
    """A candidate edit that fits no file of the tree."""


class Refused(SandboxError):
    """The guard turned a command away before it ran."""


class NotAllowed(SandboxError):
    """A place on the network that runs may not reach, or that nobody could name."""


class ImageFailed(SandboxError):
    """A project's image can't be built."""


class Full(SandboxError):
    """Too many runs are waiting already."""


class UnknownWorkspace(SandboxError):
    """There is no workspace of this name."""


class TooMuch(SandboxError):
    """More workspaces, checkpoints or changes than may be kept."""


class Unusable(SandboxError):
    """The sandbox itself failed in the middle of a run."""


@contextlib.contextmanager
def ungrouped() -> Iterator[None]:
    """What tasks raise comes in groups: out of a group with an error of ours comes that error by itself."""
    try:
        yield
    except BaseExceptionGroup as group:
        found: BaseException | None = group.subgroup((SandboxError, SnapshotError))
        while isinstance(found, BaseExceptionGroup):
            found = found.exceptions[0]
        if found is None:
            raise
        raise found from None
