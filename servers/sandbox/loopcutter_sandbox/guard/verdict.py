"""What the guard says of a command."""

from dataclasses import dataclass
from typing import Literal

Judgement = Literal["allow", "opaque", "block"]


@dataclass(frozen=True)
class Verdict:
    """May this run, and if not: which rule says so, about which part of it, why, and what to do instead."""

    verdict: Judgement
    rule: str = ""
    why: str = ""
    span: tuple[int, int] = (0, 0)
    """Where it stands in the command, in bytes of UTF-8; for a command inside of a quoted one, the quoted one."""


@dataclass(frozen=True)
class Finding:
    """What one rule found in one simple command."""

    verdict: Judgement
    rule: str
    why: str


def block(rule: str, why: str) -> Finding:
    """This must not run."""
    return Finding("block", rule, why)


def opaque(rule: str, why: str) -> Finding:
    """What this does can't be read from the text."""
    return Finding("opaque", rule, why)
