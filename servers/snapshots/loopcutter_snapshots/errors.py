"""What can go wrong with snapshots.

SnapshotError
├── GitFailed       git ended with an error
│   └── GitTimeout  git took too long and was killed
├── GitMissing      there is no git to run
├── UnknownTree     a tree that was never received
├── UnknownPath     a path the tree has no file at
├── UnknownBlob     contents that were never received
└── NotEmpty        the folder to export into holds something already
"""

from pathlib import Path


class SnapshotError(Exception):
    """What every error of this package is."""


class GitFailed(SnapshotError):
    """Git ended with an error; the message is git's own, cut to a few lines."""

    def __init__(self, command: str, exit_code: int, stderr: str) -> None:
        super().__init__(f"git {command} failed with exit code {exit_code}: {stderr.strip()[-800:] or 'no message'}")
        self.exit_code = exit_code
        self.stderr = stderr


class GitTimeout(GitFailed):
    """Git took too long and was killed."""

    def __init__(self, command: str, seconds: float) -> None:
        super().__init__(command, -9, f"killed after {seconds:g} s; is the disk or the network at work?")


class GitMissing(SnapshotError):
    """There is no git to run."""

    def __init__(self) -> None:
        super().__init__("git is missing on this machine: install git 2.34 or newer")


class UnknownTree(SnapshotError):
    """The store holds no such tree."""

    def __init__(self, tree: str) -> None:
        super().__init__(f"tree {tree[:80]!r} was never received; publish it from vcs first")


class UnknownPath(SnapshotError):
    """The tree has no file at this path."""

    def __init__(self, tree: str, path: str) -> None:
        super().__init__(f"tree {tree} has no file {path[:200]!r}; list its files to see what there is")


class UnknownBlob(SnapshotError):
    """The store holds no such contents."""

    def __init__(self, blob: str) -> None:
        super().__init__(f"blob {blob[:80]!r} was never received; take ids from the files of a tree")


class NotEmpty(SnapshotError):
    """The folder to export into holds something already."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not an empty folder; export into a new one")
