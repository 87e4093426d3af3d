"""Rules on what fills a disk or the memory: an endless source without a bound, or a bound far beyond what a run has."""

import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.verdict import Finding, block, opaque

MOST = 100 << 30
"""Bytes from which on a file is too large for whatever purpose."""

_ENDLESS = {"/dev/zero", "/dev/urandom", "/dev/random"}
_PASS_ON = {
    "cat", "tee", "base64", "base32", "tr", "xxd", "od", "hexdump", "gzip", "bzip2", "xz", "zstd", "pv", "rev", "sed",
    "awk", "grep", "openssl", "dd",
    "cp", "sponge", "nl", "fold", "paste", "strings", "mbuffer",
}  # fmt: skip
"""They write as much as they read, or a good part of it."""
_KEEP = {"tail", "sort", "tac", "shuf", "sponge", "rev", "tsort"}
"""They hold all that they read before they write anything."""
_UNITS = {"": 1, "c": 1, "b": 512, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50, "e": 1 << 60}
_SIZE = re.compile(r"[+<>]?(\d+)([cbkmgtpe]?)(i?b)?", re.IGNORECASE)


def flood_rules(simple: Simple) -> Iterator[Finding]:
    """All that is to be said of how much a command writes."""
    program = simple.program
    targets = [write.path for write in simple.writes] + [
        word[3:] for word in simple.arguments if word.startswith("of=")
    ]
    if program in ("tee", "cp", "sponge"):
        targets += simple.operands[-1:]
    targets = [target for target in targets if not target.startswith("/dev/")]
    size = _made(simple)
    if size >= MOST and (targets or program in ("truncate", "fallocate", "mkfile")):
        yield block(
            "flood", f"{program} would make a file of {size >> 30} GiB; a run has far less room, make it smaller"
        )
    elif _without_end(simple):
        if any(UNKNOWN not in target for target in targets):
            yield block("flood", f"{program} would fill the disk without end; bound it: head -c 1M /dev/zero > file")
        elif targets:
            yield opaque("computed-path", f"what {program} fills is only known when it runs; write the path out")
        elif program in _KEEP:
            yield block("flood", f"{program} would fill the memory without end; bound what it reads: head -c 1M")


def _without_end(simple: Simple, depth: int = 0) -> bool:
    """Whether what it writes never ends."""
    program, words = simple.program, simple.arguments
    if program == "yes" or (program == "seq" and {"inf", "infinity"} & set(words)):
        return True
    if program == "head" or (program == "dd" and any(word.startswith("count=") for word in words)) or depth > 3:
        return False
    if any(word.removeprefix("if=") in _ENDLESS for word in (*words, *simple.reads)):
        return program in _PASS_ON or program in _KEEP
    return program in _PASS_ON and any(_without_end(source, depth + 1) for source in simple.upstream)


def _made(simple: Simple) -> int:
    """Bytes that it is told to write; 0 if nothing says how many."""
    program, words = simple.program, simple.arguments
    match program:
        case "truncate" | "fallocate":
            return _bytes(simple.value("-s", "--size", "-l", "--length"))
        case "mkfile":
            return _bytes(next(iter(simple.operands), None))
        case "head":
            return _bytes(simple.value("-c", "--bytes") or simple.value("-n", "--lines"))
        case "dd":
            given = dict(word.split("=", 1) for word in words if "=" in word)
            return (_bytes(given.get("bs")) or 512) * _bytes(given.get("count"))
        case "openssl" if words[:1] == ("rand",):
            return _bytes(words[-1])
        case "seq" | "jot":
            last = words[-1] if words else ""
            return int(last) * len(last) if last.isdigit() and len(last) < 30 else 0
    return 0


def _bytes(text: str | None) -> int:
    match = _SIZE.fullmatch(text or "")
    return int(match[1][:30]) * _UNITS[match[2].lower()] if match else 0
