"""What a shell command is after, in a form that is the same for all its spellings."""

import posixpath
import re
from dataclasses import dataclass

from loopcutter_loopguard.edit import Edit, plain_path


@dataclass(frozen=True)
class Span:
    """Lines of a file that a call shows. `last` 0 means: to the end."""

    path: str
    first: int = 1
    last: int = 0


@dataclass(frozen=True)
class Query:
    """A search: the words it looks for, in any order, and where."""

    words: frozenset[str]
    scopes: frozenset[str]


@dataclass(frozen=True)
class Intent:
    """What one command is after."""

    kind: str
    """`edit`, `test`, `run`, `read`, `search`, `list`, `wait` or `switch` (the workspace, by version control)."""
    key: str
    spans: tuple[Span, ...] = ()
    query: Query | None = None
    seconds: float = 0.0
    edit: Edit | None = None
    changes: bool = False
    """Whether it may change the workspace, or what programs find around it."""
    restores: bool = False
    """Whether it takes changes back."""


_WORD = re.compile(r"\w+")


def place(path: str, folder: str = "") -> str:
    """A path as it is compared, seen from the folder the session started in as far as that is known."""
    if not path.startswith("/") and folder not in ("", ".") and not folder.startswith(("/", "~", "$", "-")):
        path = posixpath.join(folder, path)
    plain = plain_path(posixpath.normpath(path)) if path else ""
    return "" if plain == "." else plain


def search_words(pattern: str) -> frozenset[str]:
    """The words of a pattern: their order, quotes and escapes don't count."""
    words = frozenset(_WORD.findall(re.sub(r"\\[bwsdWSDB]", " ", pattern)))
    return words or frozenset({pattern.strip()})
