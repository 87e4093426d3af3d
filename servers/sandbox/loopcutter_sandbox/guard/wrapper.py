"""Takes off what only starts another program: `env`, `sudo`, `timeout`, `xargs`, `find -exec` and their like."""

import re
from dataclasses import dataclass, replace

from loopcutter_sandbox.guard.output import filtered, found_from, printed, stand_in
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple


@dataclass(frozen=True)
class _Wrapper:
    valued: frozenset[str] = frozenset()
    """Options whose value is a word of its own."""
    skipped: int = 0
    """Operands before the program."""


def _wrapper(valued: str = "", skipped: int = 0) -> _Wrapper:
    return _Wrapper(frozenset(valued.split()), skipped)


_WRAPPERS = {
    "builtin": _wrapper(),
    "busybox": _wrapper(),
    "caffeinate": _wrapper("-t -w"),
    "catchsegv": _wrapper(),
    "chroot": _wrapper("--userspec --groups", 1),
    "chrt": _wrapper("-T -P -D", 1),
    "command": _wrapper(),
    "coproc": _wrapper(),
    "doas": _wrapper("-u -C"),
    "env": _wrapper("-u -C --unset --chdir"),
    "exec": _wrapper("-a"),
    "flock": _wrapper("-w -E --timeout", 1),
    "ionice": _wrapper("-c -n --class --classdata"),
    "ltrace": _wrapper("-e -o -n -s"),
    "nice": _wrapper("-n --adjustment"),
    "nohup": _wrapper(),
    "nsenter": _wrapper("-t --target -S -G"),
    "parallel": _wrapper("-j -a -I --jobs"),
    "pkexec": _wrapper("--user"),
    "prlimit": _wrapper("-p"),
    "runuser": _wrapper("-u -g"),
    "screen": _wrapper("-S -t -c -T -h -p -dmS -dm -dS -mS -L -Logfile"),
    "setarch": _wrapper("", 1),
    "setpriv": _wrapper("--reuid --regid --groups --inh-caps --bounding-set"),
    "setsid": _wrapper(),
    "stdbuf": _wrapper("-i -o -e --input --output --error"),
    "strace": _wrapper("-e -o -s -P -E"),
    "sudo": _wrapper("-u -g -h -p -C -T -U -r -t -D -R --user --group --host --chdir"),
    "systemd-run": _wrapper("-p -u --unit --property"),
    "taskset": _wrapper("", 1),
    "time": _wrapper("-f -o --format --output"),
    "timeout": _wrapper("-s -k --signal --kill-after", 1),
    "torsocks": _wrapper(),
    "toybox": _wrapper(),
    "unbuffer": _wrapper(),
    "unshare": _wrapper("-S -G -R -w --setuid --setgid --root --wd"),
    "watch": _wrapper("-n --interval"),
    "xvfb-run": _wrapper("-n -s -e -f --server-num --server-args"),
}
_RUNNERS = {
    ("uv", "run"): _wrapper("--with --extra --group --python -p --project --directory"),
    ("poetry", "run"): _wrapper(),
    ("pipenv", "run"): _wrapper(),
    ("pdm", "run"): _wrapper("-p"),
    ("hatch", "run"): _wrapper(),
    ("rye", "run"): _wrapper(),
    ("conda", "run"): _wrapper("-n -p --name --prefix --cwd"),
    ("bundle", "exec"): _wrapper(),
    ("git", "bisect"): _wrapper("", 1),
}
_PACKAGES_RUN: dict[str | tuple[str, ...], _Wrapper] = {
    "npx": _wrapper("-p --package --node-options"),
    "bunx": _wrapper(),
    "pnpx": _wrapper("--package"),
    "uvx": _wrapper("--from --with -p --python --index-url"),
    ("pnpm", "dlx"): _wrapper("--package"),
    ("pnpm", "exec"): _wrapper(),
    ("yarn", "dlx"): _wrapper("-p --package"),
    ("yarn", "exec"): _wrapper(),
    ("npm", "exec"): _wrapper("-p --package"),
    ("npm", "x"): _wrapper("-p --package"),
    ("pipx", "run"): _wrapper("--spec --python --pip-args"),
    ("uv", "tool"): _wrapper("--from --with", 1),
    ("bun", "x"): _wrapper(),
}
"""What fetches a package, if need be, and starts the program in it."""
_XARGS = _wrapper("-n -P -I -L -d -a -s -E --max-args --max-procs --replace --delimiter --arg-file --max-lines")
_PYTHON = re.compile(r"(python|pypy)[\d.]*")
_REMOVERS = {"rm", "unlink", "shred", "srm"}
_SETTING = re.compile(r"[A-Za-z_]\w*=")


def unwrapped(simple: Simple) -> tuple[Simple, ...]:
    """`simple` and, one by one, what it starts: the last ones have nothing around them any more."""
    chain, waiting = [simple], [simple]
    while waiting and len(chain) < 20:
        inner = _inside(waiting.pop())
        chain += inner
        waiting += inner
    return tuple(chain)


def _inside(simple: Simple) -> list[Simple]:
    program = simple.program
    if program == "xargs":
        return _fed(simple)
    if program == "find":
        return _executed(simple)
    if program in ("fd", "fdfind"):
        return _found_and_started(simple)
    if program == "command" and simple.has("-v", "-V"):
        return []
    for name, words in ((program, simple.arguments), ((program, *simple.words[1:2]), simple.words[2:])):
        if name in _PACKAGES_RUN:
            return [_of_package(one) for one in _started(simple, _PACKAGES_RUN[name], words)]
    if _PYTHON.fullmatch(program) and simple.words[1:2] == ("-m",) and len(simple.words) > 2:
        return [replace(simple, words=simple.words[2:])] if UNKNOWN not in simple.words[2] else []
    if program == "coproc" and "{" in simple.words[1:3]:
        group = simple.words[simple.words.index("{") + 1 :]
        return [replace(simple, words=group)] if group else []
    if program in _WRAPPERS:
        return _started(simple, _WRAPPERS[program], simple.arguments)
    runner = _RUNNERS.get((program, simple.words[1])) if len(simple.words) > 1 else None
    if runner is not None and (program != "git" or simple.words[2:3] == ("run",)):
        return _started(simple, runner, simple.words[2:])
    return []


def _of_package(simple: Simple) -> Simple:
    """`@scope/name@version` as the program it brings: `name`."""
    return replace(simple, words=(re.sub(r"(?<=.)@[^/]*$", "", simple.words[0]), *simple.arguments))


def _found_and_started(simple: Simple) -> list[Simple]:
    """What `fd -x` starts, with the paths it finds."""
    words = simple.arguments
    at = next((at for at, word in enumerate(words) if word in ("-x", "-X", "--exec", "--exec-batch")), None)
    if at is None or not words[at + 1 :]:
        return []
    started = words[at + 1 :]
    starts = [word for word in words[:at] if re.match(r"[/~]|\.\.?(/|$)", word)] or ["."]
    found = []
    for path in map(stand_in, starts):
        filled = tuple(re.sub(r"\{[./]*\}", path, word) for word in started)
        found.append(replace(simple, words=filled if filled != started else (*started, path), upstream=()))
    return found


def _started(simple: Simple, wrapper: _Wrapper, arguments: tuple[str, ...]) -> list[Simple]:
    settings, words = dict(simple.settings), list(arguments)
    skipped = wrapper.skipped
    while words:
        word = words[0]
        if word in wrapper.valued:
            del words[:2]
        elif word.startswith("-"):
            del words[0]
        elif _SETTING.match(word):
            name, _, value = words.pop(0).partition("=")
            settings[name] = value
        elif skipped:
            skipped -= 1
            del words[0]
        else:
            break
    return [replace(simple, words=tuple(words), settings=tuple(settings.items()))] if words else []


def _fed(simple: Simple) -> list[Simple]:
    """What xargs starts, with the words it is fed."""
    inner = _started(simple, _XARGS, simple.arguments)
    words = inner[0].words if inner else ("echo",)
    source = simple.upstream
    if simple.document is not None and not source:
        source = (replace(simple, words=("cat",)),)
    fed = [] if simple.has("-a", "--arg-file") or simple.reads else list(printed(source, UNKNOWN))
    fed = [word for line in fed for word in (line.split() or [""])][:32] or [UNKNOWN]
    mark = simple.value("-I", "--replace") or ("{}" if _is_parallel(simple) else "")
    if mark:
        filled = tuple(dict.fromkeys(tuple(word.replace(mark, one) for word in words) for one in fed))
    else:
        filled = ((*words, *fed),)
    return [replace(simple, words=one, upstream=(), document=None) for one in filled]


def _is_parallel(simple: Simple) -> bool:
    """Whether it fills in `{}` without being asked to."""
    return simple.program == "parallel"


def _executed(simple: Simple) -> list[Simple]:
    """What `find` starts, with the paths it finds."""
    found: list[Simple] = []
    words = simple.arguments
    for position, word in enumerate(words):
        if word not in ("-exec", "-execdir", "-ok", "-okdir"):
            continue
        command: list[str] = []
        for part in words[position + 1 :]:
            if part in (";", "+"):
                break
            command.append(part)
        for start in found_from(simple):
            path = start if command[:1] and command[0] in _REMOVERS and not filtered(simple) else stand_in(start)
            found.append(replace(simple, words=tuple(part.replace("{}", path) for part in command), upstream=()))
    return [one for one in found if one.words]
