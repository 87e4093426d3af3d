"""Rules on what can't be read from a command: words that are computed, programs that are given in other words."""

import itertools
import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.verdict import Finding, opaque

_ACTIVATE = re.compile(r"(.*/)?(bin|Scripts)/activate(\.\w+)?")
_HOOKS = {"LD_PRELOAD", "LD_AUDIT", "BASH_ENV", "ENV", "PROMPT_COMMAND", "PYTHONSTARTUP", "PERL5OPT", "RUBYOPT",
          "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "PERL5DB", "LD_LIBRARY_PATH_64"}  # fmt: skip
_GIT_HOOKS = re.compile(
    r"(alias\.[^=]*=!.*|core\.(pager|editor|sshcommand|fsmonitor|hookspath|askpass|gitproxy)=(?!cat$|true$|$).*"
    r"|diff\.external=.*|.*\.(textconv|command|cmd|helper|clean|smudge)=.*|protocol\.ext\..*)",
    re.IGNORECASE | re.DOTALL,
)


def hidden_rules(simple: Simple, places: Places) -> Iterator[Finding]:
    """All that makes a command unreadable."""
    words, program = simple.words, simple.program
    if words and (UNKNOWN in words[0] or re.search(r"[*?]|\[.+\]", words[0])):
        yield opaque("computed-program", "which program this starts is only known when it runs; write its name")
    for name, value in simple.settings:
        if name in _HOOKS and value:
            yield opaque("hook", f"{name} makes other programs run code; start that code by itself")
    if program in ("source", ".") and simple.arguments and not _activates(simple, places):
        yield opaque("source", "what a sourced file does to this shell can't be told; run it as a script: sh FILE")
    if _smuggles(simple):
        yield opaque("program-in-option", f"{program} is given a program to run in its arguments; run it by itself")


def _activates(simple: Simple, places: Places) -> bool:
    path = simple.arguments[0]
    return bool(_ACTIVATE.fullmatch(path)) and places.kind(path, simple.folder) in ("inside", "scratch")


def _smuggles(simple: Simple) -> bool:
    """Whether a program that is not for that purpose is told to run something."""
    program, arguments = simple.program, simple.arguments
    if program in ("awk", "gawk", "mawk", "nawk"):
        return any(re.search(r"system\s*\(|\|\s*&?\s*(\"|getline)|\"\s*\|\s*getline", word) for word in arguments)
    if program in ("sed", "gsed"):
        return any(
            re.search(r"(^|[;{}\n\d$/])\s*e(\s+\S|$)|^s(.).*\2.*\2[gpiI0-9]*e", word) for word in simple.operands
        )
    if program in ("tar", "bsdtar"):
        return any(
            re.match(r"--(checkpoint-action=exec|to-command|use-compress-program|rsh-command)", a) for a in arguments
        )
    if program == "git":
        if arguments[:1] == ("config",) and len(simple.operands) > 2:
            return bool(_GIT_HOOKS.fullmatch("=".join(simple.operands[1:3])))
        values = [value for option, value in itertools.pairwise(arguments) if option == "-c"]
        return any(map(_GIT_HOOKS.fullmatch, values)) or any(word.startswith("ext::") for word in arguments)
    if program in ("vim", "vi", "nvim", "ex", "ed", "emacs", "view"):
        return any("!" in word or "system(" in word or "--eval" in word for word in arguments)
    if program in ("ssh", "scp", "rsync", "sftp"):
        return any("ProxyCommand" in word for word in arguments)
    if program in ("gdb", "lldb", "expect", "sqlite3", "mysql", "psql"):
        return any(re.match(r"-(ex|c|batch)$|(!|shell |\.shell|\.system|\\!)", word) for word in arguments) and any(
            re.search(r"shell|system|spawn|!|python", word) for word in arguments
        )
    return False
