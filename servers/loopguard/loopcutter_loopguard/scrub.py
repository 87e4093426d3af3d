"""Takes out of a text what changes by itself: addresses, clocks, timings, pids, temporary names, line counters."""

import re
from collections.abc import Iterable
from functools import lru_cache

LIMIT = 8_000
"""Characters of an answer that are looked at: half from its head, half from its end."""

_VOLATILE = re.compile(
    r"(?P<ansi>\x1b\[[0-9;?]*[a-zA-Z])"
    r"|(?P<address>\b0x[0-9a-fA-F]{4,}\b)"
    r"|(?P<uuid>\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b)"
    r"|(?P<date>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\b"
    r"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? (?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
    r"(?: +\d{1,2})?(?: +\d\d:\d\d(?::\d\d)?)?(?: [A-Z]{3,4})?(?: \d{4})?\b)"
    r"|(?P<clock>\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?\b)"
    r"|(?P<hash>\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b|\b\d{16,}\b)"
    r"|(?P<tmp>/(?:private/)?(?:var/)?(?:tmp|folders)/[^\s'\"`:,)\]]*)"
    r"|(?P<timing>\b(?:in|took|after|elapsed|time|duration|wall|total|real|user|sys|within|for)\b[:= ]{0,3}"
    r"\d+(?:[.,]\d+)?m?\d* ?(?:ms|µs|us|ns|s|secs?|seconds?|m|mins?|minutes?|h)\b"
    r"|\(\d+(?:\.\d+)? ?(?:ms|s|sec|seconds|m)\)|\b\d+(?:\.\d+)s(?= =)|\b\d+\.\d+ ?(?:seconds|secs?|s)\b)"
    r"|(?P<shell>(?<=sh: )line \d+(?=:)|(?<=-c: )line \d+(?=:))"
    r"|(?P<pid>\b(?:pid|PID|process|thread|port)[ =:#]*\d{2,}\b|^\[\d+\] \d+$)",
    re.M,
)

_NAMES = {
    "ansi": "", "address": "<address>", "uuid": "<id>", "date": "<time>", "clock": "<time>", "hash": "<id>",
    "tmp": "<tmp>", "timing": "<took>", "shell": "<line>", "pid": "<pid>",
}  # fmt: skip

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def clip(text: str, limit: int = LIMIT) -> str:
    """The head and the end of a long text."""
    if len(text) <= limit:
        return text
    return f"{text[: limit // 2]}\n[{len(text)} characters]\n{text[-(limit // 2) :]}"


def scrub(text: str) -> str:
    """The text without what changes by itself, blanks squeezed line by line."""
    lines = (" ".join(_line(line).split()) for line in clip(text).splitlines())
    return "\n".join(line for line in lines if line)


_SUSPECT = re.compile(
    r"\d{4}|\d:\d\d:|\d ?(?:ms|s|secs?|seconds?|µs|us|ns|min|mins|minutes?|m|h)\b|[0-9a-f]{7}|0x[0-9a-f]|\x1b|/tmp/"
    r"|(?:pid|PID|process|thread|port|sh: line|-c: line)[ =:#]*\d|^\[\d+\]"
)
"""Tells cheaply whether a line may hold anything volatile at all: most don't."""


def _line(line: str) -> str:
    return _scrubbed(line[:2000]) if _SUSPECT.search(line) else line


@lru_cache(maxsize=8192)
def _scrubbed(line: str) -> str:
    return _VOLATILE.sub(lambda found: _NAMES[found.lastgroup or "ansi"], line)


def skeleton(scrubbed: str) -> str:
    """The scrubbed text with every number masked: what two answers share when only figures moved."""
    return _NUMBER.sub("#", scrubbed)


def figures(scrubbed: str) -> tuple[float, ...]:
    """The first figures of a scrubbed text, in order."""
    return tuple(float(found) for found in _NUMBER.findall(scrubbed[:400])[:8] if len(found) < 18)


def without(text: str, echoes: Iterable[str]) -> str:
    """The text with the arguments it repeats back masked, so that `no such file: a` equals `no such file: b`."""
    for echo in sorted((echo for echo in echoes if len(echo) > 2), key=len, reverse=True):
        text = text.replace(echo, "<argument>")
    return text


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def readable(text: str) -> str:
    """The text without what no terminal, no XML and no JSON can take."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
