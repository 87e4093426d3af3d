"""Undoes what hides a text from the eye: base64, hexadecimal dumps."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import replace

from loopcutter_sandbox.guard.simple import UNKNOWN, Simple

_OTHERS = {"xxd", "uudecode", "zcat", "bzcat", "xzcat", "gunzip", "gpg", "unxz"}
_LETTERS = re.compile(r"(.)-(.)", re.DOTALL)


def decoded(last: Simple, source: Callable[[], str]) -> str | None:
    """What a decoder prints of its `source`, empty if that can't be told; None if `last` is no decoder."""
    if last.program == "openssl" and last.has("-d") and (last.has("-base64", "-a") or "base64" in last.words):
        last = replace(last, words=("base64", "-d"))
    action = _action(last)
    if action is None:
        other = last.program in _OTHERS or (last.program in ("openssl", "gzip", "xz") and last.has("-d"))
        return "" if other else None
    text = source()
    try:
        return "" if UNKNOWN in text else action(text)
    except (binascii.Error, ValueError):
        return ""


def undoes(command: Simple) -> bool:
    """Whether what `command` prints has been decoded, by itself or before it."""
    waiting, seen = [command], set[int]()
    while waiting:
        one = waiting.pop()
        if decoded(one, lambda: UNKNOWN) is not None:
            return True
        waiting += [source for source in one.upstream if id(source) not in seen]
        seen.update(map(id, one.upstream))
    return False


def _action(last: Simple) -> Callable[[str], str] | None:
    """What undoes the disguise, if this program does and the disguise is a simple one."""
    match last.program:
        case "xxd" if last.has("-r"):
            return lambda text: bytes.fromhex("".join(text.split())).decode()
        case "rev":
            return lambda text: "\n".join(line[::-1] for line in text.split("\n"))
        case "tr" if not last.flags and len(last.operands) == 2:
            return lambda text: _exchanged(text, *map(_spelled, last.operands))
        case "base64" if last.has("-d", "-D", "--decode"):
            return lambda text: base64.b64decode("".join(text.split())).decode()
        case "base32" if last.has("-d", "--decode"):
            return lambda text: base64.b32decode("".join(text.split())).decode()
        case "basenc" if last.has("-d", "--decode"):
            return lambda text: ""
    return None


def _spelled(letters: str) -> str:
    """A set of letters as `tr` reads it."""
    return _LETTERS.sub(lambda match: "".join(map(chr, range(ord(match[1]), ord(match[2]) + 1)))[:300], letters)


def _exchanged(text: str, old: str, new: str) -> str:
    if not new or old.startswith("[:"):
        return ""
    return text.translate({ord(letter): new[min(at, len(new) - 1)] for at, letter in enumerate(old)})
