"""Rules on what can't be read from a command: words that are computed, programs that are given in other words."""

import itertools
import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.option import commands_in_options
from loopcutter_sandbox.guard.output import FOUND
from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.simple import AWKS, UNKNOWN, Simple
from loopcutter_sandbox.guard.verdict import Finding, block, opaque
from loopcutter_sandbox.guard.windows import is_encoded

_ACTIVATE = re.compile(r"(.*/)?(bin|Scripts)/activate(\.\w+)?")
_TRANSPORTS = {"GIT_SSH_COMMAND", "GIT_SSH", "GIT_PROXY_COMMAND"}
_TRANSPORT = re.compile(r"core\.(sshcommand|gitproxy)=(.*)", re.IGNORECASE | re.DOTALL)
_SSH = re.compile(r"(\S*/)?(ssh|plink|tortoiseplink)(\.exe)?(\s.*)?", re.DOTALL)
_ANY_TRANSPORT = re.compile(r"(.*=)?ext::.*|protocol\.(ext\.)?allow=(always|user)", re.IGNORECASE | re.DOTALL)
_HOOKS = {"LD_PRELOAD", "LD_AUDIT", "BASH_ENV", "ENV", "PROMPT_COMMAND", "PYTHONSTARTUP", "PERL5OPT", "RUBYOPT",
          "GIT_EXTERNAL_DIFF", "PERL5DB", "LD_LIBRARY_PATH_64"}  # fmt: skip
_GIT_FOLDER = re.compile(r"(core\.hookspath|init\.templatedir|protocol\.ext\..*)=.+", re.IGNORECASE)


def hidden_rules(simple: Simple, places: Places) -> Iterator[Finding]:
    """All that makes a command unreadable."""
    words, program = simple.words, simple.program
    if words and (UNKNOWN in words[0] or re.search(rf"[*?]|\[.+\]|/{FOUND}$", words[0])):
        yield opaque("computed-program", "which program this starts is only known when it runs; write its name")
    if simple.disguised or is_encoded(simple):
        yield opaque("encoded", "it runs a payload that is decoded first; write the command in plain words")
    yield from _transports(simple)
    for name, value in simple.settings:
        if name in _HOOKS and value:
            yield opaque("hook", f"{name} makes other programs run code; start that code by itself")
    if _computed(simple):
        yield opaque("hidden-program", f"what {program} is told to do is only known when it runs; write it out")
    if program in ("source", ".") and simple.arguments and not _activates(simple, places):
        yield opaque("source", "what a sourced file does to this shell can't be told; run it as a script: sh FILE")
    if _smuggles(simple):
        if program == "git" and simple.has("--global", "--system"):
            yield block("persistence", "git would run this for everybody from now on; set it for the workspace alone")
        yield opaque("program-in-option", f"{program} is given a program to run in its arguments; run it by itself")


def _computed(simple: Simple) -> bool:
    """Whether the whole program of a tool that can start others is computed."""
    program, files = simple.program, simple.value("-f", "--file", "--expression", "-e")
    made = files is not None and files.startswith("/dev/fd/")
    if program in (*AWKS, "sed", "gsed"):
        return made or UNKNOWN in (files or "")[:1] or (files is None and simple.operands[:1] == (UNKNOWN,))
    return program in ("make", "gmake", "just") and (made or UNKNOWN in (files or ""))


def _transports(simple: Simple) -> Iterator[Finding]:
    """What git is told to run in the place of ssh, or as an address."""
    commands = [value for name, value in simple.settings if name in _TRANSPORTS]
    if simple.program == "git":
        if any(map(_ANY_TRANSPORT.fullmatch, simple.arguments)):
            yield block("program-in-option", "an address ext:: makes git run any program; use https or ssh")
        said = [value for option, value in itertools.pairwise(simple.arguments) if option == "-c"]
        said.append("=".join(simple.operands[1:3]) if simple.operands[:1] == ("config",) else "")
        commands += [match[2] for match in map(_TRANSPORT.fullmatch, said) if match]
    for command in commands:
        if UNKNOWN in command:
            yield opaque("hook", "what git would run in the place of ssh is only known when it runs")
        elif command and not _SSH.fullmatch(command):
            yield block("program-in-option", "git would run another program in the place of ssh; run it by itself")


def _activates(simple: Simple, places: Places) -> bool:
    path = simple.arguments[0]
    return bool(_ACTIVATE.fullmatch(path)) and places.kind(path, simple.folder) in ("inside", "scratch")


def _smuggles(simple: Simple) -> bool:
    """Whether a program that is not for that purpose is told to run something."""
    program, arguments = simple.program, simple.arguments
    if program in AWKS:
        return any(
            re.search(r"system\s*\(|\|\s*&?\s*(\"|getline|\w+\s*[;}])|\"\s*\|&?\s*getline", word) for word in arguments
        )
    if program == "git":
        pairs = [*itertools.pairwise(arguments), ("-c", "=".join(simple.operands[1:3]))]
        if any(option == "-c" and _GIT_FOLDER.fullmatch(value) for option, value in pairs):
            return True
    return bool(commands_in_options(simple))
