"""Reads a test command: pytest and unittest can be asked for a report by test, anything else for an exit code."""

import re
import shlex
from dataclasses import dataclass
from typing import Literal

_SHELL = re.compile(r"[;&|<>$`(){}*?~\n\\!#]")
"""Marks by which a shell would do more than pass words on; inside quotes they are harmless."""

_PYTHON = re.compile(r"python(3(\.\d+)?)?")
_WORKERS = re.compile(r"(-n|--numprocesses|--dist|--tx)(=.*|\d+|auto)?")


@dataclass(frozen=True)
class Suite:
    """A test framework and its arguments."""

    framework: Literal["pytest", "unittest"]
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shell:
    """Anything else."""

    command: str


def understand(command: str) -> Suite | Shell:
    """What `command` asks for; an empty one asks for pytest's default."""
    if not command.strip():
        return Suite("pytest")
    words = _words(command)
    if words is None:
        return Shell(command)
    first = words[0].rpartition("/")[2]
    if first in ("pytest", "py.test"):
        return Suite("pytest", _without_workers(words[1:]))
    if _PYTHON.fullmatch(first) and words[1:2] == ["-m"] and words[2:3] in (["pytest"], ["unittest"]):
        if words[2] == "pytest":
            return Suite("pytest", _without_workers(words[3:]))
        return Suite("unittest", tuple(words[3:]))
    return Shell(command)


def _words(command: str) -> list[str] | None:
    """The words, or None when a shell would make more of the text than words."""
    bare = re.sub(r"'[^']*'|\"[^\"$`\\]*\"", "", command)
    if _SHELL.search(bare):
        return None
    try:
        return shlex.split(command)
    except ValueError:  # a quotation mark without its fellow
        return None


def _without_workers(words: list[str]) -> tuple[str, ...]:
    """Without what would hand the tests to other processes, whose results could not be seen from here."""
    kept: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif _WORKERS.fullmatch(word):
            skip = word in ("-n", "--numprocesses", "--dist", "--tx")
        else:
            kept.append(word)
    return tuple(kept)
