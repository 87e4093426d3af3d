"""Why the host ends a run or refuses to start one. The exit code stands with the class.

HostError                 1   something of its own went wrong
├── BadUsage              2   a wrong flag, a wrong file, a repository it can't work on
│   └── BadConfiguration  2   a setting that can't be
├── NotSolved             3   the run ended without a verified fix
├── Missing               4   something it needs is missing or can't be reached
└── ToolFailed            1   a tool said no where the run can't go on without it

RollbackForced                the guard wants the workspace back at a checkpoint
GuardStopped                  the guard ended the run
ModelFailed                   a model gave no usable answer
"""

from loopcutter_loopguard.events import Verdict


class HostError(Exception):
    """What happened in one sentence, and what to do in another."""

    exit_code = 1

    def __init__(self, happened: str, remedy: str = "") -> None:
        super().__init__(f"{happened} {remedy}".strip())
        self.happened = happened
        self.remedy = remedy


class BadUsage(HostError):
    """A wrong flag, a wrong file, or a repository it can't work on."""

    exit_code = 2


class BadConfiguration(BadUsage):
    """A setting that is unknown or can't have this value."""


class NotSolved(HostError):
    """The run ended without a verified fix."""

    exit_code = 3


class Missing(HostError):
    """Something it needs is missing or can't be reached."""

    exit_code = 4


class ToolFailed(HostError):
    """A tool said no where the run can't go on without it; its words are the message."""


class RollbackForced(Exception):
    """The guard wants the workspace back at a checkpoint, and another approach."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class GuardStopped(Exception):
    """The guard ended the run: every approach it knows was tried."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class ModelFailed(Exception):
    """A model gave no usable answer, however it was asked."""
