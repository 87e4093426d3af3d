"""What differs between two trees: only the folders that differ are looked into."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from loopcutter_retrieval.plumbing import Plumbing
from loopcutter_snapshots import Entry, listed_mode

_MOST = 2000
"""Changes beyond which it is quicker to list the whole tree."""
_Folder = dict[bytes, tuple[str, str]]


@dataclass(frozen=True)
class Change:
    """A file that one of two trees has otherwise, or alone."""

    path: str
    """With `/`; bytes that are not UTF-8 come as surrogate escapes."""
    entry: Entry | None
    """The file as the second tree has it; nothing when it has none."""


def changes(plumbing: Plumbing, old: str, new: str) -> list[Change] | None:
    """What the second tree has otherwise than the first; nothing when that is much. Submodules are no files."""
    found = list(islice(_changes(plumbing, old, new), _MOST + 1))
    return found if len(found) <= _MOST else None


def _changes(plumbing: Plumbing, old: str, new: str) -> Iterator[Change]:
    open_ = [(b"", old, new)]
    while open_:
        prefix, before, after = open_.pop()
        was: _Folder = plumbing.folder(before) if before else {}
        is_: _Folder = plumbing.folder(after) if after else {}
        for name in dict.fromkeys([*was, *is_]):
            one, other = was.get(name, ("", "")), is_.get(name, ("", ""))
            if one == other:
                continue
            path = prefix + name
            folders = [found[1] if _is_folder(found[0]) else "" for found in (one, other)]
            if any(folders) and folders[0] != folders[1]:
                open_.append((path + b"/", folders[0], folders[1]))
            if _is_file(other[0]):
                mode, blob = other
                yield Change(os.fsdecode(path), Entry(os.fsdecode(path), listed_mode(mode), plumbing.size(blob), blob))
            elif _is_file(one[0]):
                yield Change(os.fsdecode(path), None)


def _is_folder(mode: str) -> bool:
    return mode == "40000"


def _is_file(mode: str) -> bool:
    return mode.startswith("10") or mode == "120000"
