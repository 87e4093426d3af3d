"""A whole working tree as git objects: how it is received, read and laid out as files."""

from loopcutter_snapshots.errors import (
    GitFailed,
    GitMissing,
    GitTimeout,
    NotEmpty,
    SnapshotError,
    UnknownBlob,
    UnknownPath,
    UnknownTree,
)
from loopcutter_snapshots.git import git
from loopcutter_snapshots.lasting import Lasting, Object, listed_mode, tree_entries
from loopcutter_snapshots.store import Entry, ObjectStore, leads_elsewhere

__all__ = [
    "Entry",
    "GitFailed",
    "GitMissing",
    "GitTimeout",
    "Lasting",
    "NotEmpty",
    "Object",
    "ObjectStore",
    "SnapshotError",
    "UnknownBlob",
    "UnknownPath",
    "UnknownTree",
    "git",
    "leads_elsewhere",
    "listed_mode",
    "tree_entries",
]
