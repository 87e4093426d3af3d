"""Bringing an attempt to the user: into the working tree as it is now, or onto a new branch that leaves it alone.

Both are three-way: what the attempt changed since it was opened is merged into what the user has by now. A conflict in
one file means that no file is written.
"""

from dataclasses import dataclass
from pathlib import Path

from loopcutter_vcs.errors import PathRefused, shown
from loopcutter_vcs.folder import File, Folder
from loopcutter_vcs.journal import Journal, Step
from loopcutter_vcs.ledger import Ledger
from loopcutter_vcs.merging import Conflict, Merger
from loopcutter_vcs.once import Once
from loopcutter_vcs.path import under
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
    """What an attempt changed."""

    files: dict[str, tuple[File | None, File | None]]
    """By path, the file of its base and that of its result."""
    come: set[str]
    """Folders that are empty in its result, and were not so in its base."""
    go: set[str]
    """Folders that were empty in its base, and are gone in its result, or filled."""

    @classmethod
    def between(cls, store: Store, base: str, result: str) -> "Attempt":
        """The changes from tree `base` to tree `result`."""
        changes = store.changes(base, result)
        contents = store.files({blob for change in changes.files for blob in (change.old, change.new) if blob})
        files = {
            change.path: (
                contents[change.old] if change.old else None,
                contents[change.new] if change.new else None,
            )
            for change in changes.files
        }
        return cls(files, changes.come, changes.go)


def apply(store: Store, repository: Repository, base: str, result: str, once: Once[Applied]) -> Applied:
    """Merge what changed from `base` to `result` into the user's working tree."""
    journal = journal_of(store, repository.root, once.ledger, once.name)
    journal.recover()
    known = once.known()
    if known is not None:
        return known
    attempt = Attempt.between(store, base, result)
    folder, merger = Folder(repository.root), Merger(store)
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
    coming = {path for path in attempt.come if not (repository.root / path).is_dir()}
    conflicts += [path for path in sorted(coming) if not _has_room(folder, path, deleted)]
    if conflicts:
        return Applied([], "", "", [shown(path) for path in conflicts])
    # A folder that was empty and holds something by now, because of the attempt or of the user, stays.
    going = {path for path in attempt.go if not any(under(step.path, (path,)) for step in steps if step.after)}
    there = {path for path in going if _is_empty(repository.root / path)}
    changed = sorted([*(step.path for step in steps), *(f"{path}/" for path in coming | there)])
    applied = Applied([shown(path) for path in changed], "", "", [])
    replace_all(journal, steps, come=coming, go=there, done=lambda: once.keep(applied))
    return applied


def journal_of(store: Store, root: Path, ledger: Ledger, request: str = "") -> Journal:
    """Where changes of the user's working tree are written down before they are made, and for which `request`."""
    return Journal(store.folder / "applying", Folder(root), request, ledger.is_answered)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())


def _has_room(folder: Folder, path: str, deleted: list[str]) -> bool:
    """Whether there can be a folder at `path`: neither a file nor a link stands there or above."""
    try:
        return standing(folder, path, deleted) is None or path in deleted
    except PathRefused:
        return False
