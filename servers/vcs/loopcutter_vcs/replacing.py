"""Changing several files of a folder: all of them, or none.

Each file is compared with what it was when the change was worked out, just before it is replaced. When one differs, or
can't be written, those already replaced are put back.
"""

from collections.abc import Callable, Collection

from loopcutter_vcs.errors import ApplyRefused, EditRefused, PathRefused, PutBack, shown
from loopcutter_vcs.folder import File, Files
from loopcutter_vcs.journal import Journal, Step
from loopcutter_vcs.path import under


def replace_all(
    journal: Journal,
    steps: list[Step],
    *,
    come: Collection[str] = (),
    go: Collection[str] = (),
    done: Callable[[], None] = lambda: None,
) -> None:
    """Take all `steps` in the folder of `journal`, or leave it as it was, even if this process is killed.

    Before them the empty folders that `go` are removed, after them those that `come` are made. `done` is called when
    all is in place, and is still part of it: when it fails, everything is put back.
    """
    try:
        with journal.during(steps, (*come, *go)):
            for folder in sorted(go, reverse=True):
                journal.folder.remove_folder(folder)
            # Deletions first: a file may become a folder.
            for step in sorted(steps, key=lambda step: step.after is not None):
                if journal.folder.read(step.path) != step.before:
                    raise ApplyRefused(f"{shown(step.path)} changed while it was being replaced")
                if step.after is None:
                    journal.folder.remove(step.path)
                else:
                    journal.folder.write(step.path, step.after)
            for folder in sorted(come):
                journal.folder.make_folder(folder)
            done()
    except (OSError, EditRefused, ApplyRefused) as reason:
        why = f"{reason.strerror}: {reason.filename}" if isinstance(reason, OSError) else str(reason)
        raise PutBack(f"nothing was changed, because a file could not be replaced ({why}): try again") from reason


def standing(folder: Files, path: str, deleted: Collection[str]) -> File | None:
    """The file at `path`; none when what is in its place is `deleted` in the same change.

    So a file can become a folder, and a folder a file.
    """
    try:
        return folder.read(path)
    except PathRefused:
        if any(under(path, (gone,)) or under(gone, (path,)) for gone in deleted):
            return None
        raise
