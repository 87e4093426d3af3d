"""What is different between two states: which files, and for text how, within bounds."""

import difflib
from dataclasses import dataclass
from typing import Literal

from loopcutter_sandbox.layout import Node
from loopcutter_sandbox.output import readable, shown
from loopcutter_sandbox.report import FileChange
from loopcutter_sandbox.state import State, States

MOST_FILES = 2_000
MOST_TEXT = 60_000
"""Characters of all patches together."""
_LONGEST = 200_000
"""Bytes of a file that is compared line by line."""


@dataclass(frozen=True)
class Difference:
    """All that is different."""

    since: str
    """The state that was compared with."""
    state: str
    files: tuple[FileChange, ...]
    patch: str
    """Unified, for text of moderate length."""
    truncated: bool
    """Whether files or parts of the patch were left out."""


def compare(states: States, old: State, new: State) -> Difference:
    """What leads from `old` to `new`."""
    paths = sorted(path for path in old.nodes.keys() | new.nodes.keys() if old.nodes.get(path) != new.nodes.get(path))
    files = tuple(_change(path, old.nodes.get(path), new.nodes.get(path)) for path in paths[:MOST_FILES])
    patch, cut = _patch(states, old, new, paths[:MOST_FILES])
    return Difference(old.id, new.id, files, patch, cut or len(paths) > MOST_FILES)


def _change(path: str, old: Node | None, new: Node | None) -> FileChange:
    name = shown(path)
    kinds: dict[str, Literal["file", "link", "folder"]] = {"120000": "link", "040000": "folder"}
    if new is None:
        assert old is not None
        return FileChange(name, "removed", kinds.get(old.mode, "file"), "", 0)
    kind = kinds.get(new.mode, "file")
    change: Literal["added", "modified", "permissions"] = "modified"
    if old is None:
        change = "added"
    elif old.blob == new.blob and kinds.get(old.mode, "file") == kind:
        change = "permissions"
    return FileChange(name, change, kind, f"{new.permissions:04o}", new.size)


def _patch(states: States, old: State, new: State, paths: list[str]) -> tuple[str, bool]:
    sides = [(path, old.nodes.get(path), new.nodes.get(path)) for path in paths]
    wanted = [node for _, *nodes in sides for node in nodes if node is not None and node.size <= _LONGEST]
    contents = states.contents(wanted)
    parts: list[str] = []
    length = 0
    for path, before, after in sides:
        left, right = _text(before, contents), _text(after, contents)
        if left is None or right is None or left == right:
            continue
        lines = difflib.unified_diff(
            left.splitlines(),
            right.splitlines(),
            f"a/{shown(path)}" if before else "/dev/null",
            f"b/{shown(path)}" if after else "/dev/null",
            lineterm="",
        )
        part = "\n".join(lines) + "\n"
        length += len(part)
        if length > MOST_TEXT:
            return "".join(parts), True
        parts.append(part)
    return "".join(parts), any(node.size > _LONGEST for _, *nodes in sides for node in nodes if node is not None)


def _text(node: Node | None, contents: dict[str, bytes]) -> str | None:
    """The file as text, or None for what is none."""
    if node is None:
        return ""
    data = contents.get(node.blob)
    return None if data is None or b"\0" in data else readable(data)
