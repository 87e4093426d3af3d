"""Which files of a tree are searched, and why the others are not. Made of the last tree's where that is quicker."""

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from loopcutter_retrieval import filters
from loopcutter_retrieval.difference import Change
from loopcutter_retrieval.language import Language
from loopcutter_retrieval.place import Skipped
from loopcutter_retrieval.record import Content
from loopcutter_snapshots import Entry

_UNREADABLE = "\ufffd"
"""Stands for bytes that are not UTF-8: several files may be shown by such a path."""


@dataclass(frozen=True)
class Item:
    """A file of a tree, and what is to be done with it."""

    path: str
    """Fit to be shown: bytes that are not UTF-8 are replaced."""
    entry: Entry
    language: str
    """The name of the language that reads it; empty when none does."""
    reason: str
    """Why it is not searched; empty when it is."""

    @cached_property
    def content(self) -> Content:
        return self.entry.blob, self.language


@dataclass(frozen=True)
class Selection:
    """All files of a tree, in git's order: by the bytes of their paths."""

    items: Sequence[Item]
    homes: tuple[str, ...]
    """The folders of virtual environments, with a slash at the end."""

    @cached_property
    def files(self) -> Mapping[str, Item]:
        """What is searched, by path."""
        return {item.path: item for item in self.items if not item.reason}

    @property
    def contents(self) -> list[Content]:
        return [item.content for item in self.files.values()]

    @cached_property
    def skipped(self) -> tuple[Skipped, ...]:
        """What is not searched; files that no language reads are counted by their suffix."""
        others = Counter((_suffix(item.path), item.reason) for item in self.items if item.reason and not item.language)
        named = [Skipped(item.path, item.reason) for item in self.items if item.reason and item.language]
        counted = (
            Skipped(f"*{suffix or ' without suffix'} ({times})", reason)
            for (suffix, reason), times in others.most_common()
        )
        return (*named, *counted)

    @cached_property
    def _keys(self) -> list[bytes]:
        return [os.fsencode(item.entry.path) for item in self.items]

    def changed(self, changes: Sequence[Change], languages: Mapping[str, Language]) -> "tuple[Selection, Touched]":
        """That of a tree which differs so. Not to be used when a virtual environment comes or goes."""
        items, keys = list(self.items), list(self._keys)
        touched: dict[str, tuple[Item | None, Item | None]] = {}
        readable = True
        for change in changes:
            key = os.fsencode(change.path)
            at = bisect_left(keys, key)
            old = items[at] if at < len(keys) and keys[at] == key else None
            new = classified(change.entry, languages, self.homes) if change.entry is not None else None
            _put(items, keys, at, key, old, new)
            before, after = _searched(old), _searched(new)
            if before or after:
                path = shown(change.path)
                touched[path] = before, after
                readable = readable and _UNREADABLE not in path
        found = Selection(items, self.homes)
        found.__dict__["_keys"] = keys  # as it would be computed, for a fraction of the time
        return found, touched if readable else None


def _put(items: list[Item], keys: list[bytes], at: int, key: bytes, old: Item | None, new: Item | None) -> None:
    if new is None:
        del items[at : at + (old is not None)], keys[at : at + (old is not None)]
    elif old is None:
        items.insert(at, new)
        keys.insert(at, key)
    else:
        items[at] = new


def _searched(item: Item | None) -> Item | None:
    return item if item is not None and not item.reason else None


Touched = Mapping[str, tuple[Item | None, Item | None]] | None
"""The files that two trees have otherwise, or one alone, as they were and as they are searched; nothing when that can't
be told and all have to be looked at."""


def selected(entries: Sequence[Entry], languages: Mapping[str, Language]) -> Selection:
    """That of a tree with these files; `languages` are known by the suffix of the files they read: `.py`."""
    homes = tuple(entry.path.removesuffix("pyvenv.cfg") for entry in entries if is_home(entry.path))
    return Selection([classified(entry, languages, homes) for entry in entries], homes)


def is_home(path: str) -> bool:
    """Whether this file makes its folder a virtual environment."""
    return path.endswith("/pyvenv.cfg")


def classified(entry: Entry, languages: Mapping[str, Language], homes: tuple[str, ...]) -> Item:
    path = shown(entry.path)
    language = languages.get(_suffix(path))
    if language is None:
        return Item(path, entry, "", "no language for it")
    if reason := filters.from_path(entry, homes):
        return Item(path, entry, language.name, reason)
    if language.unavailable:
        return Item(path, entry, "", language.unavailable)
    return Item(path, entry, language.name, "")


def _suffix(path: str) -> str:
    name, dot, ending = path.rpartition("/")[2].rpartition(".")
    return f".{ending.lower()}" if name and dot else ""


def shown(path: str) -> str:
    """A path as git gives it, made fit for JSON."""
    if path.isascii():
        return path
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def summarised(skipped: Sequence[Skipped], most: int) -> tuple[Skipped, ...]:
    """No more than `most`; what is left out is counted by reason."""
    rest = Counter(one.reason for one in skipped[most:])
    return (*skipped[:most], *(Skipped(f"… {times} more", reason) for reason, times in rest.most_common()))
