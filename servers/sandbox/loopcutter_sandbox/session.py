"""Workspaces that outlive a run: opened from a tree, run in again and again, kept, restored, compared, given up."""

import contextlib
import secrets
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace

import anyio
import anyio.to_thread

from loopcutter_sandbox.changes import Changes
from loopcutter_sandbox.comparison import Difference, compare
from loopcutter_sandbox.errors import TooMuch, UnknownWorkspace, Unusable
from loopcutter_sandbox.output import shown
from loopcutter_sandbox.state import State, States
from loopcutter_sandbox.wishes import decides, is_setting
from loopcutter_sandbox.workspace import Work

MOST_WORKSPACES = 32
MOST_CHECKPOINTS = 256
"""Of all workspaces together."""
MOST_BYTES = 1 << 30
"""What the states may take on disk, received trees left out."""


@dataclass(frozen=True)
class Checkpoint:
    """A state of a workspace that was given a name to come back to."""

    id: str
    """Names the state; also to be given wherever a tree is asked for."""
    label: str


@dataclass
class Session:
    """One workspace. Runs in it take turns."""

    name: str
    opened: State
    state: State
    checkpoints: list[Checkpoint] = field(default_factory=list)
    turn: anyio.Lock = field(default_factory=anyio.Lock)

    def work(self) -> Work:
        """What a run in it starts from."""
        return Work(self.state.tree, modes=self.state.modes, keep=True)


@dataclass
class Sessions:
    """All workspaces of one server that are open."""

    states: States
    _open: dict[str, Session] = field(default_factory=dict)

    def find(self, name: str) -> Session:
        """The workspace of this name."""
        if name not in self._open:
            raise UnknownWorkspace(f"there is no workspace {name[:80]!r}; open one with restore, from a tree")
        return self._open[name]

    def state(self, name: str) -> State:
        """The state that a checkpoint or a tree stands for."""
        return self.states.find(name)

    def work(self, name: str) -> Work:
        """What a run on a tree or a checkpoint starts from."""
        found = self.states.unusual(name)
        return Work(self.states.trees.resolve(name)) if found is None else Work(found.tree, modes=found.modes)

    def with_tests_of(self, work: Work, base: str) -> tuple[Work, tuple[str, ...]]:
        """`work` with the tests and test settings of the tree `base`, and which of them were different."""
        if not base:
            return work, ()
        wanted = {path: node for path, node in self.states.find(base).nodes.items() if decides(path)}
        there = self.states.find(work.tree or "").nodes
        nodes = {path: node for path, node in there.items() if path in wanted or not is_setting(path)} | wanted
        restored = sorted(path for path in there.keys() | nodes.keys() if there.get(path) != nodes.get(path))
        found = self.states.of(nodes, work.tree or "", there)
        return replace(work, tree=found.tree), tuple(map(shown, restored))

    @contextlib.asynccontextmanager
    async def at(self, tree: str, workspace: str) -> AsyncIterator[Work]:
        """What a run starts from: in a workspace, which is its own meanwhile, or in a fresh copy of `tree`."""
        if bool(tree) == bool(workspace):
            raise UnknownWorkspace("a run needs one place to take place; give either a tree or a workspace")
        if tree:
            yield await anyio.to_thread.run_sync(self.work, tree)
            return
        session = self.find(workspace)
        async with session.turn:
            yield session.work()

    async def restore(self, name: str, state: str, scope: Iterable[str] = ()) -> Session:
        """Put the workspace `name` into `state`, or open a new one in it if no name is given."""
        if not name and len(self._open) >= MOST_WORKSPACES:
            raise TooMuch(f"{MOST_WORKSPACES} workspaces are open; give up those you don't need with cleanup")
        known = self.find(name) if name else None
        found = await anyio.to_thread.run_sync(self.states.find, state)
        places = tuple(scope)
        if places:
            found = await anyio.to_thread.run_sync(self.states.narrowed, found, places)
        if known is None:
            known = Session(f"w-{secrets.token_hex(4)}", found, found)
            self._open[known.name] = known
            return known
        async with known.turn:
            known.state = found
        return known

    async def take(self, workspace: str, changes: Changes | None) -> str:
        """Note what a run in a workspace has changed, if it was in one; the state that led to."""
        if not workspace:
            return ""
        session = self.find(workspace)
        if changes is None:
            raise Unusable("what the run has changed could not be read, and the workspace is as it was; run it again")
        if changes.too_much:
            raise TooMuch(
                "the run changed more than can be kept, and the workspace is as it was before it; "
                "write large or many files to /tmp, which is thrown away"
            )
        if await anyio.to_thread.run_sync(self.states.size) > MOST_BYTES:
            raise TooMuch("the states of all workspaces take up too much room; give some up with cleanup")
        session.state = await anyio.to_thread.run_sync(self.states.after, session.state, changes)
        return session.state.id

    async def checkpoint(self, name: str, label: str = "") -> Checkpoint:
        """Keep the present state of a workspace."""
        session = self.find(name)
        if sum(len(each.checkpoints) for each in self._open.values()) >= MOST_CHECKPOINTS:
            raise TooMuch(f"{MOST_CHECKPOINTS} checkpoints are kept; give up workspaces with cleanup")
        async with session.turn:
            kept = Checkpoint(session.state.id, label)
            session.checkpoints = [*(each for each in session.checkpoints if each.id != kept.id), kept]
        return kept

    async def diff(self, name: str, since: str = "") -> Difference:
        """What is different in a workspace from `since`, or from what it was opened with."""
        session = self.find(name)
        async with session.turn:
            old = await anyio.to_thread.run_sync(self.states.find, since) if since else session.opened
            return await anyio.to_thread.run_sync(compare, self.states, old, session.state)

    async def cleanup(self, name: str = "") -> tuple[list[str], int]:
        """Give up a workspace, or all of them: their names, and how many checkpoints went with them."""
        names = [self.find(name).name] if name else list(self._open)
        gone = [self._open.pop(each) for each in names]
        for session in gone:
            async with session.turn:  # a run in it may be ending
                continue
        return names, sum(len(session.checkpoints) for session in gone)
