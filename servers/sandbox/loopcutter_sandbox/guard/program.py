"""Rules on programs in other languages given on the command line: they stay opaque unless the harm is written out."""

import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.simple import Simple
from loopcutter_sandbox.guard.verdict import Finding, block

_REMOVES = re.compile(
    r"(?:rmtree|remove_tree|removedirs|rmdir|unlink|remove|rm_rf|rm_r|rmSync|rmdirSync|unlinkSync|rmdir_r)\s*[(\s]\s*"
    r"(?:Path\()?[rb]?(['\"])(?P<path>[^'\"]+)\1"
)
_FORKS = re.compile(r"(while\s*[(\s]*(True|1|true)\b.*\bfork\b)|(\bfork\s+while\s+fork\b)", re.DOTALL)
_CONNECTS = re.compile(
    r"(\.connect\(|create_connection|fsockopen|TCPSocket|Socket::INET|net\.(connect|Socket)).*"
    r"(dup2|subprocess|child_process|pty\b|/bin/|\bexec\b|spawn)",
    re.DOTALL,
)
_STARTS = re.compile(
    r"\b(?:system|popen2?|run|call|check_call|check_output|Popen|exec|execSync|spawnSync|shell_exec|passthru|getoutput)"
    r"\s*\(?\s*[rbf]?(['\"])(?P<command>.+?)\1"
)


def commands_in(text: str) -> list[str]:
    """The shell commands that a program in another language starts, as far as they are written out."""
    return [match["command"] for match in _STARTS.finditer(text)][:20]


def program_rules(text: str, simple: Simple, places: Places) -> Iterator[Finding]:
    """What is plain to see in a program in another language."""
    for match in _REMOVES.finditer(text):
        path = match["path"]
        if path.startswith(("/", "~", "..")) and places.kind(path, simple.folder) in ("outside", "device"):
            yield block(
                "delete-outside",
                f"this {simple.program} program removes {path}, outside of the workspace; name paths inside of it",
            )
    if _FORKS.search(text):
        yield block("fork-bomb", "this starts itself over and over; start a fixed number of processes")
    if _CONNECTS.search(text):
        yield block("network", "this hands a shell to another machine; run the command itself instead")
