"""What can go wrong in loopguard, said in one sentence, with what to do about it in another.

LoopguardError
├── PolicyError       the policy file says something the judge can't follow
├── RecordingError    a recording can't be read; names the line
├── StoreError        the history on disk can't be opened or was made by a newer version
└── UnknownRun        no run has this handle
"""


class LoopguardError(Exception):
    """Something loopguard was asked for can't be done; the message says what to do."""


class PolicyError(LoopguardError):
    """The policy file says something the judge can't follow."""


class RecordingError(LoopguardError):
    """A recording can't be read."""

    def __init__(self, source: str, line: int, what: str) -> None:
        where = f"{source}, line {line}" if line else source
        super().__init__(f"{where}: {what}")
        self.line = line


class StoreError(LoopguardError):
    """The history on disk can't be opened."""


class UnknownRun(LoopguardError):
    """No run has this handle."""

    def __init__(self, run: str) -> None:
        super().__init__(f"no run {run!r} is known here. Start one with `begin` and pass the handle it returns.")
