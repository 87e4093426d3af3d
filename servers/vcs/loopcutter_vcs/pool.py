"""Worktrees of finished attempts, kept so that the next attempt's files need not all be written again.

Each belongs to nobody while it is here, and to one attempt from the moment it is taken out: that is one rename, which
only one can win. What the earlier attempt left, ignored files included, is removed before the files are used.
"""

import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from loopcutter_snapshots import SnapshotError
from loopcutter_vcs.errors import VcsError
from loopcutter_vcs.removal import remove_all
from loopcutter_vcs.worktree import Worktree

_KEPT = 2
"""Worktrees of one repository; more attempts at a time are rare, and each takes as much room as the user's files."""


@dataclass(frozen=True)
class Pool:
    """The kept worktrees of one repository."""

    folder: Path

    def give(self, worktree: Worktree) -> None:
        """Keep a worktree that nobody needs any more, or take it down."""
        if not worktree.exists:
            worktree.remove()
            return
        self.folder.mkdir(mode=0o700, exist_ok=True)
        kept = self.folder / secrets.token_hex(6)
        os.utime(worktree.home)
        try:
            worktree.home.rename(kept)
        except OSError:  # another disk
            worktree.remove()
        for old in self._newest_first()[_KEPT:]:
            self._take_down(old)

    def lay_out(self, worktree: Worktree, tree: str) -> None:
        """Lay out `tree` in `worktree`, from a kept one if there is any."""
        if self._taken(worktree.home):
            try:
                worktree.lay_out(tree)
                return
            except (OSError, SnapshotError, VcsError):  # whatever somebody did to it: there is another way
                worktree.remove()
        worktree.lay_out(tree)

    def drop(self, older_than: float = 0.0) -> None:
        """Take down what was given more than `older_than` seconds ago."""
        for kept in self._newest_first():
            if kept.stat().st_mtime <= time.time() - older_than:
                self._take_down(kept)

    def _taken(self, home: Path) -> bool:
        if home.exists():
            return False
        for kept in self._newest_first():
            try:
                kept.rename(home)
            except OSError:  # somebody else has it
                continue
            shutil.rmtree(home / "changing", ignore_errors=True)
            return True
        return False

    def _take_down(self, kept: Path) -> None:
        going = kept.with_name(f"{kept.name}.going")
        try:
            kept.rename(going)
        except OSError:  # somebody took it
            return
        remove_all(going)

    def _newest_first(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        found = [(kept.stat().st_mtime, kept) for kept in self.folder.iterdir() if not kept.name.endswith(".going")]
        return [kept for _, kept in sorted(found, reverse=True)]
