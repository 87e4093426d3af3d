"""Throw-away folders: a fresh copy of a tree for each run, gone when the run is over, however it ended."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import anyio
import anyio.to_thread

_PREFIX = "loopcutter-sandbox-"
_YOUNG = 60.0


class Trees(Protocol):
    """Where trees come from; `loopcutter_snapshots.ObjectStore` is one."""

    def resolve(self, tree: str) -> str: ...

    def read(self, tree: str, path: str) -> bytes: ...

    def export(self, tree: str, folder: Path) -> None: ...


@dataclass(frozen=True)
class Change:
    """New contents for one file of the tree."""

    path: str
    contents: bytes


@dataclass(frozen=True)
class Folder:
    """Where one run takes place."""

    base: Path

    @property
    def workspace(self) -> Path:
        """The tree, writable."""
        return self.base / "workspace"

    @property
    def temporary(self) -> Path:
        """For backends that can't give the run a private file system in memory."""
        return self.base / "tmp"

    @property
    def home(self) -> Path:
        """An empty home, for the same backends."""
        return self.base / "home"


class Workspaces:
    """Makes and removes the folders of one server. A lock that dies with the server shows what was left behind."""

    def __init__(self, trees: Trees, parent: Path | None = None) -> None:
        self._trees = trees
        parent = parent if parent is not None else Path(tempfile.gettempdir())
        sweep(parent)
        self.folder, self._lock = _locked(parent)

    @contextlib.asynccontextmanager
    async def lease(self, tree: str | None, change: Change | None = None) -> AsyncIterator[Folder]:
        """A folder holding `tree` (or nothing), with `change` made; removed at the end in every case."""
        folder = Folder(Path(tempfile.mkdtemp(prefix="run-", dir=self.folder)))
        try:
            await anyio.to_thread.run_sync(self._fill, folder, tree, change)
            yield folder
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(remove, folder.base)

    def _fill(self, folder: Folder, tree: str | None, change: Change | None) -> None:
        for part in (folder.workspace, folder.temporary, folder.home):
            part.mkdir()
        if tree is not None:
            self._trees.export(tree, folder.workspace)
        if change is not None:
            # Nothing untrusted has run here yet, and git keeps no path that leads through a link.
            flags = os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW
            with os.fdopen(os.open(folder.workspace / change.path, flags), "wb") as file:
                file.write(change.contents)

    def close(self) -> None:
        """Remove everything."""
        remove(self.folder)
        os.close(self._lock)


def _locked(parent: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        descriptor = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # a sweeping server was faster and is removing it
            os.close(descriptor)
            continue
        return folder, descriptor


def sweep(parent: Path) -> None:
    """Remove what servers left behind that are no more: folders of ours whose lock nobody holds."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            facts = folder.lstat()
            if facts.st_uid != os.geteuid() or folder.is_symlink():
                continue
            lock = folder / "lock"
            if not lock.exists() and time.time() - facts.st_mtime < _YOUNG:
                continue
            descriptor = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(folder)
            finally:
                os.close(descriptor)


def remove(folder: Path) -> None:
    """Remove `folder`, whatever permissions and depths a run has left in it."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        # shutil gives up on folders without permissions and, being recursive, on very deep ones.
        for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
            subprocess.run([*command, "--", str(folder)], capture_output=True, check=False)
