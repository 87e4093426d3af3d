"""One program that a shell would start, with all that the rules need to know of its surroundings."""

from dataclasses import dataclass, field
from functools import cached_property

UNKNOWN = "\0"
"""Stands in a word for what only running could tell."""
AWKS = ("awk", "gawk", "mawk", "nawk")
"""The names that awk goes by."""


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
    disguised: bool = False
    """Whether its name was decoded a moment ago."""

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
            if not word.startswith("-"):
                continue
            for name in names:
                if word == name:
                    return self.arguments[position + 1] if position + 1 < len(self.arguments) else ""
                if name.startswith("--") and word.startswith(f"{name}="):
                    return word[len(name) + 1 :]
                letter = name[1] if len(name) == 2 and name[1].isalpha() else ""
                if letter and word.startswith(name):
                    return word[2:].removeprefix("=")
                if letter and len(word) < 6 and word.endswith(letter) and word[1:].isalpha() and word.isascii():
                    return self.arguments[position + 1] if position + 1 < len(self.arguments) else ""
        return None
