"""What two trees differ in, for people and models."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from loopcutter_vcs.errors import shown
from loopcutter_vcs.store import Change, Store
from loopcutter_vcs.symbols import SymbolDiff, normal_diff, symbols_of

Status = Literal["added", "deleted", "modified", "renamed"]

_STATUSES: dict[str, Status] = {"A": "added", "D": "deleted", "R": "renamed"}

_LONGEST = 200_000
"""Characters of a unified diff that are shown; what is longer nobody reads and no model can hold."""


@dataclass(frozen=True)
class FileDiff:
    """One file that differs."""

    path: str
    added: int
    """Lines; 0 for a binary file."""
    removed: int
    status: Status
    old_path: str = ""
    """Where it was before it was renamed."""


@dataclass(frozen=True)
class Diff:
    """The difference between two states."""

    files: list[FileDiff]
    unified: str
    stat: str
    """One line: `2 files changed, 3 insertions(+), 1 deletion(-)`."""
    symbols: list[SymbolDiff] = field(default_factory=list)
    """Python classes and functions that differ in more than comments and formatting."""


def diff(store: Store, old: str, new: str, *, by_symbol: bool = False, normalised: bool = False) -> Diff:
    """What changed from tree `old` to tree `new`; `normalised` is without comments and formatting."""
    difference = _by_line(store, old, new)
    if old == new or not (by_symbol or normalised):
        return difference
    versions = dict(_versions(store, store.changes(old, new).files))
    unified = _cut(normal_diff(versions)) if normalised else difference.unified
    symbols = [symbol for path, (one, other) in versions.items() for symbol in symbols_of(path, one, other)]
    return replace(difference, unified=unified, symbols=symbols)


def _versions(store: Store, changes: Iterable[Change]) -> Iterable[tuple[str, tuple[bytes, bytes]]]:
    """The contents of the changed files before and after, empty where there is none."""
    listed = list(changes)
    contents = store.files({blob for change in listed for blob in (change.old, change.new) if blob})
    for change in listed:
        one = contents[change.old].content if change.old else b""
        other = contents[change.new].content if change.new else b""
        yield shown(change.path), (one, other)


def _by_line(store: Store, old: str, new: str) -> Diff:
    if old == new:
        return Diff([], "", _stat([]))
    options = ("-r", "-z", "-M", "--raw", "--numstat", "--patch", "--no-ext-diff", "--no-textconv", "--no-color")
    # Three formats in one output: records that end in a null byte, an empty record, and the patch.
    head, _, patch = store.git("diff-tree", *options, old, new).partition(b"\0\0")
    files = _files(os.fsdecode(head).split("\0"))
    return Diff(files, _cut(patch.decode("utf-8", "backslashreplace")), _stat(files))


def _files(records: list[str]) -> list[FileDiff]:
    waiting = list(reversed(records))
    statuses: dict[str, tuple[Status, str]] = {}
    while waiting and waiting[-1].startswith(":"):
        letter = waiting.pop().rpartition(" ")[2][0]
        old = waiting.pop()
        statuses[waiting.pop() if letter == "R" else old] = (
            _STATUSES.get(letter, "modified"),
            old if letter == "R" else "",
        )
    files = []
    while waiting:
        added, removed, path = waiting.pop().split("\t", 2)
        if not path:  # renamed: the two paths follow
            waiting.pop()
            path = waiting.pop()
        status, old = statuses[path]
        files.append(FileDiff(shown(path), _number(added), _number(removed), status, shown(old)))
    return files


def _number(count: str) -> int:
    return 0 if count == "-" else int(count)


def _stat(files: list[FileDiff]) -> str:
    def counted(number: int, what: str, ending: str = "") -> str:
        return f"{number} {what}{'' if number == 1 else 's'}{ending}"

    added, removed = sum(file.added for file in files), sum(file.removed for file in files)
    changed = counted(len(files), "file", " changed")
    return f"{changed}, {counted(added, 'insertion', '(+)')}, {counted(removed, 'deletion', '(-)')}"


def _cut(patch: str) -> str:
    if len(patch) <= _LONGEST:
        return patch
    end = patch.rfind("\n", 0, _LONGEST) + 1
    return f"{patch[:end]}… {len(patch) - end} more characters are not shown\n"
