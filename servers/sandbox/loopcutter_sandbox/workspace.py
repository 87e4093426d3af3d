"""Throw-away workspaces: a tree for each run, gone when the run is over, however it ended.

Where a backend can mount, the tree is laid out once, read-only, and a run gets a writable layer over it in memory: an
attempt costs what it changes. Everywhere else the tree is exported for each run.
"""

import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import anyio.to_thread

from loopcutter_sandbox.changes import Survey
from loopcutter_sandbox.folders import locked, possible, quick, remove, sweep
from loopcutter_sandbox.layout import Layout, Layouts, Trees, nodes_of, write

__all__ = ["Change", "Folder", "Trees", "Work", "Workspaces"]


@dataclass(frozen=True)
class Change:
    """New contents for one file of the tree."""

    path: str
    contents: bytes


@dataclass(frozen=True)
class Work:
    """What lies in the workspace of a run."""

    tree: str | None
    """Nothing, if None."""
    change: Change | None = None
    """Made on top of the tree."""
    modes: Mapping[str, int] = field(default_factory=dict)
    """Permissions that git can't say: of files (`path`), and of folders, which may be empty (`path/`)."""
    keep: bool = False
    """Tell in `Ended.changes` what the run has changed (`changes.Changes`), once nothing of it is alive."""


@dataclass(frozen=True)
class Folder:
    """Where one run takes place."""

    base: Path
    layers: tuple[Path, ...] | None = None
    """What is to be mounted at `workspace`, topmost first, beneath a writable layer; None: it lies there already."""
    keep: bool = False
    """Whether the run's changes are wanted."""
    survey: Survey | None = None
    """The workspace before the run, where it is no mount and changes are wanted."""

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
        for place in possible() if parent is None else {parent}:
            sweep(place)
        parent = parent if parent is not None else quick()
        self.folder, self._lock = locked(parent)
        self.layouts = Layouts(trees, self.folder)

    @contextlib.asynccontextmanager
    async def lease(self, work: Work, *, mounted: bool = False) -> AsyncIterator[Folder]:
        """A folder for `work`; `mounted` if what runs there mounts its layers. Removed at the end in every case."""
        base = Path(tempfile.mkdtemp(prefix="run-", dir=self.folder))
        layout: Layout | None = None
        try:
            if mounted and work.tree is not None:
                layout = await anyio.to_thread.run_sync(self.layouts.take, work.tree, work.modes)
            yield await anyio.to_thread.run_sync(self._fill, base, work, mounted, layout)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(remove, base)
                if layout is not None:
                    await anyio.to_thread.run_sync(self.layouts.give_back, layout)

    def _fill(self, base: Path, work: Work, mounted: bool, layout: Layout | None) -> Folder:
        folder = Folder(base)
        for part in (folder.workspace, folder.temporary, folder.home):
            part.mkdir()
        if not mounted:
            return self._export(folder, work)
        for name in ("layer", "lower", "change"):
            (base / name).mkdir()
        if work.change is not None and layout is not None:
            path = base / "change" / work.change.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(work.change.contents)
            path.chmod(layout.nodes[work.change.path].permissions & 0o777)
        layers = layout.layers if layout is not None else ()
        return Folder(base, (base / "change", *layers), work.keep)

    def _export(self, folder: Folder, work: Work) -> Folder:
        if work.tree is not None:
            self.layouts.trees.export(work.tree, folder.workspace)
            if work.modes:
                nodes = nodes_of(self.layouts.trees.files(work.tree), work.modes)
                unusual = {path: node for path, node in nodes.items() if path in work.modes or f"{path}/" in work.modes}
                write(folder.workspace, unusual, self.layouts.trees)
        if work.change is not None:
            # Nothing untrusted has run here yet, and git keeps no path that leads through a link.
            flags = os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW
            with os.fdopen(os.open(folder.workspace / work.change.path, flags), "wb") as file:
                file.write(work.change.contents)
        if not work.keep:
            return folder
        return Folder(folder.base, keep=True, survey=Survey.of(folder.workspace))

    def close(self) -> None:
        """Remove everything."""
        remove(self.folder)
        os.close(self._lock)
