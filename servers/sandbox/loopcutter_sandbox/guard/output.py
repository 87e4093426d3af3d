"""Says what a command prints, where that can be told from its words: for substitutions, `xargs` and `read`."""

import posixpath
import re

from loopcutter_sandbox.guard.decoding import decoded
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple

FOUND = "found"
"""The name of the stand-in for a file that is found when it runs, see `stand_in`."""
_PATHS = {"ls", "git", "grep", "rg", "egrep", "fgrep", "fd", "fdfind"}
_SERVICES = re.compile(r"systemd.*|init|sshd|dockerd|containerd|cron|dbus.*|login|getty")
_ALL_OF_IT = {"sort", "uniq", "tee", "cat", "tac", "shuf"}
_PASS_ON = {"head", "tail", "sort", "uniq", "grep", "egrep", "tee", "cat", "tac", "shuf"}


Known = dict[int, tuple[str, ...]]
"""What was found of commands that others read from, by their identity, so that nothing is looked at twice."""


def printed(commands: tuple[Simple, ...], places_root: str, known: Known | None = None) -> tuple[str, ...]:
    """The words that `commands` print: literal ones, a stand-in for paths that are found, or `UNKNOWN`."""
    if not commands:
        return (UNKNOWN,)
    known = {} if known is None else known
    if id(commands) not in known:  # all parts of a group read from the same commands
        known[id(commands)] = _all_printed(commands, places_root, known)
    return known[id(commands)]


def _all_printed(commands: tuple[Simple, ...], places_root: str, known: Known) -> tuple[str, ...]:
    found: list[str] = []
    for command in commands:
        found += _printed(command, places_root, known)
    return tuple(dict.fromkeys(found))[:16]


def _printed(command: Simple, root: str, known: Known) -> list[str]:
    program, operands = command.program, command.operands
    fed = command.document
    plain = decoded(command, lambda: fed if fed is not None else "".join(printed(command.upstream, root, known)))
    if plain:
        return [plain]
    if program == "dirname" and len(operands) == 1 and UNKNOWN not in operands[0]:
        return [posixpath.dirname(operands[0]) or "."]
    if program == "basename" and len(operands) == 1 and UNKNOWN not in operands[0]:
        return [posixpath.basename(operands[0].rstrip("/"))]
    if program in ("realpath", "readlink") and len(operands) == 1:
        return [operands[0]]
    if program in _PASS_ON and command.upstream:
        passed = list(printed(command.upstream, root, known))
        return passed if program in _ALL_OF_IT else [re.sub(r"/\*$", f"/{FOUND}", line) for line in passed]
    if program == "cat" and command.document is not None and not operands:
        return [command.document]
    if program == "echo":
        text = " ".join(word for word in command.arguments if word not in ("-n", "-e", "-ne", "-en", "-E"))
        return [_unescaped(text) if command.has("-e") else text]
    if program == "ps" or (program in ("pgrep", "pidof") and command.has("-u", "-U", "--euid")):
        return ["-1"]  # processes that the run has not started are among them
    if program in ("pgrep", "pidof") and any(map(_SERVICES.fullmatch, operands)):
        return ["-1"]
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
    listed = _listed(command)
    if listed:
        return listed
    if program in _PATHS and command.words[1:2] not in (("log",), ("show",), ("config",)):
        starts = [word for word in operands if word.startswith(("/", "~", ".."))]
        return [f"{start}/{FOUND}" for start in starts] or [f"./{FOUND}"]
    if program in ("nproc", "wc", "date", "id", "uname"):
        return ["1"]
    return [UNKNOWN]


def _listed(command: Simple) -> list[str]:
    """All that lies in a folder, where `ls` or `git ls-files` lists it without choosing."""
    if command.program == "ls":
        folders = command.operands
    elif command.words[:2] == ("git", "ls-files") and not command.flags:
        folders = command.operands[1:]
    else:
        return []
    if any(re.search(r"[*?[\]]|\.\w", folder) for folder in folders) or command.has("-d"):
        return []
    return [f"{folder.rstrip('/')}/*" for folder in folders or (".",)]


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


_FILTERS = re.compile(
    r"-(i?name|i?path|i?regex|i?wholename|mtime|mmin|atime|amin|ctime|cmin|size|empty|newer\w*|user|group|perm"
    r"|links|samefile|inum|lname|nouser|nogroup"
    r"|xtype|executable|readable|writable)"
)


def filtered(command: Simple) -> bool:
    """Whether `find` takes only some of what lies there; `-type f`, or `-name '*'`, leaves nothing that matters."""
    words = command.arguments
    return any(
        (_FILTERS.fullmatch(word) and after not in ("*", "**", "*.*"))
        or (word == "-type" and after not in ("f", "d", "f,d", "d,f"))
        for word, after in zip(words, (*words[1:], ""), strict=True)
    )


def found_from(command: Simple) -> tuple[str, ...]:
    """The folders in which `find` starts."""
    starts = []
    for word in command.arguments:
        if word.startswith(("-", "(", "!")) and word not in ("-H", "-L", "-P"):
            break
        if not word.startswith("-"):
            starts.append(word)
    return tuple(starts) or (".",)
