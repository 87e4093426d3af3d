"""Reads files of a tree, as far as they fit into an answer."""

import difflib

from loopcutter_retrieval.errors import NotText, UnknownPath
from loopcutter_retrieval.parser import Blobs
from loopcutter_retrieval.place import Text
from loopcutter_retrieval.selection import shown
from loopcutter_snapshots import ObjectStore

_MOST_TEXT = 200_000
"""Characters in one answer: a client may refuse more."""


def read(store: ObjectStore, tree: str, path: str, start: int, end: int) -> Text:
    """Lines `start` to `end` of a file, counted from 1; 0 means to the last."""
    entries = {shown(entry.path): entry for entry in store.files(tree)}
    path = path.strip().removeprefix("./").lstrip("/")
    entry = entries.get(path)
    if entry is None:
        nearest = [one for one in entries if one.rpartition("/")[2] == path.rpartition("/")[2]][:3]
        raise UnknownPath(path, nearest or difflib.get_close_matches(path, entries, 3))
    source = content(store, entry.blob)
    if entry.mode == "120000":
        raise NotText(path, f"a symbolic link to {source.decode('utf-8', 'replace')}")
    if b"\0" in source[:8000]:
        raise NotText(path, "a binary file")
    return excerpt(path, source, start, end)


def content(store: Blobs, blob: str) -> bytes:
    return next(source for _, source in store.read_blobs([blob]))


def excerpt(path: str, source: bytes, start: int, end: int) -> Text:
    """The lines asked for, or as many of them as an answer may hold, at least one."""
    lines = source.decode("utf-8", "replace").split("\n")
    if not lines[-1]:
        lines.pop()
    first = max(start, 1)
    last = min(end if end > 0 else len(lines), len(lines))
    room = _MOST_TEXT
    chosen: list[str] = []
    for line in lines[first - 1 : last]:
        room -= len(line) + 1
        if chosen and room < 0:
            break
        chosen.append(line[:_MOST_TEXT])
    return Text(path, first, first - 1 + len(chosen), len(lines), "\n".join(chosen))
