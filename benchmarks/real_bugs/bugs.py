"""What is known of each bug: where its two releases are, what shows it, and how its maintainers mended it."""

import ast
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadData(Exception):
    """The data file says something that can't be so."""


@dataclass(frozen=True)
class Release:
    """One source distribution, named so exactly that nothing else can come in its place."""

    package: str
    version: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.package} {self.version}"


@dataclass(frozen=True)
class Change:
    """One place of the maintainers' mend; `before` stands in the file at least once."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class Bug:
    """One bug: the release that has it, the release that has not, and what tells them apart."""

    name: str
    kind: str
    """What is wrong, in two or three words."""
    buggy: Release
    fixed: Release
    tests: tuple[str, ...]
    """Files and folders: taken from `fixed`, and what pytest is pointed at."""
    fails: tuple[str, ...]
    """Ids of the tests that fail because of the bug."""
    skip: tuple[str, ...]
    """Ids of tests that fail with and without it."""
    pythonpath: str
    """The folder that holds the package, from the root of the distribution."""
    issue: str
    reference: str
    """Where the issue can be read whole."""
    fix: str
    """The maintainers' mend, in a sentence."""
    changes: tuple[Change, ...]

    def mend(self, repository: Path) -> None:
        """Make the maintainers' change in `repository`."""
        for path, text in self._mended(repository).items():
            (repository / path).write_text(text, encoding="utf-8")

    def is_mended_alike(self, repository: Path, original: Path) -> bool:
        """Whether `repository` is `original` with the maintainers' change, but for layout and comments."""
        mended = self._mended(original)
        return all(
            ast.dump(ast.parse((repository / path).read_text("utf-8"))) == ast.dump(ast.parse(text))
            for path, text in mended.items()
        )

    def _mended(self, repository: Path) -> dict[str, str]:
        texts: dict[str, str] = {}
        for change in self.changes:
            text = texts.get(change.path) or (repository / change.path).read_text("utf-8")
            if change.before not in text:
                raise BadData(f"{self.name}: {change.path} does not hold {change.before!r}; correct `before`.")
            texts[change.path] = text.replace(change.before, change.after)
        return texts


def load(path: Path) -> tuple[Bug, ...]:
    """All bugs of a data file."""
    try:
        entries = tomllib.loads(path.read_text("utf-8"))["bug"]
        return tuple(_bug(entry) for entry in entries)
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BadData(
            f"{path} is not a list of bugs: {error!r}; the head of bugs.toml says what it must hold."
        ) from None


def choose(bugs: Sequence[Bug], names: Sequence[str]) -> tuple[Bug, ...]:
    """The bugs of these names, in this order; all of them when no name is given."""
    known = {bug.name: bug for bug in bugs}
    if unknown := [name for name in names if name not in known]:
        raise BadData(f"there is no bug named {unknown[0]}; the names are {', '.join(known)}.")
    return tuple(known[name] for name in names) or tuple(bugs)


def _bug(entry: dict[str, Any]) -> Bug:
    return Bug(
        name=entry["name"],
        kind=entry["kind"],
        buggy=Release(entry["package"], **entry["buggy"]),
        fixed=Release(entry["package"], **entry["fixed"]),
        tests=tuple(entry["tests"]),
        fails=tuple(entry["fails"]),
        skip=tuple(entry.get("skip", ())),
        pythonpath=entry.get("pythonpath", "."),
        issue=entry["issue"].strip(),
        reference=entry["reference"],
        fix=entry["fix"],
        changes=tuple(Change(**change) for change in entry["change"]),
    )
