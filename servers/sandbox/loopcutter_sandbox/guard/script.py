"""Finds the text that a command hands to a shell or an interpreter: shells are read again, the rest is opaque."""

import re
from dataclasses import dataclass, replace

from loopcutter_sandbox.guard.decoding import undoes
from loopcutter_sandbox.guard.output import FOUND, printed
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple

SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ksh", "ash", "mksh", "fish", "rbash"))

_INTERPRETERS = {
    re.compile(r"(python|pypy)[\d.]*|ipython3?"): re.compile(r"-[A-Za-z]*c.*"),
    re.compile(r"perl[\d.]*"): re.compile(r"-(?!I)[A-Za-z0-9.]*[eE].*"),
    re.compile(r"ruby[\d.]*"): re.compile(r"-(?!I)[A-Za-z]*e.*"),
    re.compile(r"node(js)?|bun"): re.compile(r"-[ep]+|--eval(=.*)?|--print(=.*)?"),
    re.compile(r"emacs(client)?"): re.compile(r"--?eval(=.*)?"),
    re.compile(r"php[\d.]*"): re.compile(r"-r.*|--run"),
    re.compile(r"lua(jit)?[\d.]*|Rscript|osascript|julia|elixir|groovy|scala|tclsh|guile|pwsh|erl|ghc"): re.compile(
        r"-e.*|--eval(=.*)?|-c|-Command|-EncodedCommand|-eval"
    ),
}
_DECODED = "a payload that is decoded first"
_VALUED = {"-W", "-X", "-m", "-r", "--require", "-I", "-O"}


@dataclass(frozen=True)
class Script:
    """Text that is run; `None` when it can't be told."""

    text: str | None
    shell: bool
    how: str
    """In words: `sh -c`, `eval`."""
    encoded: bool = False
    arguments: tuple[str, ...] = ()
    """What `$1` and `$@` stand for in it."""


def script_of(simple: Simple) -> Script | None:
    """The script in the words or the standard input of a command, if there is one."""
    program, arguments = simple.program, simple.arguments
    if program in SHELLS:
        return _of_shell(simple)
    if program == "eval":
        return _shell(" ".join(arguments), "eval") if arguments else None
    if program == "trap" and len(arguments) > 1 and not arguments[0].startswith("-"):
        return _shell(arguments[0], "trap")
    if program in ("su", "script", "flock", "runuser") and simple.value("-c", "--command") is not None:
        return _shell(simple.value("-c", "--command") or "", f"{program} -c")
    if program == "env" and simple.value("-S", "--split-string"):
        return _shell(simple.value("-S", "--split-string") or "", "env -S")
    if program == "git" and simple.words[1:3] == ("submodule", "foreach"):
        return _shell(" ".join(simple.words[3:]), "git submodule foreach")
    if program == "parallel" and all(word.isdigit() for word in simple.operands):
        return _stdin(simple)
    if program in ("watch", "parallel") and simple.operands:
        return _shell(simple.operands[-1], program) if " " in simple.operands[-1] else None
    if program == "deno" and arguments[:1] == ("eval",):
        return Script(" ".join(arguments[1:]), False, "deno eval")
    return _of_interpreter(simple)


def _shell(text: str, how: str) -> Script:
    return Script(None if UNKNOWN in text else text, True, how)


def _of_shell(simple: Simple) -> Script | None:
    arguments = simple.arguments
    for position, word in enumerate(arguments):
        if re.fullmatch(r"[-+][A-Za-z]*c[A-Za-z]*", word):
            rest = [one for one in arguments[position + 1 :] if not re.fullmatch(r"[-+][A-Za-z]+", one)]
            script = _shell(rest[0] if rest else "", f"{simple.program} -c")
            return replace(script, arguments=tuple(rest[2:]))
        if re.fullmatch(r"-[A-Za-z]*s[A-Za-z]*", word):  # what follows are arguments
            return _stdin(simple)
        if word in ("-o", "+o", "-O", "--rcfile", "--init-file"):
            continue
        if not word.startswith(("-", "+")) and (position == 0 or arguments[position - 1] not in ("-o", "+o")):
            return _of_file(simple, word)
        if word in ("--version", "--help", "-n"):
            return None
    return _stdin(simple)


def _of_file(simple: Simple, path: str) -> Script | None:
    """A script in a file: opaque if it can't even be told which."""
    if path.startswith("/dev/"):
        return _stdin(simple)
    if UNKNOWN in path or path.endswith(f"/{FOUND}"):
        return Script(None, simple.program in SHELLS, f"{simple.program} with a computed file")
    return None


def _stdin(simple: Simple) -> Script | None:
    """A shell that reads its script from standard input, if it has one that is not a terminal."""
    how = f"{simple.program} reading from a pipe"
    if simple.document is not None:
        return _shell(simple.document, f"{simple.program} reading a document")
    if simple.reads:
        return Script(None, True, f"{simple.program} < {simple.reads[-1]}")
    if not simple.upstream:
        return Script(None, True, how) if any(word.startswith("/dev/") for word in simple.arguments) else None
    text = "\n".join(printed(simple.upstream, ""))
    # A stand-in for a path that is found is no script.
    known = None if UNKNOWN in text or f"/{FOUND}" in text or text.endswith("/*") else text
    if any(map(undoes, simple.upstream)):
        return Script(None if UNKNOWN in text else text or None, True, _DECODED, encoded=True)
    return Script(known, True, how)


def is_interpreter(simple: Simple) -> bool:
    """Whether it runs the programs that it is given."""
    return simple.program in SHELLS or any(names.fullmatch(simple.program) for names in _INTERPRETERS)


def is_python(simple: Simple) -> bool:
    """Whether the programs that it is given are in Python."""
    return re.match(r"i?python|pypy", simple.program) is not None


def _of_interpreter(simple: Simple) -> Script | None:
    for names, option in _INTERPRETERS.items():
        if names.fullmatch(simple.program):
            return _interpreted(simple, option)
    return None


def _interpreted(simple: Simple, option: re.Pattern[str]) -> Script | None:
    words = iter(simple.arguments)
    for word in words:
        if word == "-m":
            return None
        if option.fullmatch(word):
            text = word.partition("c")[2] or next(words, "") if is_python(simple) else " ".join((word, *words))
            return Script(text, False, f"{simple.program} {word[:20]}")
        if word in _VALUED:
            next(words, None)
        elif word == "-" or word.startswith("/dev/"):
            break
        elif not word.startswith("-"):
            return _of_file(simple, word)
        elif word in ("--version", "-V", "-VV", "-v", "--help", "-h"):
            return None
    fed = simple.document is not None or simple.upstream or simple.reads or "-" in simple.arguments
    if not fed:
        return None
    text = simple.document if simple.document is not None else "\n".join(printed(simple.upstream, ""))
    if simple.document is None and any(map(undoes, simple.upstream)):
        return Script(None if UNKNOWN in text else text, False, _DECODED, encoded=True)
    return Script(None if UNKNOWN in text else text, False, f"{simple.program} reading its program")
