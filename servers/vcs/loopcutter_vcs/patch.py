"""Unified diffs as models write them: taken apart into edits that find their places themselves.

The line numbers of a hunk are at most a hint and its counts are not looked at; models get both wrong. What counts are
the lines: those with a blank or a minus are what stands there, those with a blank or a plus what comes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from loopcutter_vcs.errors import EditRefused
from loopcutter_vcs.kinds import Create, Delete, Patch, Rename, Replace, Simple

_HUNK = re.compile(r"@@(?: -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@)?")
_NOWHERE = "/dev/null"


@dataclass
class _Hunk:
    line: int | None
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


@dataclass
class _Section:
    """What a diff says of one file."""

    old: str = ""
    new: str = ""
    renamed: bool = False
    added: bool = False
    deleted: bool = False
    hunks: list[_Hunk] = field(default_factory=list)


def edits_of(patch: Patch) -> list[Simple]:
    """The edits that `patch` stands for."""
    sections = [section for section in _sections(patch.patch.splitlines()) if section.hunks or section.old != ""]
    edits = [edit for section in sections for edit in _edits(section, patch.path)]
    if not edits:
        raise EditRefused("the diff holds no hunk: give lines that start with ' ', '-' or '+' below a line '@@'")
    return edits


def _edits(section: _Section, path: str) -> Iterator[Simple]:
    old, new = section.old or path, section.new or path
    if not old or not new:
        raise EditRefused("the diff does not say of which file it is: give path, or lines '--- a/…' and '+++ b/…'")
    if old == _NOWHERE or section.added:
        yield Create("create", new, "".join(f"{line}\n" for hunk in section.hunks for line in hunk.new))
        return
    if new == _NOWHERE or section.deleted:
        yield Delete("delete", old)
        return
    for hunk in section.hunks:
        if hunk.old == hunk.new:
            continue
        if not any(line.strip() for line in hunk.old):
            raise EditRefused(
                f"a hunk for {old} adds lines without showing where: put an unchanged line before or after them"
            )
        yield Replace("replace", old, _text(hunk.old), _text(hunk.new), hunk.line)
    if section.renamed or old != new:
        yield Rename("rename", old, new)


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _sections(lines: list[str]) -> Iterator[_Section]:
    section, hunk = _Section(), None
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        starts = line.startswith("--- ") and following.startswith("+++ ")
        if line.startswith("diff --git ") or (starts and hunk is not None):
            yield section
            section, hunk = _Section(), None
        if hunk is None or line.startswith("@@"):
            found = _HUNK.match(line)
            if found:
                hunk = _Hunk(int(found[1]) if found[1] else None)
                section.hunks.append(hunk)
            else:
                _header(section, line)
        elif line.startswith("-"):
            hunk.old.append(line[1:])
        elif line.startswith("+"):
            hunk.new.append(line[1:])
        elif not line.startswith("\\"):  # "\ No newline at end of file"
            same = line.removeprefix(" ")
            hunk.old.append(same)
            hunk.new.append(same)
    yield section


def _header(section: _Section, line: str) -> None:
    word, _, rest = line.partition(" ")
    if word == "---":
        section.old = _path(rest, "a/")
    elif word == "+++":
        section.new = _path(rest, "b/")
    elif line.startswith("rename from "):
        section.old, section.renamed = line.removeprefix("rename from "), True
    elif line.startswith("rename to "):
        section.new = line.removeprefix("rename to ")
    elif line.startswith("new file mode"):
        section.added = True
    elif line.startswith("deleted file mode"):
        section.deleted = True


def _path(rest: str, prefix: str) -> str:
    """The path of a header line, without git's prefix and diff's time stamp."""
    path = rest.partition("\t")[0].strip()
    return path.removeprefix(prefix)
