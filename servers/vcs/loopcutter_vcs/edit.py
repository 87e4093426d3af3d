"""The edits an attempt is made of, and what they make of the files: all of them or none.

Nothing is written here. `planned` reads files and says which change to what; edits of the same file build on each
other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from loopcutter_vcs.anchor import newline_of, place, with_newline
from loopcutter_vcs.errors import EditRefused, PathRefused, Unparsable, shown
from loopcutter_vcs.folder import LINK, File, Files
from loopcutter_vcs.kinds import Create, Delete, Edit, Patch, Rename, Replace, Simple, Symbol, Whole
from loopcutter_vcs.patch import edits_of
from loopcutter_vcs.path import inside, under
from loopcutter_vcs.replacing import standing
from loopcutter_vcs.syntax import error_in

_BOM = "\ufeff"


@dataclass(frozen=True)
class Match:
    """Where an edit was made, and how its place was found."""

    path: str
    how: str
    """`exact`, `whitespace`, `indentation`, `fuzzy 0.93`; for edits that need no finding, their kind."""
    line: int


@dataclass(frozen=True)
class Planned:
    """What a list of edits makes of the files."""

    before: dict[str, File | None] = field(default_factory=dict)
    """Every path touched, as it was."""
    after: dict[str, File | None] = field(default_factory=dict)
    """The same paths, as they will be."""
    matches: list[Match] = field(default_factory=list)

    def changed(self) -> tuple[str, ...]:
        """The paths that will differ."""
        return tuple(sorted(path for path, file in self.after.items() if file != self.before[path]))


@dataclass(frozen=True)
class Planner:
    """Works out edits against the files of a workspace."""

    folder: Files
    names: Callable[[str], list[str]]
    """What a folder held at the last checkpoint."""
    known: Callable[[], list[str]]
    """The paths there are, to name the one that was meant."""
    left_out: tuple[str, ...] = ()
    planned: Planned = field(default_factory=Planned)

    def make(self, edit: Edit) -> None:
        """Add one edit to the plan."""
        for simple in edits_of(edit) if isinstance(edit, Patch) else [edit]:
            self._make(simple)

    def _make(self, edit: Simple) -> None:
        path = self._path(edit.path)
        match edit:
            case Replace():
                self._replace(path, edit)
            case Symbol():
                self._symbol(path, edit)
            case Whole():
                old = self._file(path)
                self._write(path, File(_in_style_of(old.content, edit.content), old.mode), "file")
            case Create():
                self._create(path, edit)
            case Delete():
                self._standing(path)
                self._write(path, None, "delete")
            case Rename():
                self._rename(path, self._path(edit.to))

    def _replace(self, path: str, edit: Replace) -> None:
        old = self._file(path)
        text = _text(path, old)
        found = place(path, text, edit.search, edit.replace, edit.near_line)
        new = text[: found.start] + found.text + text[found.end :]
        self._write(path, File(_bytes(new), old.mode), found.how, found.line)

    def _symbol(self, path: str, edit: Symbol) -> None:
        from loopcutter_vcs.symbol import replaced  # loads the grammar

        old = self._file(path)
        if not path.endswith((".py", ".pyi")):
            raise EditRefused(f"symbol edits know Python only, and {shown(path)} is none: use a replace edit")
        content, line = replaced(path, old.content, edit.symbol, edit.source, edit.near_line)
        self._write(path, File(content, old.mode), "symbol", line)

    def _create(self, path: str, edit: Create) -> None:
        if self._now(path) is not None:
            raise PathRefused(path, "exists already", "use kind file to replace all of it, or replace to change a part")
        self._refuse_other_case(path)
        self._write(path, File(_bytes(edit.content)), "create")

    def _rename(self, path: str, to: str) -> None:
        old = self._standing(path)
        if self._now(to) is not None:
            raise PathRefused(to, "exists already", "delete it first, or choose another name")
        self.planned.after[path] = None
        self._refuse_other_case(to)
        self._write(to, old, "rename")

    def _refuse_other_case(self, path: str) -> None:
        """Refuse a new name that macOS and Windows can't tell from one that is there."""
        folder, steps = "", path.split("/")
        for depth, step in enumerate(steps):
            there = {*self.names(folder), *_below(folder, [path for path, file in self.planned.after.items() if file])}
            twins = [name for name in there if name != step and name.casefold() == step.casefold()]
            standing = [f"{folder}/{name}".lstrip("/") for name in sorted(twins)]
            standing = [other for other in standing if depth < len(steps) - 1 or not self._is_deleted(other)]
            if standing and (step not in there or depth == len(steps) - 1):
                raise PathRefused(
                    path, f"differs from {shown(standing[0])!r} only in upper and lower case", "use that spelling"
                )
            folder = f"{folder}/{step}".lstrip("/")

    def _is_deleted(self, path: str) -> bool:
        return path in self.planned.after and self.planned.after[path] is None

    def _path(self, path: str) -> str:
        path = inside(path)
        kept_out = under(path, self.left_out)
        if kept_out is not None:
            raise PathRefused(
                path, "was left out of the workspace", "see the warnings that open gave; edit it yourself"
            )
        return path

    def _now(self, path: str) -> File | None:
        if path not in self.planned.after:
            deleted = [other for other, file in self.planned.after.items() if file is None]
            self.planned.before[path] = self.planned.after[path] = standing(self.folder, path, deleted)
        return self.planned.after[path]

    def _standing(self, path: str) -> File:
        file = self._now(path)
        if file is None:
            near = get_close_matches(path, self.known(), n=1, cutoff=0.6)
            meant = f"did you mean {shown(near[0])}? " if near else ""
            raise PathRefused(path, "does not exist", f"{meant}use kind create for a new file")
        return file

    def _file(self, path: str) -> File:
        file = self._standing(path)
        if file.mode == LINK:
            target = shown(file.content.decode("utf-8", "surrogateescape"))
            raise PathRefused(path, f"is a symbolic link to {target!r}", "edit the file it stands for")
        return file

    def _write(self, path: str, file: File | None, how: str, line: int = 1) -> None:
        self._now(path)
        self.planned.after[path] = file
        self.planned.matches.append(Match(path, how, line))


def planned(planner: Planner, edits: list[Edit]) -> Planned:
    """What `edits` make of the files, or a refusal that says what is wrong with which."""
    for number, edit in enumerate(edits, 1):
        try:
            planner.make(edit)
        except EditRefused as refusal:
            if len(edits) == 1:
                raise
            raise EditRefused(f"edit {number} of {len(edits)} (none was made): {refusal}") from refusal
    _refuse_broken_python(planner.planned)
    return planner.planned


def _refuse_broken_python(planned: Planned) -> None:
    for path in planned.changed():
        new, old = planned.after[path], planned.before[path]
        if new is None or new.mode == LINK or not path.endswith((".py", ".pyi")):
            continue
        if any(file is not None and file.content == new.content for file in planned.before.values()):
            continue  # only renamed
        error = error_in(new.content)
        # What was broken before may stay so; a new file counts as one that was empty.
        if error is not None and (old is None or error_in(old.content) is None):
            raise Unparsable(f"{shown(path)} would no longer parse, {error}: nothing was changed, correct the edit")


def _below(folder: str, paths: Iterable[str]) -> set[str]:
    """The names directly in `folder` that `paths` lead through."""
    start = f"{folder}/" if folder else ""
    return {path[len(start) :].partition("/")[0] for path in paths if path.startswith(start)}


def _text(path: str, file: File) -> str:
    if b"\0" in file.content:
        raise EditRefused(f"{shown(path)} is a binary file: only text can be edited")
    return file.content.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _in_style_of(old: bytes, content: str) -> bytes:
    """`content` with the line ends and the byte order mark of the file it replaces; models know of neither."""
    before = old.decode("utf-8", "surrogateescape")
    if "\r\n" not in content:
        content = with_newline(content, newline_of(before))
    if before.startswith(_BOM) and not content.startswith(_BOM):
        content = _BOM + content
    return _bytes(content)
