"""One program that a shell would start, with all that the rules need to know of its surroundings."""

import re
from dataclasses import dataclass, field
from functools import cached_property

UNKNOWN = "\0"
"""Stands in a word for what only running could tell."""


@dataclass(frozen=True)
class Write:
    """A file that is opened for writing by a redirection."""

    path: str


@dataclass(frozen=True)
class Simple:
    """A simple command: quotes and escapes undone, variables filled in as far as they are known."""

    words: tuple[str, ...]
    folder: str
    """Where it runs; `UNKNOWN` after a `cd` that can't be followed."""
    span: tuple[int, int] = (0, 0)
    settings: tuple[tuple[str, str], ...] = ()
    """Variables that are set for it alone."""
    writes: tuple[Write, ...] = ()
    reads: tuple[str, ...] = ()
    """Files its standard input comes from."""
    document: str | None = None
    """Text that is fed to it by the command itself."""
    upstream: tuple["Simple", ...] = field(default=(), repr=False)
    """The commands whose output it reads."""
    piped: bool = False
    """Whether it has a part in a pipeline."""
    background: bool = False

    @cached_property
    def program(self) -> str:
        """Its name without folders."""
        return self.words[0].rsplit("/", 1)[-1].removesuffix(".exe") if self.words else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words after the program."""
        return self.words[1:]

    @cached_property
    def flags(self) -> frozenset[str]:
        """Options one by one: `-rf` is `-r` and `-f`; of `--name=value` the name."""
        found: set[str] = set()
        for word in self.arguments:
            if word == "--":
                break
            if word.startswith("--"):
                found.add(word.partition("=")[0])
            elif word.startswith("-") and len(word) > 1:
                found.add(word)
                found.update(f"-{letter}" for letter in word[1:])
        return frozenset(found)

    @cached_property
    def operands(self) -> tuple[str, ...]:
        """The words that are no options; the values of options count among them, which does no harm to paths."""
        found, rest = [], iter(self.arguments)
        for word in rest:
            if word == "--":
                break
            if not word.startswith("-") or word == "-":
                found.append(word)
        return (*found, *rest)

    def has(self, *names: str) -> bool:
        """Whether one of these options is given."""
        return any(name in self.flags for name in names)

    def value(self, *names: str) -> str | None:
        """The value of an option, in any of the ways of giving it."""
        for position, word in enumerate(self.arguments):
            for name in names:
                if word == name:
                    return self.arguments[position + 1] if position + 1 < len(self.arguments) else ""
                if name.startswith("--") and word.startswith(f"{name}="):
                    return word[len(name) + 1 :]
                if re.fullmatch("-[A-Za-z]", name) and word.startswith(name) and not word.startswith("--"):
                    return word[2:].removeprefix("=")
                if re.fullmatch("-[A-Za-z]", name) and re.fullmatch(rf"-[A-Za-z]{{1,3}}{name[1]}", word):
                    return self.arguments[position + 1] if position + 1 < len(self.arguments) else ""
        return None
