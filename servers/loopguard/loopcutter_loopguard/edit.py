"""Edits as attempts at one idea: what was changed where, compared without the dress the code wears."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from loopcutter_loopguard.normal_form import differs_in_meaning, exact_form, likeness, normal_form


@dataclass(frozen=True)
class Change:
    """One place of a file before and after."""

    path: str
    old: str
    new: str
    symbol: str = ""
    """The function or class that is replaced whole; empty when the place is named otherwise."""
    line: int = 0
    """First line of the place in the file before the change, counted from 1; 0 when unknown."""
    last: int = 0
    """Last line of the place before the change; 0 when unknown."""
    kept: str = ""
    """Lines around it that stay as they are and help to name the place."""
    linked: frozenset[str] = frozenset()
    """Lines that stood in this place in earlier attempts: an edit of what an edit left is in the same place."""

    @cached_property
    def form(self) -> tuple[str, ...]:
        """The normal form of what it puts in."""
        return normal_form(self.new, self.path)

    @cached_property
    def old_form(self) -> tuple[str, ...]:
        """The normal form of what it takes out."""
        return normal_form(self.old, self.path)

    @cached_property
    def before(self) -> frozenset[str]:
        """Lines that name the place before the change."""
        return (
            frozenset(line for line in (*exact_form(self.old), *exact_form(self.kept)) if len(line) > 3) | self.linked
        )

    @cached_property
    def after(self) -> frozenset[str]:
        """Lines that name the place after the change."""
        return frozenset(line for line in exact_form(self.new) if len(line) > 3)

    def one_place(self, other: "Change") -> bool:
        """Whether both change the same place of the same file."""
        if self.path != other.path:
            return False
        if self.symbol or other.symbol:
            return self.symbol == other.symbol
        if self.line and other.line:
            return self._touches(other)
        if not self.before or not other.before:
            return not self.before and not other.before
        return bool(self.before & other.before or self.before & other.after or self.after & other.before)

    def near(self, other: "Change", similarity: float) -> bool:
        """Whether both try one idea at one place."""
        if not self.one_place(other):
            return False
        if self.form == other.form:
            return bool(self.form) or self.old_form == other.old_form
        return likeness(self.form, other.form) >= similarity and not differs_in_meaning(self.form, other.form)

    def _touches(self, other: "Change") -> bool:
        lengths = [max(1, len(c.old.splitlines()), len(c.new.splitlines())) for c in (self, other)]
        return self.line < other.line + lengths[1] + 1 and other.line < self.line + lengths[0] + 1


@dataclass(frozen=True)
class Edit:
    """All changes that one call makes."""

    changes: tuple[Change, ...]

    @property
    def paths(self) -> frozenset[str]:
        """The files it touches."""
        return frozenset(change.path for change in self.changes)

    def to_the_letter(self, other: "Edit") -> bool:
        """Whether both make the same changes, layout included."""
        return [(c.path, c.line, c.last, c.old, c.new) for c in self.changes] == [
            (c.path, c.line, c.last, c.old, c.new) for c in other.changes
        ]

    def linked_to(self, earlier: Iterable["Edit"]) -> "Edit":
        """The same edit, with what stood in its places in earlier attempts."""
        known = [change for edit in earlier for change in edit.changes]
        return Edit(tuple(_linked(change, known) for change in self.changes))

    def near(self, other: "Edit", similarity: float) -> bool:
        """Whether both try one idea at one place: only dress, made-up names and numbers differ."""
        if len(self.changes) != len(other.changes) or self.paths != other.paths:
            return False
        left = list(other.changes)
        for change in self.changes:
            match = next((candidate for candidate in left if change.near(candidate, similarity)), None)
            if match is None:
                return False
            left.remove(match)
        return True

    def overlaps(self, other: "Edit") -> bool:
        """Whether both change the same place of a file, whatever they put there."""
        return any(mine.one_place(theirs) for mine in self.changes for theirs in other.changes)

    def undoes(self, other: "Edit") -> bool:
        """Whether it takes out what `other` put in and puts back what stood there."""
        return len(self.changes) == len(other.changes) and all(
            mine.path == theirs.path
            and exact_form(mine.old) == exact_form(theirs.new)
            and exact_form(mine.new) == exact_form(theirs.old)
            for mine, theirs in zip(self.changes, other.changes, strict=True)
        )


def _linked(change: Change, known: Iterable[Change]) -> Change:
    if change.symbol or not change.before:
        return change
    lines: set[str] = set()
    for other in known:
        if other.path == change.path and not other.symbol and change.before & (other.before | other.after):
            lines |= other.before | other.after
    return replace(change, linked=frozenset(sorted(lines)[:_LINKED])) if lines else change


LONGEST = 100_000
"""Characters of one text that are compared: its head and its end."""
_LINKED = 400
_HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@")


def from_diff(diff: str, limit: int = 200_000) -> Edit | None:
    """The edit that a unified diff describes; None when it changes nothing."""
    reader = _DiffReader()
    for row in diff[:limit].splitlines():
        reader.read(row)
    reader.close()
    return Edit(tuple(reader.changes)) if reader.changes else None


class _DiffReader:
    """Collects runs of removed and added lines, each one change."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self._path = ""
        self._line = self._start = 0
        self._old: list[str] = []
        self._new: list[str] = []

    def read(self, row: str) -> None:
        if row.startswith(("--- ", "+++ ")) and not self._old:
            self.close()
            self._path = _name(row[4:]) or self._path
        elif found := _HUNK.match(row):
            self.close()
            self._line = int(found.group(1))
        elif row.startswith("-"):
            self._start = self._start or self._line
            self._old.append(row[1:])
            self._line += 1
        elif row.startswith("+"):
            self._start = self._start or self._line
            self._new.append(row[1:])
        else:
            self.close()
            self._line += 1

    def close(self) -> None:
        if self._old or self._new:
            old, new = "\n".join(self._old), "\n".join(self._new)
            self.changes.append(Change(self._path, old, new, line=self._start))
        self._old, self._new, self._start = [], [], 0


def _name(row: str) -> str:
    name = row.split("\t")[0].strip()
    return "" if name == "/dev/null" else plain_path(name[2:] if name[:2] in ("a/", "b/") else name)


def plain_path(path: str) -> str:
    """A path as it is compared: no `./`, no doubled slash."""
    parts = [part for part in path.strip().replace("\\", "/").split("/") if part not in ("", ".")]
    return ("/" if path.startswith("/") else "") + "/".join(parts)


_PATH = (
    "path",
    "file_path",
    "filepath",
    "filename",
    "file",
    "target_file",
    "absolute_path",
    "relative_path",
    "file_name",
)
_OLD = ("search", "old_str", "old_string", "old_text", "old", "old_content", "find", "original", "before")
_NEW = ("replace", "new_str", "new_string", "new_text", "new", "new_content", "replacement", "updated", "after")
_WHOLE = ("content", "file_text", "contents", "source", "code", "text", "insert", "body", "fix")
_LINE = ("start", "start_line", "line", "insert_line", "line_number", "near_line")


def pick(arguments: Mapping[str, Any], names: Sequence[str]) -> Any:
    """The first of the named arguments that is there."""
    return next((arguments[name] for name in names if arguments.get(name) is not None), None)


def from_arguments(arguments: Mapping[str, Any]) -> Edit | None:
    """The edit that a tool's arguments ask for, whatever the tool calls them."""
    changes = tuple(_changes(arguments, ""))[:200]
    return Edit(changes) if changes else None


def _changes(arguments: Mapping[str, Any], outer_path: str, depth: int = 0) -> Iterator[Change]:
    patch = pick(arguments, ("patch", "diff"))
    if isinstance(patch, str) and (edit := from_diff(patch)):
        yield from edit.changes
        return
    path = pick(arguments, _PATH)
    path = plain_path(path) if isinstance(path, str) else outer_path
    several = pick(arguments, ("edits", "changes", "replacements", "operations", "changes_dicts", "modifications"))
    if isinstance(several, list) and depth < 3:
        for one in several[:200]:
            if isinstance(one, Mapping):
                yield from _changes(one, path, depth + 1)
        return
    old, new = pick(arguments, _OLD), pick(arguments, _NEW)
    line = pick(arguments, _LINE)
    line, last = (_line(number) for number in (line, pick(arguments, ("end", "end_line", "last"))))
    symbol = arguments.get("symbol")
    if isinstance(old, str) or isinstance(new, str):
        yield _trimmed(Change(path, _words(old), _words(new), line=line))
    elif isinstance(whole := pick(arguments, _WHOLE), str) and (path or symbol):
        yield Change(path, "", _words(whole), symbol if isinstance(symbol, str) else "", line, last)
    elif isinstance(target := pick(arguments, ("to", "destination", "new_path")), str):
        yield Change(path, path, target)
    elif arguments.get("kind") == "delete":
        yield Change(path, path, "")


def _line(value: Any) -> int:
    if isinstance(value, str) and value.isdigit():
        return int(value[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _words(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return value if len(value) <= LONGEST else value[: LONGEST // 2] + value[-LONGEST // 2 :]


def _trimmed(change: Change) -> Change:
    """Without the lines that stand unchanged around it, so that a wider search text makes no other edit."""
    old, new = change.old.splitlines(), change.new.splitlines()
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    if not old and not new:
        return change
    return replace(change, old="\n".join(old), new="\n".join(new), kept=change.old)
