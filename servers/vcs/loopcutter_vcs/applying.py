"""Bringing an attempt to the user: into the working tree as it is now, or onto a new branch that leaves it alone.

Both are three-way: what the attempt changed since it was opened is merged into what the user has by now. A conflict in
one file means that no file is written.
"""

from dataclasses import dataclass
from pathlib import Path

from loopcutter_vcs.errors import PathRefused, shown
from loopcutter_vcs.folder import File, Folder
from loopcutter_vcs.journal import Journal, Step
from loopcutter_vcs.merging import Conflict, Merger
from loopcutter_vcs.replacing import replace_all, standing
from loopcutter_vcs.repository import Repository
from loopcutter_vcs.store import Store


@dataclass(frozen=True)
class Applied:
    """What became of an attempt in the user's repository."""

    changed: list[str]
    branch: str
    """The branch that was made; empty when the working tree was changed."""
    commit: str
    conflicts: list[str]
    """Files that the user changed in the same places; when there is one, nothing was written."""


@dataclass(frozen=True)
class Attempt:
    """What an attempt changed: by path, the file of its base and that of its result."""

    files: dict[str, tuple[File | None, File | None]]

    @classmethod
    def between(cls, store: Store, base: str, result: str) -> "Attempt":
        """The changes from tree `base` to tree `result`."""
        changes = store.changes(base, result)
        contents = store.files({blob for change in changes for blob in (change.old, change.new) if blob})
        files = {
            change.path: (
                contents[change.old] if change.old else None,
                contents[change.new] if change.new else None,
            )
            for change in changes
        }
        return cls(files)


def apply(store: Store, repository: Repository, base: str, result: str) -> Applied:
    """Merge what changed from `base` to `result` into the user's working tree."""
    attempt = Attempt.between(store, base, result)
    folder, merger = Folder(repository.root), Merger(store)
    journal = journal_of(store, repository.root)
    journal.recover()
    deleted = [path for path, (_, new) in attempt.files.items() if new is None]
    steps, conflicts = [], []
    for path, (old, new) in attempt.files.items():
        try:
            current = standing(folder, path, deleted)
            merged = merger.merged(old, new, current)
        except (Conflict, PathRefused):
            conflicts.append(path)
            continue
        if merged != current:
            steps.append(Step(path, current, merged))
    if conflicts:
        return Applied([], "", "", [shown(path) for path in conflicts])
    replace_all(journal, steps)
    return Applied([shown(step.path) for step in steps], "", "", [])


def journal_of(store: Store, root: Path) -> Journal:
    """Where changes of the user's working tree are written down before they are made."""
    return Journal(store.folder / "applying", Folder(root))
