"""The backend itself: finds the engine, makes the image, and runs each request in a container of its own."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread

from loopcutter_sandbox.allow_list import NOWHERE, AllowList
from loopcutter_sandbox.backends.docker import dependencies
from loopcutter_sandbox.backends.docker.container import Container
from loopcutter_sandbox.backends.docker.engine import Engine
from loopcutter_sandbox.backends.docker.frames import KEEP_MODE, frame, pack
from loopcutter_sandbox.backends.docker.image import DEFAULT, Image, Images
from loopcutter_sandbox.backends.docker.owner import OWNER, Owner
from loopcutter_sandbox.backends.docker.pack import Packs
from loopcutter_sandbox.backends.docker.pool import Pool
from loopcutter_sandbox.backends.docker.profile import Profile
from loopcutter_sandbox.backends.docker.source_build import BUILD_S, Index, SourceBuild, wheel_name
from loopcutter_sandbox.errors import ImageFailed, Unusable
from loopcutter_sandbox.limits import Limits
from loopcutter_sandbox.message import Messages
from loopcutter_sandbox.objects import Objects
from loopcutter_sandbox.place import WORKSPACE
from loopcutter_sandbox.process import Ended
from loopcutter_sandbox.report import Isolation
from loopcutter_sandbox.running import Hear
from loopcutter_sandbox.workspace import Work

_WARDEN = Path(__file__).parent / "warden.py"
_WARDEN_S = 10


@dataclass
class Docker:
    """Containers of the engine that is found when it is opened."""

    image: str = DEFAULT
    """The base image; it has to be here already."""
    runtime: str = ""
    """Another runtime that the engine knows: `runsc` for gVisor."""
    ready: int = 2
    """How many containers are prepared ahead."""
    profile: Profile = field(default_factory=lambda: Profile(Limits(60), cpus=min(2.0, os.cpu_count() or 1)))
    host: str = ""
    """Where the engine listens, if not where DOCKER_HOST or the usual places say."""
    allowed: AllowList = NOWHERE
    """What runs may reach on the network."""
    why_not: str = ""
    """Why it is not to be used here at all."""
    name: str = "docker"
    isolation: Isolation = "container"
    _engine: Engine | None = None

    @property
    def gaps(self) -> tuple[str, ...]:
        """What it does not hold back, as far as the engine says."""
        found = [] if self.runtime == "runsc" else ["the host's kernel is shared"]
        if self.allowed:
            found.append(f"runs may talk to {self.allowed}, and to whatever those pass on: the network's allow-list")
        if self._engine is not None:
            facts = self._engine.facts
            options = " ".join(map(str, facts.get("SecurityOptions") or ()))
            if "seccomp" not in options:
                found.append("this engine filters no system calls (no seccomp)")
            for name, what in (
                ("MemoryLimit", "memory"),
                ("PidsLimit", "the number of processes"),
                ("CPUCfsQuota", "CPU"),
            ):
                if facts.get(name) is False:
                    found.append(f"{what} is not limited: this engine can't")
        return tuple(found)

    async def open(self, trees: Objects, folder: Path) -> "ContainerRunner":
        """Be ready to run; `folder` is where trees are kept packed. Raises `Unusable` when it can't be."""
        if self.why_not:
            raise Unusable(self.why_not)
        return await anyio.to_thread.run_sync(self._open, trees, folder)

    def _open(self, trees: Objects, folder: Path) -> "ContainerRunner":
        engine = self._engine = Engine.find(self.host)
        try:
            owner = Owner.me()
            sweep(engine, owner)
            profile = Profile(**{**self.profile.__dict__, "runtime": self.runtime})
            runner = ContainerRunner(self, engine, owner, profile, Packs(trees, folder / "packs"), trees)
        except BaseException:
            engine.close()
            raise
        try:
            runner.plain = runner.images.plain()
        except BaseException:
            runner.close()
            raise
        return runner


def sweep(engine: Engine, owner: Owner) -> list[str]:
    """Remove the containers of servers of this machine that are no more; comes to their ids."""
    left = [each for each in engine.containers(OWNER) if owner.outlived(each.get("Labels") or {})]
    for each in left:
        engine.remove(str(each["Id"]))
    return [str(each["Id"]) for each in left]


class ContainerRunner:
    """Runs requests, each in a container that was prepared for it and that ends with it."""

    def __init__(
        self, backend: Docker, engine: Engine, owner: Owner, profile: Profile, packs: Packs, trees: Objects
    ) -> None:
        self.backend = backend
        self.profile = profile
        self.plain: Image | None = None
        """The image for projects that need nothing else."""
        self._engine = engine
        self._owner = owner
        self._packs = packs
        self._trees = trees
        self._warden = _start_warden(engine, owner)
        self.images = Images(engine, backend.image, self._look, self._build)
        self.pool = Pool(engine, self._start, owner.mine, backend.ready)

    @property
    def python(self) -> str:
        """The interpreter inside, and its image."""
        return f"{self.plain.python if self.plain else 'python3'} of {self.backend.image}"

    def _start(self, image: str) -> Container:
        return Container.start(self._engine, self.profile.container(image, self._owner.labels()))

    def _look(self, image: str) -> Image:
        container = self._start(image)
        try:
            return Image.of(image, container.facts())
        finally:
            self.pool.discard(container)

    def _build(self, image: Image, requirements: list[str]) -> dict[str, bytes]:
        """Wheels of what comes only as source, made in a container; called from a thread of the event loop's."""
        return anyio.from_thread.run(self._built, image, SourceBuild(Index.configured(), requirements))

    async def _built(self, image: Image, build: SourceBuild) -> dict[str, bytes]:
        limits, allowed = Limits(BUILD_S), build.allowed(self.backend.allowed)
        frames = await anyio.to_thread.run_sync(list, build.files())
        container = await anyio.to_thread.run_sync(self._start, image.id)
        nonce = secrets.token_hex(16)
        body = {"kind": "command", "command": build.command(), "plugins": (), "nonce": nonce, "keep": limits.kept()}
        try:
            ended = await container.run(frames, limits, {**body, **_place(limits)}, Messages(nonce, None), allowed)
        finally:
            self.pool.discard(container)
        if ended.exit_code != 0 or ended.changes is None or ended.changes.too_much:
            reason = "it took too long" if ended.timed_out else f"exit code {ended.exit_code}"
            raise ImageFailed(f"{reason}: {ended.stderr.text()[-1500:]}")
        return {name: each.contents for each in ended.changes.written if (name := wheel_name(each.path))}

    async def run(self, work: Work, limits: Limits, request: dict[str, Any], hear: Hear | None = None) -> Ended:
        """Carry out `request` on `work` in a container of its own. Cancelling it kills the run."""
        image = await anyio.to_thread.run_sync(self._image, work.tree)
        container = await self._container(image)
        nonce = secrets.token_hex(16)
        body = {**request, **_place(limits), "plugins": image.plugins, "nonce": nonce}
        body["keep"] = limits.kept() if work.keep else None
        try:
            frames = await anyio.to_thread.run_sync(self._missing, container, work.tree)
            return await container.run(
                chain(frames, _on_top(work)), limits, body, Messages(nonce, hear), self.backend.allowed
            )
        finally:
            self.pool.discard(container)
            if work.tree is not None:
                self.pool.refill(image.id, lambda fresh: self._fill(fresh, work.tree))

    async def _container(self, image: Image) -> Container:
        future = self.pool.take(image.id)
        try:
            return future.result() if future.done() else await anyio.to_thread.run_sync(future.result)
        except BaseException:
            self.pool.give_up(future)
            raise

    def _image(self, tree: str | None) -> Image:
        assert self.plain is not None
        if tree is None:
            return self.plain
        blobs = dict(self._trees.near_the_top(tree))
        paths = dependencies.relevant(blobs)
        if not paths:
            return self.plain
        contents = self._trees.read_blobs(blobs[path] for path in paths)
        return self.images.project({path: data for path, (_, data) in zip(paths, contents, strict=True)})

    def _missing(self, container: Container, tree: str | None) -> Iterable[bytes]:
        """The frames that the container lacks of `tree`; most often it holds a tree that is nearly the same. Blocks."""
        if container.tree is None:
            self._fill(container, tree)
        if tree is None or tree == container.tree:
            return ()
        assert container.tree is not None
        return self._packs.difference(container.tree, tree)

    def _fill(self, container: Container, tree: str | None) -> None:
        if tree is not None:
            container.fill(tree, self._packs.whole(tree))

    def close(self) -> None:
        """Remove all containers."""
        self.pool.close()
        self._engine.close()
        if self._warden is not None:
            assert self._warden.stdin is not None
            self._warden.stdin.close()
            self._warden.wait(_WARDEN_S)


def _on_top(work: Work) -> Iterator[bytes]:
    """What is to be different from the tree."""
    if work.change is not None:
        yield pack([(work.change.path, KEEP_MODE, len(work.change.contents))], work.change.contents)
    if work.modes:
        yield frame(b"M", json.dumps(list(work.modes.items())).encode("ascii"))


def _place(limits: Limits) -> dict[str, Any]:
    """What the runner must know of the inside. Processes are counted by the container, not by the user."""
    return {"root": WORKSPACE, "user": None, "limits": limits.resources(None), "elsewhere": ()}


def _start_warden(engine: Engine, owner: Owner) -> "subprocess.Popen[bytes] | None":
    """The process that clears up if this one is killed; it can be had only where the engine has a local socket."""
    if engine.local is None:
        return None
    command = [sys.executable, "-I", "-S", str(_WARDEN), engine.local, owner.mine]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, cwd="/")
