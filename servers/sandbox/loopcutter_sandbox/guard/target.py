"""Which files a program writes, by what is known of it, and where nothing is, by how options are called everywhere."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from loopcutter_sandbox.guard.simple import Simple

CHANGERS = {
    "chmod",
    "chown",
    "chgrp",
    "setfacl",
    "chattr",
    "chflags",
    "tee",
    "touch",
    "mkfifo",
    "mknod",
    "fallocate",
    "sponge",
}
COPIERS = {"cp", "mv", "ln", "install", "rsync", "scp", "link"}
_EDITORS = re.compile(r"ex|n?vim?|view|r?ed|nano|emacs|micro|pico|joe")
_IN_PLACE = re.compile(r"-[a-zA-Z0-9]*i(\..*)?")
_GENERAL = (
    "-o", "--output", "--out", "--outfile", "--output-file", "--output-dir", "--output-directory", "--outdir",
    "--out-dir", "--dest", "--destination", "--target-dir", "--target-directory", "--log-file", "--logfile",
    "--output-document", "--install-dir", "--prefix-path", "--dump-to", "--save-to", "--write-to",
)  # fmt: skip
"""How programs of all kinds call the place they write to."""
_SAVES = re.compile(
    r"(?:^|[|:\s\d%,$.])(?:w(?:rite|q|qa|a)?!?|x(?:it)?!?|sav(?:eas)?!?|up(?:date)?!?)\s*(?:>>)?\s*([~/][^\s|]*)"
)
"""A command of `ed`, `ex` or `vi` that writes to a file it names."""

_SED_WRITES = re.compile(r"(?:^|[\s;{/$\d]|s(?P<mark>[/|#,]).*(?P=mark).*(?P=mark)[gpIi0-9]*)w\s+([~/.][^\s;}]*)")


@dataclass(frozen=True)
class _Outputs:
    """How one program is told where to write."""

    options: tuple[str, ...] = ()
    operands: tuple[int, int | None] = (0, 0)
    """Which of its operands it writes, from and to."""


_KNOWN: Mapping[str, _Outputs] = {
    "split": _Outputs((), (1, None)),
    "csplit": _Outputs(("-f", "--prefix")),
    "patch": _Outputs(("-d", "--directory", "-r", "--reject-file"), (0, 1)),
    "cpio": _Outputs(("-D", "--directory")),
    "ar": _Outputs(("--output",)),
    "unzip": _Outputs(("-d",)),
    "unrar": _Outputs((), (2, None)),
    "wget": _Outputs(("-O", "-P", "--directory-prefix", "-o")),
    "objcopy": _Outputs((), (1, None)),
    "ffmpeg": _Outputs((), (-1, None)),
    "convert": _Outputs((), (-1, None)),
    "mkdir": _Outputs(),
    "sqlite3": _Outputs((), (0, 1)),
    "ld": _Outputs(("-Map",)),
    "cmake": _Outputs(("-B", "--install-prefix")),
    "xxd": _Outputs((), (1, None)),
    "uniq": _Outputs((), (1, None)),
    "iconv": _Outputs(),
    "logrotate": _Outputs(("-s", "--state")),
    "ssh-keygen": _Outputs(("-f",)),
}


def targets(simple: Simple) -> list[str]:
    """The files a command writes."""
    program, operands = simple.program, simple.operands
    if program in CHANGERS:
        return list(operands)
    if program in COPIERS:
        return _copied(simple)
    if program == "sed":
        if simple.has("--in-place") or any(re.match(r"-[nErsz]*i", a) for a in simple.arguments):
            return [*_read_by_sed(simple), *_written_by_sed(simple)]
        return list(_written_by_sed(simple))
    if program in ("tar", "bsdtar"):
        return [folder for folder in (simple.value("-C", "--directory", "--cd"),) if folder] if extracts(simple) else []
    if re.fullmatch(r"pip[\d.]*", program) or simple.arguments[:2] == ("-m", "pip"):
        return [folder for folder in (simple.value("--target", "-t", "--prefix", "--root"),) if folder]
    return [*_in_place(simple), *_edited(simple), *_named(simple)]


def _copied(simple: Simple) -> list[str]:
    operands = simple.operands
    target = simple.value("-t", "--target-directory") if simple.program != "rsync" else None
    found = [target] if target is not None else list(operands[-1:] if len(operands) > 1 else ())
    moved = list(operands[:-1]) if simple.program == "mv" else []
    return [path for path in (*found, *moved) if not re.match(r"[\w.@-]+:", path)]


def extracts(simple: Simple) -> bool:
    """Whether `tar` unpacks."""
    first = simple.arguments[0] if simple.arguments else ""
    return simple.has("-x", "--extract", "--get") or (not first.startswith("-") and "x" in first)


def _in_place(simple: Simple) -> Iterator[str]:
    """The files that an interpreter was told to rewrite while it reads them."""
    program, arguments = simple.program, simple.arguments
    if re.match(r"perl|ruby", program):
        before = [word for word in arguments if word.startswith("-")]
        if any(_IN_PLACE.fullmatch(word.partition("e")[0] or "-") for word in before):
            scripts = {arguments[at + 1] for at, word in enumerate(arguments[:-1]) if re.fullmatch(r"-\w*[eE]", word)}
            yield from (word for word in simple.operands if word not in scripts)
    elif program in ("awk", "gawk") and simple.value("-i", "--include") == "inplace":
        yield from (word for word in simple.operands[1:] if "{" not in word)


def _read_by_sed(simple: Simple) -> list[str]:
    """Its files: the words that are neither options nor scripts."""
    files, scripted = list[str](), False
    words = iter(simple.arguments)
    for word in words:
        if re.fullmatch(r"-[nErsz]*[ef]|--expression|--file", word):
            scripted = True
            next(words, None)
        elif word.startswith("-") and len(word) > 1:
            scripted = scripted or re.match(r"-[nErsz]*[ef]|--(expression|file)=", word) is not None
        else:
            files.append(word)
    return files if scripted else files[1:]


def _written_by_sed(simple: Simple) -> Iterator[str]:
    """The files that the script itself names."""
    for word in simple.arguments:
        yield from (match[2] for match in _SED_WRITES.finditer(word))


def _edited(simple: Simple) -> Iterator[str]:
    """What an editor that is given its commands beforehand writes."""
    if not _EDITORS.fullmatch(simple.program):
        return
    yield from (word for word in simple.operands if word.startswith(("/", "~", "..")))
    said = [*simple.arguments, simple.document or ""]
    for source in simple.upstream:
        said += [word.replace("\\n", "\n") for word in source.arguments]
    for text in said:
        for line in text.splitlines():
            yield from (match[1] for match in _SAVES.finditer(line))


def _named(simple: Simple) -> Iterator[str]:
    """What is written to places that options or the order of operands name; only places outside are looked for."""
    known = _KNOWN.get(simple.program, _Outputs())
    for option in (*known.options, *_GENERAL):
        value = simple.value(option)
        if value and value.startswith(("/", "~", "..")):
            yield value
    if simple.program in ("patch", "split") and simple.operands:
        valued = {
            value for option in ("-p", "-i", "-d", "-b", "-l", "-n", "-C", "-a") if (value := simple.value(option))
        }
        yield from [word for word in simple.operands if word not in valued][slice(*known.operands)]
    else:
        yield from simple.operands[slice(*known.operands)]
