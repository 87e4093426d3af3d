"""Says in a shell's words what is plain to see in a program in Perl, Ruby, JavaScript, PHP, Lua or awk.

None of them is parsed: a verb that is known to remove, write, connect or start something, and literals after it, are
enough for what people and models write in one line.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from loopcutter_sandbox.guard.simple import Simple, Write

_TEXT = r"(?P<quote>['\"`])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)"
_CALL = re.compile(
    rf"\b(?P<verb>[A-Za-z_]\w*[!?]?)\s*(?:\(\s*|\s)(?:(?:glob|Path|File|Dir|new URL|path\.join|<?\$?\w+,)\s*[(\s]?\s*)?"
    rf"[\[(]?\s*[rbf]?{_TEXT}(?=(?P<rest>[^;\n]{{0,300}}))",
    re.DOTALL,
)
_LITERAL = re.compile(r"(['\"`])((?:\\.|(?!\1).)*)\1", re.DOTALL)
_BACKTICKS = re.compile(r"`([^`]+)`|%x[({\[|]([^)}\]|]+)|\bqx\s*[({\[|/]([^)}\]|/]+)")
_PRINTED_TO = re.compile(r"\bprintf?\b[^;{}\n]*?(>>?|\|&?)\s*\"([^\"]+)\"|\"([^\"]+)\"\s*\|&?\s*getline")
_HOME = re.compile(
    r"(?:process\.env\.HOME|(?:os\.)?homedir\(\)|ENV\[['\"]HOME['\"]\]|\$ENV\{HOME\}|Dir\.home"
    r"|getenv\(['\"]HOME['\"]\))"
    r"\s*[+.,]+\s*(['\"`])"
)
_AT_HOME = re.compile(
    r"process\.env\.HOME\b|(?:\bos\.|require\(['\"](?:node:)?os['\"]\)\.)homedir\(\)|ENV\[['\"]HOME['\"]\]|\$ENV\{HOME\}"
    r"|\bDir\.home\b|getenv\(['\"]HOME['\"]\)"
)
_REMOVE = {
    "unlink", "unlinkSync", "rm", "rmSync", "rmdir", "rmdirSync", "rmtree", "remove_tree", "remove", "removeSync",
    "delete", "rm_rf", "rm_r", "rm_f", "removedirs", "emptyDirSync", "remove_entry_secure", "remove_dir", "rimraf",
}  # fmt: skip
_WRITE = {
    "write", "writeFile", "writeFileSync", "appendFile", "appendFileSync", "createWriteStream", "file_put_contents",
    "truncate", "truncateSync", "chmod", "chmodSync", "chown", "chownSync", "binwrite", "touch", "writeTextFile",
}  # fmt: skip
_OPEN = {"open", "fopen", "openSync", "sysopen"}
_MOVE = {
    "rename",
    "renameSync",
    "copyFile",
    "copyFileSync",
    "symlink",
    "symlinkSync",
    "cp",
    "mv",
    "ln_s",
    "copy",
    "move",
}
_RUN = {
    "system", "exec", "execSync", "popen", "popen2", "popen3", "passthru", "shell_exec", "proc_open", "execute",
    "getoutput", "run", "call", "check_call", "check_output", "Popen", "capture2", "capture3",
}  # fmt: skip
_SPAWN = {"spawn", "spawnSync", "execFile", "execFileSync"}
_FETCH = {
    "get", "post", "fetch", "request", "open", "file_get_contents", "getprint", "getstore", "readfile", "copy", "read",
}  # fmt: skip
_CONNECT = {"fsockopen", "TCPSocket", "createConnection", "connect", "new", "stream_socket_client", "start"}

_REMOVES = re.compile(r"\b(" + "|".join(sorted(_REMOVE)) + r")\b")
_LISTED = re.compile(
    r"\b(?:glob|iglob|Dir|each_child|children|entries|readdirSync|readdir|scandir|listdir|readDirSync)\b[\[(\s]*"
    + _TEXT,
    re.DOTALL,
)
_LISP = re.compile(
    r"\((?P<verb>delete-(?:directory|file)|write-file|append-to-file|shell-command(?:-to-string)?)\s+" + _TEXT,
    re.DOTALL,
)
_APPLE = re.compile(r"do shell script \"((?:[^\"\\]|\\.)*)\"")


def other_deeds(text: str, simple: Simple) -> list[Simple]:
    """What the program would do, as commands in the place of `simple`."""
    text = _AT_HOME.sub("'~'", _HOME.sub(r"\1~", text))
    bare = replace(simple, upstream=(), document=None, reads=(), writes=())
    deeds = [deed for match in _CALL.finditer(text) for deed in _called(match, bare)]
    if _REMOVES.search(text):  # what was listed goes, in whatever loop
        for match in _LISTED.finditer(text):
            deeds.append(replace(bare, words=("rm", "-rf", match["text"])))
    for match in _BACKTICKS.finditer(text):
        if simple.program not in ("node", "nodejs", "bun", "python", "python3"):  # there they are no commands
            deeds.append(replace(bare, words=("sh", "-c", next(filter(None, match.groups())))))
    for match in _LISP.finditer(text):
        verb = match["verb"]
        if verb.startswith("delete"):
            deeds.append(replace(bare, words=("rm", "-rf", match["text"])))
        elif verb.startswith("shell"):
            deeds.append(replace(bare, words=("sh", "-c", match["text"])))
        else:
            deeds.append(replace(bare, words=(bare.program,), writes=(Write(match["text"]),)))
    for match in _APPLE.finditer(text):
        deeds.append(replace(bare, words=("sh", "-c", match[1])))
    for match in _PRINTED_TO.finditer(text):
        sign, target, source = match.groups()
        if (source or target).startswith("/inet"):
            continue
        if source or sign.startswith("|"):
            deeds.append(replace(bare, words=("sh", "-c", source or target)))
        else:
            deeds.append(replace(bare, words=(simple.program,), writes=(Write(target),)))
    return deeds[:100]


def _called(match: re.Match[str], bare: Simple) -> Iterator[Simple]:
    verb, text, rest = match["verb"].rstrip("!?"), match["text"], match["rest"]
    others = [found[1] for found in _LITERAL.findall(rest)]
    path = text.startswith(("/", "~", ".."))
    if verb in _REMOVE and path:
        yield replace(bare, words=("rm", "-rf", text))
    if (verb in _WRITE and path) or (verb in _OPEN and _writes(text, others)):
        target = text.lstrip("+<> ") or next(iter(others), "")
        target = target if target.startswith(("/", "~", "..")) else next(iter(others), target)
        yield replace(bare, words=(bare.program,), writes=(Write(target),))
    elif verb in _OPEN and path:
        yield replace(bare, words=("cat", text))
    if verb in _MOVE and others:
        yield replace(bare, words=("mv" if verb.startswith(("re", "m")) else "cp", text, others[0]))
    if verb in _RUN:
        listed = rest.lstrip().startswith(",") and verb not in ("execSync", "execute", "popen")
        yield replace(bare, words=(text, *others) if listed and others else ("sh", "-c", text))
    if verb in _SPAWN:
        yield replace(bare, words=(text, *others))
    if verb in _FETCH and re.match(r"(https?|ftp)://", text):
        yield replace(bare, words=("curl", text))
    if verb in _CONNECT and re.match(r"\s*,\s*\d+", rest) and re.fullmatch(r"[\w.:-]+", text):
        yield replace(bare, words=("nc", text))


def _writes(text: str, others: list[str]) -> bool:
    """Whether a file is opened for writing: by a sign before its name, or by a mode after it."""
    return text.startswith((">", "+<")) or any(
        re.fullmatch(r"[waxr]b?\+?b?t?", one) and one[0] != "r" for one in others[:1]
    )
