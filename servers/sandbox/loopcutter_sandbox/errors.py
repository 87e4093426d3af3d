"""What can go wrong in the sandbox, apart from what goes wrong in the project it runs.

SandboxError
├── BadInterpreter   the chosen Python is missing, too old or broken
├── NoIsolation      no backend of the demanded strength works here
├── BadCandidate     a candidate edit that fits no file of the tree
├── Refused          the guard turned a command away before it ran
└── Unusable         the sandbox itself failed in the middle of a run
"""


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


class Unusable(SandboxError):
    """The sandbox itself failed in the middle of a run."""
