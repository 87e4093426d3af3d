"""Says what a command prints, where that can be told from its words: for substitutions, `xargs` and `read`."""

import posixpath
import re

from loopcutter_sandbox.guard.decoding import decoded
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple

FOUND = "found"
"""The name of the stand-in for a file that is found when it runs, see `stand_in`."""
_PATHS = {"ls", "git", "grep", "rg", "egrep", "fgrep", "fd", "fdfind"}
_PASS_ON = {"head", "tail", "sort", "uniq", "grep", "egrep", "tee", "cat", "tac", "shuf"}


def printed(commands: tuple[Simple, ...], places_root: str) -> tuple[str, ...]:
    """The words that `commands` print: literal ones, a stand-in for paths that are found, or `UNKNOWN`."""
    if not commands:
        return (UNKNOWN,)
    found: list[str] = []
    for command in commands:
        found += _printed(command, places_root)
    return tuple(dict.fromkeys(found))[:16]


def _printed(command: Simple, root: str) -> list[str]:
    program, operands = command.program, command.operands
    fed = command.document
    plain = decoded(command, lambda: fed if fed is not None else "".join(printed(command.upstream, root)))
    if plain:
        return [plain]
    if program == "dirname" and len(operands) == 1 and UNKNOWN not in operands[0]:
        return [posixpath.dirname(operands[0]) or "."]
    if program == "basename" and len(operands) == 1 and UNKNOWN not in operands[0]:
        return [posixpath.basename(operands[0].rstrip("/"))]
    if program in ("realpath", "readlink") and len(operands) == 1:
        return [operands[0]]
    if program in _PASS_ON and command.upstream:
        return list(printed(command.upstream, root))
    if program == "cat" and command.document is not None and not operands:
        return [command.document]
    if program == "echo":
        text = " ".join(word for word in command.arguments if word not in ("-n", "-e", "-ne", "-en", "-E"))
        return [_unescaped(text) if command.has("-e") else text]
    if program == "ps" or (program in ("pgrep", "pidof") and command.has("-u", "-U", "--euid")):
        return ["-1"]  # processes that the run has not started are among them
    if program in ("awk", "cut", "tr", "sed") and any(source.program == "ps" for source in command.upstream):
        return ["-1"]
    if program == "printf" and operands:
        return [_formatted(operands)]
    if program == "pwd":
        return [command.folder]
    if program == "mktemp":
        return ["/tmp/made-by-mktemp"]
    if program == "which" or command.words[:2] == ("command", "-v"):
        return [command.arguments[-1]] if command.arguments else [UNKNOWN]
    if program == "git" and "--show-toplevel" in command.arguments:
        return [root]
    if program == "find":
        return [f"{start}/{FOUND}" for start in found_from(command)]
    if program in _PATHS and command.words[1:2] not in (("log",), ("show",), ("config",)):
        starts = [word for word in operands if word.startswith(("/", "~", ".."))]
        return [f"{start}/{FOUND}" for start in starts] or [f"./{FOUND}"]
    if program in ("nproc", "wc", "date", "id", "uname"):
        return ["1"]
    return [UNKNOWN]


_ESCAPE = re.compile(r"\\(?:([4-7][0-7]{2}|[^\\'\"abfnrtv0-7xuUN\n])|.)", re.DOTALL)
"""An escape; in its group one that means nothing, of which Python warns."""


def _formatted(operands: tuple[str, ...]) -> str:
    text = operands[0]
    for value in operands[1:]:
        text = re.sub(r"%[sb]", lambda _: value, text, count=1)  # noqa: B023 - called at once
    return _unescaped(text)


def _unescaped(text: str) -> str:
    """What `echo -e` and `printf` make of escapes."""
    try:
        text = _ESCAPE.sub(lambda found: "\\" * bool(found[1]) + found[0], text)
        return text.encode("latin-1", "backslashreplace").decode("unicode_escape").replace("\0", UNKNOWN)
    except UnicodeDecodeError:
        return text


def stand_in(folder: str) -> str:
    """A path for whatever is found in `folder` when it runs."""
    return f"{folder.rstrip('/')}/{FOUND}"


def found_from(command: Simple) -> tuple[str, ...]:
    """The folders in which `find` starts."""
    starts = []
    for word in command.arguments:
        if word.startswith(("-", "(", "!")) and word not in ("-H", "-L", "-P"):
            break
        if not word.startswith("-"):
            starts.append(word)
    return tuple(starts) or (".",)
