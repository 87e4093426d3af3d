"""Rules on programs in other languages given on the command line: they stay opaque unless the harm is written out."""

import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.other_code import other_deeds
from loopcutter_sandbox.guard.python_code import python_deeds
from loopcutter_sandbox.guard.script import is_python
from loopcutter_sandbox.guard.simple import Simple
from loopcutter_sandbox.guard.verdict import Finding, block
from loopcutter_sandbox.guard.wire import spoken_to

LONGEST = 4_000
"""Characters that are searched; a longer program is as opaque as a shorter one."""
_ENDLESS = (
    r"(?:\bwhile\s*[(\s]*(?:True|true|1)\b|\bfor\s*\(\s*;;\s*\)|\bloop\s*(?:\{|do\b)|\buntil\s+(?:false|0)\b"
    r"|itertools\.count"
    r"|\bforever\b|setInterval|\b\d{4,}\.times\b|\brange\(\s*(?:\d{4,}|10\s*\*\*\s*[4-9])"
    r"|\bfor\s*\(?[^;)]*;[^;]*\d{5,};|1\.\.\d{4,})"
)
_STARTS = r"\b(?:fork|pcntl_fork|vfork|cluster\.fork)\b"
_FORKS = re.compile(
    rf"{_ENDLESS}.*{_STARTS}|{_STARTS}.*\brange\(\s*\d{{4,}}|\bfork\b[^;]*\b(?:while|until)\s+(?:fork|1|0|true"
    rf"|false)\b|\b(?:while|until)\s+!?\s*fork\b"
    r"|\bfork\s*(?:\{|do)\s*(?:exec\W+\$0|load\W|fork\b)|\$0\s*['\"]?\s*&\s*\$0",
    re.DOTALL,
)
_STARTS_MANY = re.compile(
    rf"{_ENDLESS}.*(?:Popen\(|\bspawn\(|multiprocessing\.Process|\bProcess\(|Process\.new|proc_open|os\.spawn\w*\("
    rf"|\bexecFile\()",
    re.DOTALL,
)
_WAITS = re.compile(r"\.(wait|join|communicate|poll)\(|\bsleep\b(?!\(9)|\bbreak\b|waitpid|\bawait\b")
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
    return [*other_deeds(text, simple), *spoken_to(text, simple)]


def program_rules(text: str) -> Iterator[Finding]:
    """What no single deed of it shows."""
    text = text[:LONGEST]
    if _FORKS.search(text) or (_STARTS_MANY.search(text) and not _WAITS.search(text)):
        yield block("fork-bomb", "this starts itself over and over; start a fixed number of processes")
    if _CONNECTS.search(text):
        yield block("network", "this hands a shell to another machine; run the command itself instead")
