"""One attempt: its state, its branch, and the way between its checkpoints.

An attempt is a tree of the store. Its files are laid out in a folder only for who asked for that, and then what is
changed there by hand counts as well. Calls on the same workspace wait for each other, also between processes. A
checkpoint is written down before anything that could need it, and the files can be laid out again at any time, so a
server that dies in the middle of a call leaves the workspace where it was before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from loopcutter_vcs.checkpoint import Checkpoint, checkpoint
from loopcutter_vcs.diff import Diff, diff
from loopcutter_vcs.edit import Match, Planned, Planner, planned
from loopcutter_vcs.errors import Finished, Unknown, shown
from loopcutter_vcs.housekeeping import pack
from loopcutter_vcs.journal import Step
from loopcutter_vcs.kinds import Edit
from loopcutter_vcs.ledger import BEST, HANDLE, Entry, Ledger, Report
from loopcutter_vcs.lock import locked
from loopcutter_vcs.once import Once
from loopcutter_vcs.pool import Pool
from loopcutter_vcs.replacing import replace_all
from loopcutter_vcs.store import Store
from loopcutter_vcs.tree import TreeFiles, Trees, reading
from loopcutter_vcs.worktree import Worktree


@dataclass(frozen=True)
class EditReport:
    """What an edit did."""

    checkpoint: Checkpoint
    changed: list[str]
    matches: list[Match]
    diff: str
    """Unified, against the state before."""


@dataclass(frozen=True)
class Rollback:
    """A return to an earlier state."""

    restored: Checkpoint
    undo: Checkpoint
    """The state that was left, so that nothing is lost by going back."""


@dataclass(frozen=True)
class History:
    """The checkpoints of an attempt, and which of them are which."""

    workspace: str
    branch: str
    """Of the store, where the states of the attempt are commits."""
    base: str
    current: str
    best: str | None
    finished: bool
    checkpoints: list[Checkpoint]
    """The newest last."""
    older: int
    """How many before these are not listed."""


_PACKED_EVERY = 200
"""Checkpoints after which their objects are packed, so that the store grows with what changed."""

_CHECKPOINT = TypeAdapter(Checkpoint)
_EDITED = TypeAdapter(EditReport)
_ROLLED_BACK = TypeAdapter(Rollback)
_DONE = TypeAdapter(bool)


@dataclass(frozen=True)
class Workspace:
    """One attempt, by its handle."""

    id: str
    ledger: Ledger
    store: Store
    worktree: Worktree
    pool: Pool
    lock: Path

    @property
    def branch(self) -> str:
        """The branch of the store that the attempt is on."""
        return f"attempt/{self.id}"

    def checkpoint(self, label: str = "", of: str = "", *, best: bool = False, key: str = "") -> Checkpoint:
        """Remember the state of all files, or look up the checkpoint `of`; mark it as the best so far."""
        once = Once(self.ledger, self.id, key, f"checkpoint {label} {of} {best}", _CHECKPOINT)
        with self._alone():
            if of:
                chosen = named(self.ledger, self.ledger.find(self.id), of)
            elif (known := once.known()) is not None:
                chosen = known
            else:
                entry = self._ready()
                chosen = checkpoint(self._tree(entry), label, entry.current)
                self._record(chosen, current=chosen, report=once.report(chosen))
            if best:
                self.ledger.mark(self.id, BEST, chosen)
            return chosen

    def edit(self, edits: list[Edit], key: str = "") -> EditReport:
        """Make all `edits` or none. Under a `key` they are made once, however often they are asked for."""
        once = Once(self.ledger, self.id, key, repr(edits), _EDITED)
        with self._alone(), reading(self.store.git_dir) as trees:
            entry = self._ready()
            known = once.known()
            if known is not None:
                return known
            files = TreeFiles(trees, entry.current.tree)
            standing = self.worktree.files if entry.folder else files
            plan = planned(Planner(standing, files.names, self._paths, entry.left_out), edits)
            paths = plan.changed()
            try:
                tree = self._changed(entry, trees, plan) if paths else entry.current.tree
                made = checkpoint(tree, f"edit {', '.join(map(shown, paths))}"[:200], entry.current)
                changes = diff(self.store, entry.current.tree, tree)
                report = EditReport(made, [shown(path) for path in paths], plan.matches, changes.unified)
                self._record(made, current=made, report=once.report(report))
            except BaseException:
                self.worktree.remove()  # the next call lays out what the ledger knows
                raise
            return report

    def diff(self, base: str = "", to: str = "", *, normalised: bool = False) -> Diff:
        """What changed between two checkpoints: from the one the workspace was opened with to the current one.

        Those of another workspace of the same repository are named `WORKSPACE:CHECKPOINT`, or `WORKSPACE` for where it
        stands.
        """
        entry = self.ledger.find(self.id)
        old, new = _named_anywhere(self.ledger, entry, base or "base"), _named_anywhere(self.ledger, entry, to)
        return diff(self.store, old.tree, new.tree, by_symbol=True, normalised=normalised)

    def history(self, limit: int = 50) -> History:
        """The newest checkpoints, and which are which."""
        entry, made = self.ledger.find(self.id), self.ledger.history(self.id)
        newest = made[-limit:]
        best = entry.best.id if entry.best else None
        return History(
            *(self.id, self.branch, entry.base.id, entry.current.id, best, entry.finished),
            *(newest, len(made) - len(newest)),
        )

    def rollback(self, checkpoint_id: str, key: str = "") -> Rollback:
        """Make all files what they were, to the byte and the mode."""
        once = Once(self.ledger, self.id, key, f"rollback {checkpoint_id}", _ROLLED_BACK)
        with self._alone():
            entry = self._ready()
            known = once.known()
            if known is not None:
                return known
            target = named(self.ledger, entry, checkpoint_id)
            left, changes = self.worktree.take_all_before(target.tree) if entry.folder else (entry.current.tree, None)
            undo = checkpoint(left, f"before rollback to {target.id}", entry.current)
            done = Rollback(target, undo)
            if changes is not None:
                self._record(undo, current=entry.current)
                self.worktree.go_to(target.tree, changes)
                self._record(current=target, report=once.report(done))
            else:
                self._record(undo, current=target, report=once.report(done))
            return done

    def finish(self, key: str = "") -> bool:
        """Take down the files; the checkpoints stay. False when that was done before."""
        once = Once(self.ledger, f"finish {self.id}", key, "finish", _DONE)
        with self._alone():
            entry, known = self.ledger.find(self.id), once.known()
            if known is not None or entry.finished:
                return bool(known)
            for home in {entry.folder or self.worktree.home, self.worktree.home}:
                self.pool.give(Worktree(self.store, home))
            self.ledger.finish(self.id, once.report(True))
            return True

    def lay_out(self) -> Path:
        """Lay out the files, if that is not done, and say where."""
        with self._alone():
            if self._ready().folder is None:
                self._lay_out(self.ledger.find(self.id))
            return self.worktree.files.root

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else works on this workspace, and nobody throws objects away."""
        with locked(self.store.in_use, shared=True), locked(self.lock):
            yield

    def _ready(self) -> Entry:
        """The workspace as it stands, its files laid out here if they are to be laid out."""
        entry = self.ledger.find(self.id)
        if entry.finished:
            raise Finished(self.id)
        if entry.folder is not None:
            self.worktree.unlock()
            # Another server may have gone on with the workspace since, in a folder of its own.
            if entry.folder != self.worktree.home or not self.worktree.exists:
                self._lay_out(entry)
        return entry

    def _lay_out(self, entry: Entry) -> None:
        self.pool.lay_out(self.worktree, entry.current.tree)
        self.ledger.laid_out(self.id, self.worktree.home)

    def _tree(self, entry: Entry) -> str:
        return self.worktree.take_all() if entry.folder else entry.current.tree

    def _changed(self, entry: Entry, trees: Trees, plan: Planned) -> str:
        """The tree once the plan is carried out."""
        paths = plan.changed()
        if entry.folder:
            replace_all(self.worktree.journal, [Step(path, plan.before[path], plan.after[path]) for path in paths])
            self.worktree.take(paths)
        return trees.changed(entry.current.tree, {path: plan.after[path] for path in paths})

    def _record(self, *made: Checkpoint, current: Checkpoint, report: Report | None = None) -> None:
        self.ledger.record(self.id, *made, current=current, report=report)
        self.store.advance(self.branch, current)
        if self.ledger.count(self.id) % _PACKED_EVERY == 0:
            pack(self.store)

    def _paths(self) -> list[str]:
        return [entry.path for entry in self.store.objects.files(self.ledger.find(self.id).current.tree)]


def named(ledger: Ledger, entry: Entry, name: str) -> Checkpoint:
    """The checkpoint with this handle, or the one a word stands for: `base`, `best`, `current` (or nothing)."""
    if name in ("", "current"):
        return entry.current
    if name == "base":
        return entry.base
    if name != BEST:
        return ledger.checkpoint(entry.id, name)
    if entry.best is None:
        raise Unknown(f"no checkpoint of {entry.id} is marked as the best: mark one with checkpoint, or use a handle")
    return entry.best


def _named_anywhere(ledger: Ledger, entry: Entry, name: str) -> Checkpoint:
    """The checkpoint with this name, of this workspace or of another one of its repository."""
    workspace, _, checkpoint = name.partition(":")
    if not workspace.startswith(HANDLE):
        return named(ledger, entry, name)
    other = ledger.find(workspace)
    if other.repository != entry.repository:
        raise Unknown(f"workspace {workspace!r} is of another repository: compare two of the same one")
    return named(ledger, other, checkpoint)
