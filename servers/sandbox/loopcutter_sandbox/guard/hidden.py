"""Rules on what can't be read from a command: words that are computed, programs that are given in other words."""

import itertools
import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.option import commands_in_options
from loopcutter_sandbox.guard.output import FOUND
from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.verdict import Finding, block, opaque

_ACTIVATE = re.compile(r"(.*/)?(bin|Scripts)/activate(\.\w+)?")
_HOOKS = {"LD_PRELOAD", "LD_AUDIT", "BASH_ENV", "ENV", "PROMPT_COMMAND", "PYTHONSTARTUP", "PERL5OPT", "RUBYOPT",
          "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "PERL5DB", "LD_LIBRARY_PATH_64"}  # fmt: skip
_GIT_FOLDER = re.compile(r"(core\.hookspath|init\.templatedir|protocol\.ext\..*)=.+", re.IGNORECASE)


def hidden_rules(simple: Simple, places: Places) -> Iterator[Finding]:
    """All that makes a command unreadable."""
    words, program = simple.words, simple.program
    if words and (UNKNOWN in words[0] or re.search(rf"[*?]|\[.+\]|/{FOUND}$", words[0])):
        yield opaque("computed-program", "which program this starts is only known when it runs; write its name")
    for name, value in simple.settings:
        if name in _HOOKS and value:
            yield opaque("hook", f"{name} makes other programs run code; start that code by itself")
    if program in ("source", ".") and simple.arguments and not _activates(simple, places):
        yield opaque("source", "what a sourced file does to this shell can't be told; run it as a script: sh FILE")
    if _smuggles(simple):
        if program == "git" and simple.has("--global", "--system"):
            yield block("persistence", "git would run this for everybody from now on; set it for the workspace alone")
        yield opaque("program-in-option", f"{program} is given a program to run in its arguments; run it by itself")


def _activates(simple: Simple, places: Places) -> bool:
    path = simple.arguments[0]
    return bool(_ACTIVATE.fullmatch(path)) and places.kind(path, simple.folder) in ("inside", "scratch")


def _smuggles(simple: Simple) -> bool:
    """Whether a program that is not for that purpose is told to run something."""
    program, arguments = simple.program, simple.arguments
    if program in ("awk", "gawk", "mawk", "nawk"):
        return any(re.search(r"system\s*\(|\|\s*&?\s*(\"|getline)|\"\s*\|\s*getline", word) for word in arguments)
    if program == "git":
        pairs = [*itertools.pairwise(arguments), ("-c", "=".join(simple.operands[1:3]))]
        if any(option == "-c" and _GIT_FOLDER.fullmatch(value) for option, value in pairs):
            return True
    return bool(commands_in_options(simple))
