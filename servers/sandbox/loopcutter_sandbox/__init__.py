"""Runs tests, commands and candidate edits of an untrusted tree, each in a throw-away workspace, isolated.

A tree arrives as git objects and is named by its hash. What runs it is the strongest isolation that passes a real
probe on this machine, and every result says which that was and what it leaves open.
"""

from loopcutter_sandbox.errors import (
    BadCandidate,
    BadInterpreter,
    NoIsolation,
    Refused,
    SandboxError,
)
from loopcutter_sandbox.report import (
    BackendStatus,
    CandidateResult,
    CommandResult,
    Failure,
    Frame,
    SandboxStatus,
    TestReport,
    Trial,
)

__all__ = [
    "BackendStatus",
    "BadCandidate",
    "BadInterpreter",
    "CandidateResult",
    "CommandResult",
    "Failure",
    "Frame",
    "NoIsolation",
    "Refused",
    "SandboxError",
    "SandboxStatus",
    "TestReport",
    "Trial",
]
