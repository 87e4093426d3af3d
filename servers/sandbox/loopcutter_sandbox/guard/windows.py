"""Says in a shell's words what is plain to see in a command line for PowerShell or `cmd`."""

import base64
import re
from collections.abc import Iterator
from dataclasses import replace

from loopcutter_sandbox.guard.simple import Simple, Write

_SHELLS = re.compile(r"(powershell|pwsh|cmd)(\.exe)?", re.IGNORECASE)
_WORD = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s\"']+)")
_STEPS = re.compile(r"\s*(?:;|&&|\|\||&|\||\n)\s*")
_REMOVE = {"del", "erase", "rd", "rmdir", "rm", "ri", "remove-item", "clear-content", "clc", "clear-item"}
_WRITE = {
    "set-content", "add-content", "out-file", "new-item", "ni", "sc", "ac", "tee-object", "export-csv", "copy",
    "copy-item", "cpi", "cp", "move", "move-item", "mi", "mv", "ren", "rename-item", "xcopy", "robocopy",
    "mklink", "md", "mkdir", "icacls", "attrib", "set-acl",
}  # fmt: skip
_FETCH = {
    "invoke-webrequest",
    "iwr",
    "invoke-restmethod",
    "irm",
    "curl",
    "wget",
    "start-bitstransfer",
    "test-netconnection",
}
_MACHINE = re.compile(
    r"(stop|restart)-(computer|service)|(set|remove|new|disable|enable|suspend)-(service|executionpolicy"
    r"|localuser|localgroup\w*"
    r"|netfirewall\w*|itemproperty|mppreference|scheduledtask|netadapter|vm|smbshare)|(format|clear"
    r"|initialize)-(volume|disk)"
    r"|register-scheduledtask|uninstall-\w+|stop-process|clear-eventlog|clear-recyclebin",
    re.IGNORECASE,
)
_RUNS_TEXT = re.compile(r"\b(iex|invoke-expression)\b", re.IGNORECASE)
_PLACES = re.compile(r"\$home|\$env:\w+|%\w+%", re.IGNORECASE)
_DRIVE = re.compile(r"([A-Za-z]):[\\/]?")


def windows_script(simple: Simple) -> str | None:
    """The text that a shell of Windows is given, if it is one."""
    if simple.program.lower() in ("del", "erase", "rd", "remove-item", "clear-content"):
        return " ".join(simple.words)
    if not _SHELLS.fullmatch(simple.program):
        return None
    words = list(simple.arguments)
    for position, word in enumerate(words):
        if re.fullmatch(r"/[ckr]|-c(ommand)?", word, re.IGNORECASE):
            return " ".join(words[position + 1 :])
        if re.fullmatch(r"-e(nc(odedcommand)?)?", word, re.IGNORECASE):
            return _decoded("".join(words[position + 1 : position + 2]))
    return " ".join(words) if words and not words[0].startswith(("-", "/")) else None


def is_encoded(simple: Simple) -> bool:
    """Whether a shell of Windows is given its command in base64."""
    return _SHELLS.fullmatch(simple.program) is not None and any(
        re.fullmatch(r"-e(c|nc(odedcommand)?)?", word, re.IGNORECASE) for word in simple.arguments
    )


def _decoded(text: str) -> str:
    """A command that was encoded; as it stands if it is none."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-16-le")
    except ValueError:
        return text


def windows_deeds(text: str, simple: Simple) -> Iterator[Simple]:
    """What it would do, as commands in the place of `simple`."""
    bare = replace(simple, upstream=(), document=None, reads=(), writes=())
    if _RUNS_TEXT.search(text) and re.search(r"https?://|downloadstring|frombase64", text, re.IGNORECASE):
        fetched = replace(bare, words=("curl", "http://elsewhere.invalid"))
        yield replace(bare, words=("sh",), upstream=(fetched,))
    for step in _STEPS.split(text):
        words = [next(filter(None, found), "") for found in _WORD.findall(step)]
        if words:
            yield from _done([word.strip("(){}") for word in words], bare)


def _done(words: list[str], bare: Simple) -> Iterator[Simple]:
    verb = words[0].lower().removesuffix(".exe")
    given = [word for word in words[1:] if not re.fullmatch(r"[-/][A-Za-z][\w-]*(:\w*)?", word)]
    paths = [_path(word) for word in given]
    if verb in _REMOVE:
        yield replace(bare, words=("rm", "-rf", *paths))
    elif verb in _WRITE:
        outside = [path for path in paths if path.startswith(("/", "~", ".."))]
        yield replace(bare, words=(verb,), writes=tuple(map(Write, outside)))
    elif verb in _FETCH:
        yield replace(bare, words=("curl", *given))
    elif _MACHINE.fullmatch(verb):
        yield replace(bare, words=("systemctl", "stop", verb))
    elif "runas" in [word.lower() for word in words]:
        yield replace(bare, words=("sudo", verb))
    else:
        yield replace(bare, words=(verb, *words[1:]))
    for sign, target in re.findall(r"(>>?)\s*(\S+)", " ".join(words)):
        yield replace(bare, words=(verb,), writes=(Write(_path(target)),) if sign else ())


def _path(word: str) -> str:
    """A path of Windows as one of the shell: what lies on a drive or in a variable's folder is outside."""
    word = _PLACES.sub("~", word)
    word = _DRIVE.sub(lambda found: f"/mnt/{found[1].lower()}/", word, count=1) if _DRIVE.match(word) else word
    return word.replace("\\", "/")
