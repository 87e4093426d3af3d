"""One attempt: its files, and the way between its checkpoints.

Calls on the same workspace wait for each other, also between processes. A checkpoint is written down before anything
that could need it, and the worktree can be laid out again at any time, so a server that dies in the middle of a call
leaves the workspace where it was before.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from loopcutter_vcs.checkpoint import Checkpoint, checkpoint
from loopcutter_vcs.diff import Diff, diff
from loopcutter_vcs.edit import Edit, Match, Planner, planned
from loopcutter_vcs.errors import EditRefused, Finished, shown
from loopcutter_vcs.ledger import Entry, Ledger, Report
from loopcutter_vcs.lock import locked
from loopcutter_vcs.replacing import Step, replace_all
from loopcutter_vcs.store import Store
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


_REPORT = TypeAdapter(EditReport)


@dataclass(frozen=True)
class Workspace:
    """One attempt, by its handle."""

    id: str
    ledger: Ledger
    store: Store
    worktree: Worktree
    lock: Path

    def checkpoint(self, label: str) -> Checkpoint:
        """Remember the state of all files."""
        with locked(self.lock):
            entry = self._ready()
            made = checkpoint(self.worktree.take_all(), label, entry.current)
            self.ledger.record(self.id, made, current=made)
            return made

    def edit(self, edits: list[Edit], key: str = "") -> EditReport:
        """Make all `edits` or none. Under a `key` they are made once, however often they are asked for."""
        with locked(self.lock):
            entry = self._ready()
            request = hashlib.sha256(repr(edits).encode("utf-8", "surrogatepass")).hexdigest()
            known = self.ledger.report(self.id, key) if key else None
            if known is not None:
                return _repeated(known, request)
            plan = planned(Planner(self.worktree.files, self._paths, entry.left_out), edits)
            paths = plan.changed()
            try:
                replace_all(self.worktree.files, [Step(path, plan.before[path], plan.after[path]) for path in paths])
                tree = self.worktree.take(paths) if paths else entry.current.tree
                made = checkpoint(tree, f"edit {', '.join(map(shown, paths))}"[:200], entry.current)
                changes = diff(self.store, entry.current.tree, tree)
                report = EditReport(made, [shown(path) for path in paths], plan.matches, changes.unified)
                kept = Report(key, request, _REPORT.dump_json(report).decode()) if key else None
                self.ledger.record(self.id, made, current=made, report=kept)
            except BaseException:
                self.worktree.remove()  # the next call lays out what the ledger knows
                raise
            return report

    def diff(self, base: str = "", to: str = "") -> Diff:
        """What changed between two checkpoints: from the one the workspace was opened with to the current one."""
        entry = self.ledger.find(self.id)
        old = self.ledger.checkpoint(self.id, base) if base else entry.base
        new = self.ledger.checkpoint(self.id, to) if to else entry.current
        return diff(self.store, old.tree, new.tree)

    def rollback(self, checkpoint_id: str) -> Rollback:
        """Make all files what they were, to the byte and the mode."""
        with locked(self.lock):
            entry = self._ready()
            target = self.ledger.checkpoint(self.id, checkpoint_id)
            left = self.worktree.take_all_before(target.tree)
            undo = checkpoint(left, f"before rollback to {target.id}", entry.current)
            self.ledger.record(self.id, undo, current=entry.current)
            self.worktree.lay_out(target.tree)
            self.ledger.record(self.id, current=target)
            return Rollback(target, undo)

    def finish(self) -> bool:
        """Take down the files; the checkpoints stay. False when that was done before."""
        with locked(self.lock):
            entry = self.ledger.find(self.id)
            if entry.finished:
                return False
            for home in {entry.folder or self.worktree.home, self.worktree.home}:
                Worktree(self.store, home).remove()
            self.ledger.finish(self.id)
            return True

    def lay_out(self) -> None:
        """Lay out the files, if that is not done."""
        with locked(self.lock):
            self._ready()

    def _ready(self) -> Entry:
        """The workspace as it stands, its files laid out here."""
        entry = self.ledger.find(self.id)
        if entry.finished:
            raise Finished(self.id)
        # Another server may have gone on with the workspace since, in a folder of its own.
        if entry.folder != self.worktree.home or not self.worktree.exists:
            self.worktree.lay_out(entry.current.tree)
            self.ledger.laid_out(self.id, self.worktree.home)
        return entry

    def _paths(self) -> list[str]:
        return [entry.path for entry in self.store.objects.files(self.ledger.find(self.id).current.tree)]


def _repeated(known: Report, request: str) -> EditReport:
    if known.request != request:
        raise EditRefused(f"the idempotency_key {known.key!r} was used for other edits: choose a new one")
    return _REPORT.validate_json(known.report)
