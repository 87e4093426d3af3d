"""Takes off what only starts another program: `env`, `sudo`, `timeout`, `xargs`, `find -exec` and their like."""

import re
from dataclasses import dataclass, replace

from loopcutter_sandbox.guard.output import found_from, printed, stand_in
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
_XARGS = _wrapper("-n -P -I -L -d -a -s -E --max-args --max-procs --replace --delimiter --arg-file --max-lines")
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
    if program == "command" and simple.has("-v", "-V"):
        return []
    if program in _WRAPPERS:
        return _started(simple, _WRAPPERS[program], simple.arguments)
    runner = _RUNNERS.get((program, simple.words[1])) if len(simple.words) > 1 else None
    if runner is not None and (program != "git" or simple.words[2:3] == ("run",)):
        return _started(simple, runner, simple.words[2:])
    return []


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
            path = stand_in(start)
            found.append(replace(simple, words=tuple(part.replace("{}", path) for part in command), upstream=()))
    return [one for one in found if one.words]
