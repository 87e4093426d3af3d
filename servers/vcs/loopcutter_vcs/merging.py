"""Bringing a change of one file to a version of it that went on meanwhile."""

from dataclasses import dataclass

from loopcutter_snapshots import GitFailed
from loopcutter_vcs.folder import LINK, File
from loopcutter_vcs.store import Store


class Conflict(Exception):
    """Both sides changed the same lines, or one of them can't be merged line by line."""


@dataclass(frozen=True)
class Merger:
    """Merges with git's own line merge."""

    store: Store

    def merged(self, base: File | None, new: File | None, current: File | None) -> File | None:
        """`current` with the change from `base` to `new`; raises `Conflict`."""
        if current == base or new == current:
            return new
        if new == base:
            return current
        if base is None or new is None or current is None or LINK in (base.mode, new.mode, current.mode):
            raise Conflict
        return File(self._content(base.content, new.content, current.content), _mode(base, new, current))

    def _content(self, base: bytes, new: bytes, current: bytes) -> bytes:
        if base == new or new == current:
            return current
        if base == current:
            return new
        with self.store.scratch() as scratch:
            sides = [scratch / name for name in ("current", "base", "new")]
            for side, content in zip(sides, (current, base, new), strict=True):
                side.write_bytes(content)
            options = ("-p", "-q", "-L", "current", "-L", "base", "-L", "new")
            try:
                return self.store.git("merge-file", *options, *map(str, sides))
            except GitFailed:  # the exit code is the number of conflicts, or 255 for what is no text
                raise Conflict from None


def _mode(base: File, new: File, current: File) -> str:
    return new.mode if current.mode == base.mode else current.mode
