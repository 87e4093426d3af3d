"""Throws away what nobody will ask for again: old attempts, their branches and objects, and what killed runs left.

Only in our own store; nothing of the user's is looked at. What an attempt in the ledger names is kept, and so is
everything while somebody works with the store. By age go attempts not used for long; by size the oldest ones, those
first that are finished, until the store is small enough. Attempts used in the last hour always stay.
"""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from loopcutter_snapshots import GitFailed
from loopcutter_vcs.ledger import Entry, Ledger
from loopcutter_vcs.lock import locked
from loopcutter_vcs.memory import Memory
from loopcutter_vcs.pool import Pool
from loopcutter_vcs.removal import remove_all
from loopcutter_vcs.store import Store

DAYS, MEGABYTES = 30.0, 4096.0
"""How long attempts are kept unless told otherwise, and how much room they may take."""

_LATELY = 3600.0
_ONCE_A_DAY = 86_400.0
_MANY = 12
"""Loose objects in one of 256 folders: some 3,000 in all. Each takes a block of the disk, packed they share it."""


@dataclass(frozen=True)
class Limits:
    """What may stay."""

    days: float = DAYS
    megabytes: float = MEGABYTES


@dataclass(frozen=True)
class Collected:
    """What was thrown away."""

    workspaces: list[str]
    """Attempts that are forgotten."""
    bytes_before: int
    bytes_after: int
    """What the store takes on disk."""


def pool_of(store: Store) -> Pool:
    """Where worktrees of a store are kept that nobody needs any more."""
    return Pool(store.folder / "pool")


def tidy(store: Store) -> None:
    """Pack the newest objects when there are many of them."""
    folder = store.git_dir / "objects" / "17"
    if folder.is_dir() and len(list(folder.iterdir())) > _MANY:
        pack(store)


def is_due(store: Store) -> bool:
    """Whether nobody collected for a day; whoever asks is taken to do it now."""
    stamp = store.folder / "collected"
    due = stamp.exists() and stamp.stat().st_mtime < time.time() - _ONCE_A_DAY
    if due or not stamp.exists():
        stamp.touch()
    return due


def collect(store: Store, ledger: Ledger, entries: list[Entry], limits: Limits) -> Collected:
    """Throw away what is beyond `limits` and what nothing names; `entries` are the attempts of `store`."""
    with locked(store.in_use):
        before = size(store.folder)
        used = {entry.id: _last_used(store, entry) for entry in entries}
        now = time.time()
        gone = [entry for entry in entries if used[entry.id] < now - max(limits.days * 86_400, _LATELY)]
        kept = [entry for entry in entries if entry not in gone]
        for entry in gone:
            _forget(store, ledger, entry)
        _sweep(store)
        _drop_displaced(store, now - max(limits.days * 86_400, _LATELY))
        pool_of(store).drop(older_than=max(limits.days * 86_400, _LATELY))
        _prune(store, ledger, kept)
        if size(store.folder) > limits.megabytes * 1_000_000:
            pool_of(store).drop()
        oldest = sorted(kept, key=lambda entry: (not entry.finished, used[entry.id]))
        while oldest and size(store.folder) > limits.megabytes * 1_000_000:
            # Half of them at a time: what an attempt really takes is known only once it is gone.
            some = [entry for entry in oldest[: (len(oldest) + 1) // 2] if used[entry.id] < now - _LATELY]
            if not some:
                break
            for entry in some:
                _forget(store, ledger, entry)
            gone += some
            oldest = [entry for entry in oldest if entry not in some]
            _prune(store, ledger, oldest)
        return Collected([entry.id for entry in gone], before, size(store.folder))


def size(folder: Path) -> int:
    """Bytes on disk of everything below `folder`."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.lstat().st_blocks * 512
    return total


def _last_used(store: Store, entry: Entry) -> float:
    lock = store.folder / "locks" / entry.id  # touched by every call
    opened = lock.stat().st_mtime if lock.exists() else 0.0
    return max(opened, entry.current.created, entry.base.created)


def _forget(store: Store, ledger: Ledger, entry: Entry) -> None:
    ledger.forget(entry.id)
    if entry.folder is not None:
        remove_all(entry.folder)
    (store.git_dir / "refs" / "heads" / "attempt" / entry.id).unlink(missing_ok=True)
    (store.folder / "locks" / entry.id).unlink(missing_ok=True)


def _sweep(store: Store) -> None:
    """Remove what killed processes left; nobody else is at work."""
    for left in (*store.folder.glob("scratch-*"), *store.folder.glob("pool/*.going")):
        remove_all(left)
    for lock in (*store.git_dir.rglob("*.lock"), *store.folder.glob("*.lock")):
        lock.unlink(missing_ok=True)
    for unfinished in (*store.git_dir.glob("shallow.*"), *store.folder.glob("survey.json.*")):
        unfinished.unlink(missing_ok=True)


def _drop_displaced(store: Store, before: float) -> None:
    """Files of broken-off applies whose place the user has taken, see `Journal.recover`."""
    for kept in store.folder.glob("applying.kept-*"):
        if kept.stat().st_mtime < before:
            remove_all(kept)


def _prune(store: Store, ledger: Ledger, kept: list[Entry]) -> None:
    """Pack what the ledger names, and drop everything else."""
    trees = {made.tree for entry in kept for made in ledger.history(entry.id)}
    memory = Memory.load(store.memory)
    store.keep_only(trees | ({memory.tree} if memory else set()))
    pack(store, "-a")
    store.git("prune", "--expire=now")
    store.make_shallow()  # git takes what it finds useless away


def pack(store: Store, how: str = "--geometric=2") -> None:
    """Move loose objects to a pack; small packs are joined now and then."""
    # A second git at the same work fails, and leaves it to the first.
    with suppress(GitFailed):
        store.git("repack", how, "-d", "-l", "-q", settings={"repack.writeBitmaps": "false"})
    store.make_shallow()
