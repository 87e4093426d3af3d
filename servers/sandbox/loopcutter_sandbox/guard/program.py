"""Rules on programs in other languages given on the command line: they stay opaque unless the harm is written out."""

import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.other_code import other_deeds
from loopcutter_sandbox.guard.python_code import python_deeds
from loopcutter_sandbox.guard.script import is_python
from loopcutter_sandbox.guard.simple import Simple
from loopcutter_sandbox.guard.verdict import Finding, block

_FORKS = re.compile(
    r"(while\s*[(\s]*(True|1|true)\b.*\bfork\b)|(\bfork\s+while\s+(fork|1)\b)|for\s*\(;;\).*\bfork\b", re.DOTALL
)
_CONNECTS = re.compile(
    r"(\.connect\(|create_connection|fsockopen|TCPSocket|Socket::INET|net\.(connect|Socket)).*"
    r"(dup2|subprocess|child_process|pty\b|/bin/|\bexec\b|spawn)",
    re.DOTALL,
)


def deeds_of(text: str, simple: Simple) -> list[Simple]:
    """What a program given to `simple` would do, said as commands, as far as it is plain to see."""
    if is_python(simple):
        found = python_deeds(text, simple)
        if found is not None:
            return found
    return other_deeds(text, simple)


def program_rules(text: str) -> Iterator[Finding]:
    """What no single deed of it shows."""
    if _FORKS.search(text):
        yield block("fork-bomb", "this starts itself over and over; start a fixed number of processes")
    if _CONNECTS.search(text):
        yield block("network", "this hands a shell to another machine; run the command itself instead")
