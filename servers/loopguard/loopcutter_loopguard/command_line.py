"""What a command line is after: ten spellings of one pytest, grep, sed or ls come to the same."""

import re
from functools import lru_cache

from loopcutter_loopguard.intent import Intent
from loopcutter_loopguard.looking import looking, narrowed
from loopcutter_loopguard.running import running, testing, writing
from loopcutter_loopguard.shell import Command, commands

_SECONDS = re.compile(r"\d+(?:\.\d+)?[smhd]?")


@lru_cache(maxsize=1024)
def intents(line: str) -> tuple[Intent, ...]:
    """The different things a command line is after, in order."""
    found: list[Intent] = []
    for command in commands(line):
        piped = narrowed(found[-1], command) if found and command.piped else None
        if piped is not None:
            found[-1] = piped
        else:
            found.append(_intent(command))
    return tuple(dict.fromkeys(found))


def _intent(command: Command) -> Intent:
    words = _plain_python(command.words)
    program = words[0].rsplit("/", 1)[-1] if words else ""
    program = {"mvnw": "mvn", "gradlew": "gradle"}.get(program, program)
    if command.writes and not (program == "python" and not command.document):
        return writing(command, words)
    if program == "sleep":
        return Intent("wait", "wait", seconds=_seconds(words[1:]))
    return testing(program, words, command) or looking(program, words, command) or running(program, words, command)


def _plain_python(words: tuple[str, ...]) -> tuple[str, ...]:
    """`python -m pytest` is `pytest`; every python is `python`."""
    if not words:
        return words
    program = words[0].rsplit("/", 1)[-1]
    if re.fullmatch(r"(?:python|py|pypy)[\d.]*", program):
        rest = tuple(word for word in words[1:] if word not in ("-u", "-B", "-I", "-E", "-s"))
        if rest[:1] == ("-m",) and len(rest) > 1:
            return rest[1:]
        return ("python", *rest)
    return (program, *words[1:])


def _seconds(words: tuple[str, ...]) -> float:
    scale = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    total = 0.0
    for word in words:
        if _SECONDS.fullmatch(word):
            total += float(word.rstrip("smhd")) * scale.get(word[-1], 1)
    return total
