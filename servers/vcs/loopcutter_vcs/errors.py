"""What can go wrong with a workspace. Every message says what happened and what to do.

VcsError
├── UnusableRepository      the user's repository can't be opened
├── UnusableStore           the store can't be put where it was asked for
├── BrokenStore             an object of the store is missing or damaged
├── Unknown                 a workspace, checkpoint, repository or remote nobody has heard of
├── Finished                the attempt was closed, its files are gone
├── KeyReused               an idempotency key that already stands for another request
├── EditRefused             an edit that was not made; nothing was
│   ├── PathRefused         a path that leads out of the workspace, or to what was left out of it
│   ├── PlaceNotFound       the text or symbol to replace is not there
│   ├── PlaceAmbiguous      the text or symbol to replace is there more than once
│   └── Unparsable          Python that would no longer parse
├── ApplyRefused            nothing was written to the user's repository
│   └── PutBack             a write failed half-way, and what was written was put back
└── PublishFailed           the snapshot did not reach the other machine
"""

from collections.abc import Sequence


class VcsError(Exception):
    """What every error of this package is."""


class UnusableRepository(VcsError):
    """The user's repository can't be opened."""


class UnusableStore(VcsError):
    """The store can't be put where it was asked for."""


class BrokenStore(VcsError):
    """An object of the store is missing or damaged."""

    def __init__(self, identity: str) -> None:
        super().__init__(
            f"object {identity} of the store is missing or damaged: go back to another checkpoint, or open a new "
            "workspace; the user's files are not affected"
        )


class Unknown(VcsError):
    """A workspace, checkpoint, repository or remote nobody has heard of."""


class Finished(VcsError):
    """The attempt was closed, its files are gone."""

    def __init__(self, workspace: str) -> None:
        super().__init__(
            f"workspace {workspace} is finished: open a new one; its checkpoints can still be compared and applied"
        )


class KeyReused(VcsError):
    """An idempotency key that already stands for another request."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the idempotency_key {key!r} was used for another request: choose a new one")


class EditRefused(VcsError):
    """An edit that was not made; nothing was."""


class PathRefused(EditRefused):
    """A path that leads out of the workspace, or to what was left out of it."""

    def __init__(self, path: str, why: str, remedy: str = "name a file inside the workspace") -> None:
        super().__init__(f"{shown(path)!r} {why}: {remedy}")
        self.path = path


class PlaceNotFound(EditRefused):
    """The text or symbol to replace is not there."""


class PlaceAmbiguous(EditRefused):
    """The text or symbol to replace is there more than once."""


class Unparsable(EditRefused):
    """Python that would no longer parse."""


class ApplyRefused(VcsError):
    """Nothing was written to the user's repository."""


class PutBack(ApplyRefused):
    """A write failed half-way, and what was written was put back."""


class PublishFailed(VcsError):
    """The snapshot did not reach the other machine."""


def shown(path: str) -> str:
    """`path` as text that any wire can carry: bytes that are not UTF-8 appear as `\\xff`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def several(paths: Sequence[str], most: int = 10) -> str:
    """Some paths as one phrase, cut to what a reader takes in."""
    named = ", ".join(shown(path) for path in paths[:most])
    return named if len(paths) <= most else f"{named} and {len(paths) - most} more"
