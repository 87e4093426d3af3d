"""Where workspaces are opened and found again: the stores of several repositories under one folder."""

import hashlib
import os
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from loopcutter_vcs.applying import Applied, apply, journal_of
from loopcutter_vcs.branching import apply_to_branch, unlock_branch
from loopcutter_vcs.checkpoint import Checkpoint, checkpoint
from loopcutter_vcs.digest import history
from loopcutter_vcs.errors import Unknown, UnusableRepository, UnusableStore
from loopcutter_vcs.housekeeping import Collected, Limits, collect, is_due, pool_of, size, tidy
from loopcutter_vcs.ledger import HANDLE, Entry, Ledger
from loopcutter_vcs.lock import locked
from loopcutter_vcs.once import Once
from loopcutter_vcs.progress import Progress, unobserved
from loopcutter_vcs.publishing import Published, Remotes
from loopcutter_vcs.repository import Head, Repository, make_repository
from loopcutter_vcs.room import Room, sweep
from loopcutter_vcs.store import Store
from loopcutter_vcs.survey import survey
from loopcutter_vcs.workspace import Workspace, named
from loopcutter_vcs.worktree import Worktree


@dataclass(frozen=True)
class Opened:
    """A new workspace, and what was found in the user's repository."""

    workspace: str
    repository: str
    """The name the server knows it by."""
    base: Checkpoint
    """The user's working tree as it was found."""
    head: str | None
    """The commit checked out; none on a branch without commits."""
    branch: str | None
    """None when HEAD is detached."""
    warnings: list[str]
    attempt: str = ""
    """The branch of the store that the attempt is on."""
    folder: str = ""
    """Where the files are laid out, if that was asked for; what is changed there gets into checkpoints as well."""


_OPENED = TypeAdapter(Opened)
_APPLIED = TypeAdapter(Applied)
_PUBLISHED = TypeAdapter(Published)
_COLLECTED = TypeAdapter(Collected)


@dataclass(frozen=True)
class Kept:
    """A workspace that can still be used, or at least compared and applied."""

    workspace: str
    repository: str
    finished: bool
    opened: float
    """Seconds since 1970, as is the next one."""
    changed: float


@dataclass(frozen=True)
class Status:
    """What a server keeps."""

    repositories: list[str]
    workspaces: list[Kept]
    """The newest last."""
    bytes: int
    """On disk, of the whole store."""


class Workshop:
    """All workspaces of one store folder, for the repositories this server was started with."""

    def __init__(self, folder: Path, repositories: Mapping[str, Path], *, init: bool = False) -> None:
        self._init = init
        self._folder = folder.resolve()
        self._repositories = {name: path.resolve() for name, path in repositories.items()}
        for root in self._repositories.values():
            if root == self._folder or root in self._folder.parents:
                raise UnusableStore(f"the store {folder} lies inside the repository {root}: choose a folder outside it")
        self._ledger = Ledger(self._folder / "ledger.sqlite")
        self._room: Room | None = None
        self._door = threading.Lock()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sweep(self._folder / "work")
            for root in self._repositories.values():
                self._recover(root)
        except OSError as error:
            raise UnusableStore(
                f"the store {folder} can't be used ({error}): check the disk and its permissions"
            ) from None

    def open(self, name: str = "", progress: Progress = unobserved, *, files: bool = False, key: str = "") -> Opened:
        """A new workspace on the user's working tree as it is now; with `files` it is laid out in a folder."""
        name = name or self._only_repository()
        if name not in self._repositories:
            raise Unknown(f"there is no repository {name!r}: this server has {', '.join(sorted(self._repositories))}")
        if self._init:
            make_repository(self._repositories[name])
        repository = Repository.at(self._repositories[name])
        store = self._store(repository.root)
        store.prepare()
        once = Once(self._ledger, f"open {repository.root}", key, f"open {files}", _OPENED)
        with locked(store.in_use, shared=True):
            known = once.known()
            opened = known or self._opened(name, repository, store, progress, once)
        if files and not self._ledger.find(opened.workspace).finished:
            progress(1, 1, "laying out the workspace")
            opened = replace(opened, folder=str(self.find(opened.workspace).lay_out()))
        return opened

    def _opened(
        self, name: str, repository: Repository, store: Store, progress: Progress, once: Once[Opened]
    ) -> Opened:
        progress(0, 1, "looking at the repository")
        head = repository.head()
        found = survey(repository, store, progress)
        base = checkpoint(found.tree, "base", None)
        workspace = f"{HANDLE}{secrets.token_hex(8)}"
        attempt = f"attempt/{workspace}"
        warnings = [*_remarks(head), *found.warnings]
        opened = Opened(workspace, name, base, head.commit, head.branch, warnings, attempt)
        self._ledger.add(workspace, repository.root, base, found.left_out, once.report(opened))
        store.advance(attempt, base)
        return opened

    def find(self, workspace: str) -> Workspace:
        """The workspace with this handle, also one of a server that is gone."""
        store = self._store(self._entry(workspace).repository)
        locks = store.folder / "locks"
        locks.mkdir(mode=0o700, exist_ok=True)
        lock = locks / workspace
        lock.touch(mode=0o600)
        worktree = Worktree(store, self._home() / workspace)
        return Workspace(workspace, self._ledger, store, worktree, pool_of(store), lock)

    def tree(self, workspace: str, checkpoint_id: str = "") -> tuple[Store, str]:
        """The tree of a checkpoint (of the current one, if none is named) and where its objects are."""
        entry = self._entry(workspace)
        return self._store(entry.repository), named(self._ledger, entry, checkpoint_id).tree

    def apply(
        self, workspace: str, checkpoint_id: str = "", branch: str = "", message: str = "", key: str = ""
    ) -> Applied:
        """Bring what a checkpoint changed since the base to the user: into the working tree, or onto a new branch."""
        entry = self._entry(workspace)
        store, tree = self.tree(workspace, checkpoint_id)
        repository = Repository.at(entry.repository)
        once = Once(self._ledger, f"apply {workspace}", key, f"{checkpoint_id} {branch} {message}", _APPLIED)
        with locked(store.folder / "apply.lock-file"):
            if not branch:
                return apply(store, repository, entry.base.tree, tree, once)
            words = message or f"Apply the attempt of workspace {workspace}"
            return apply_to_branch(store, repository, entry.base.tree, tree, branch, words, once)

    def publish(
        self,
        workspace: str,
        remotes: Remotes,
        remote: str,
        checkpoint_id: str = "",
        progress: Progress = unobserved,
        key: str = "",
    ) -> Published:
        """Send the files of a checkpoint to one of `remotes`."""
        store, tree = self.tree(workspace, checkpoint_id)
        once = Once(self._ledger, f"publish {workspace}", key, f"{remote} {checkpoint_id}", _PUBLISHED)

        def past() -> str:
            return history(self._entry(workspace).repository, store, tree)

        with locked(store.in_use, shared=True):
            return once.carried_out(lambda: remotes.publish(store, remote, tree, progress, past))

    def finish(self, workspace: str, key: str = "") -> bool:
        """Close a workspace; once a day, also throw away what is old."""
        store = self._store(self._entry(workspace).repository)
        closed = self.find(workspace).finish(key)
        if is_due(store):
            collect(store, self._ledger, self._entries(store), Limits())
        else:
            tidy(store)
        return closed

    def collect(self, limits: Limits, key: str = "") -> Collected:
        """Throw away what is beyond `limits`, in the stores of all repositories of this server."""
        once = Once(self._ledger, "gc", key, f"gc {limits}", _COLLECTED)
        return once.carried_out(lambda: self._collected(limits))

    def _collected(self, limits: Limits) -> Collected:
        stores = {self._store(root) for root in self._repositories.values()}
        done = [
            collect(store, self._ledger, self._entries(store), limits) for store in stores if store.git_dir.is_dir()
        ]
        return Collected(
            [workspace for one in done for workspace in one.workspaces],
            sum(one.bytes_before for one in done),
            sum(one.bytes_after for one in done),
        )

    def status(self) -> Status:
        """What this server keeps."""
        entries = [entry for entry in self._ledger.all() if entry.repository in self._repositories.values()]
        names = {root: name for name, root in self._repositories.items()}
        kept = [
            Kept(entry.id, names[entry.repository], entry.finished, entry.base.created, entry.current.created)
            for entry in entries
        ]
        return Status(sorted(self._repositories), kept, size(self._folder))

    def close(self) -> None:
        """Take down the worktrees of this server. Workspaces can be used again; they are then laid out anew."""
        self._ledger.close()
        with self._door:
            if self._room is not None:
                self._room.leave()
                self._room = None

    def _entry(self, workspace: str) -> Entry:
        entry = self._ledger.find(workspace)
        if entry.repository not in self._repositories.values():
            raise Unknown(
                f"workspace {workspace} belongs to {entry.repository}, which this server does not serve: "
                "start it with --repository for that folder"
            )
        return entry

    def _recover(self, root: Path) -> None:
        """Take back what an `apply` did whose server was killed in the middle of it."""
        store = self._store(root)
        if store.folder.is_dir() and root.is_dir():
            with locked(store.folder / "apply.lock-file"):
                journal_of(store, root, self._ledger).recover()
                if (root / ".git").exists():
                    with suppress(UnusableRepository):  # `open` will say what is wrong with it
                        unlock_branch(store, Repository.at(root), self._ledger)

    def _entries(self, store: Store) -> list[Entry]:
        return [entry for entry in self._ledger.all() if self._store(entry.repository) == store]

    def _only_repository(self) -> str:
        if len(self._repositories) == 1:
            return next(iter(self._repositories))
        raise Unknown(f"name one of the repositories of this server: {', '.join(sorted(self._repositories)) or 'none'}")

    def _store(self, root: Path) -> Store:
        return Store(self._folder / hashlib.sha256(os.fsencode(root)).hexdigest()[:16])

    def _home(self) -> Path:
        with self._door:
            if self._room is None:
                self._room = Room.claim(self._folder / "work")
            return self._room.folder


def _remarks(head: Head) -> list[str]:
    remarks = []
    if head.branch is None:
        remarks.append("HEAD is detached: the user is on no branch")
    if head.commit is None:
        remarks.append("there is no commit yet: a fix can be applied to the working tree, but not as a branch")
    return remarks
