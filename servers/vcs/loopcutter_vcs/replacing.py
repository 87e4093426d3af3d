"""Changing several files of a folder: all of them, or none.

Each file is compared with what it was when the change was worked out, just before it is replaced. When one differs, or
can't be written, those already replaced are put back.
"""

from collections.abc import Collection
from dataclasses import dataclass

from loopcutter_vcs.errors import ApplyRefused, EditRefused, PathRefused, PutBack, several, shown
from loopcutter_vcs.folder import File, Files, Folder
from loopcutter_vcs.path import under


@dataclass(frozen=True)
class Step:
    """One file, from what it was to what it will be."""

    path: str
    before: File | None
    after: File | None


def replace_all(folder: Folder, steps: list[Step]) -> None:
    """Take all `steps`, or leave `folder` as it was."""
    taken: list[Step] = []
    try:
        # Deletions first: a file may become a folder.
        for step in sorted(steps, key=lambda step: step.after is not None):
            found = folder.read(step.path)
            if found != step.before:
                raise ApplyRefused(f"{shown(step.path)} changed while it was being replaced")
            taken.append(Step(step.path, found, step.after))
            _put(folder, step.path, step.after)
    except BaseException as reason:
        _put_back(folder, taken)
        if isinstance(reason, OSError | EditRefused | ApplyRefused):
            why = f"{reason.strerror}: {reason.filename}" if isinstance(reason, OSError) else str(reason)
            raise PutBack(f"nothing was changed, because a file could not be replaced ({why}): try again") from reason
        raise


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


def _put(folder: Folder, path: str, file: File | None) -> None:
    if file is None:
        folder.remove(path)
    else:
        folder.write(path, file)


def _put_back(folder: Folder, taken: list[Step]) -> None:
    lost = []
    for step in reversed(taken):
        try:
            # What is neither as it was nor as we wrote it is the user's work of this very moment.
            if folder.read(step.path) == step.after != step.before:
                _put(folder, step.path, step.before)
        except (OSError, EditRefused):
            lost.append(step.path)
    if lost:
        raise ApplyRefused(
            f"{several(lost)} could not be put back after another file failed: "
            "the disk may be full; mend that, and take the contents from the base checkpoint"
        )
