"""Containers that are prepared ahead of the runs that will use them, each for one run."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from loopcutter_sandbox.backends.docker.container import Container
from loopcutter_sandbox.backends.docker.engine import Engine
from loopcutter_sandbox.errors import SandboxError

_AT_ONCE = 2
_GONE_S = 1.5
"""A container whose keeper was let go is gone by then; if not, it is removed by force."""

Start = Callable[[str], Container]
Fill = Callable[[Container], None]


@dataclass
class Pool:
    """Keeps `size` containers ready for the image that was last asked for. Used from any thread.

    They are started after a run and not before: a start would take the cores that the run needs.
    """

    engine: Engine
    start: Start
    mine: str
    """The label that this server's containers carry."""
    size: int
    _ready: deque[tuple[str, "Future[Container]"]] = field(default_factory=deque)
    _leaving: dict[str, float] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _closed: bool = False
    _workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_AT_ONCE, "containers"))
    _reaper: threading.Thread | None = None

    def take(self, image: str) -> "Future[Container]":
        """A container of `image`, perhaps still starting. It belongs to the caller, who gives it to `discard`."""
        with self._changed:
            for position, (known, future) in enumerate(self._ready):
                if known == image and not _useless(future):
                    del self._ready[position]
                    return future
        return self._workers.submit(self.start, image)

    def give_up(self, future: "Future[Container]") -> None:
        """End a container that was taken, as soon as it has started."""
        future.add_done_callback(self._drop)

    def refill(self, image: str, fill: Fill) -> None:
        """Have `size` containers of `image` ready, each filled by `fill`; those of other images make room."""
        with self._changed:
            if self._closed:
                return
            kept = [each for each in self._ready if each[0] == image and not _useless(each[1])]
            dropped = [each for each in self._ready if each not in kept]
            self._ready = deque(kept)
            for _ in range(self.size - len(kept)):
                self._ready.append((image, self._workers.submit(self._prepare, image, fill)))
        for _, future in dropped:
            future.add_done_callback(self._drop)

    def _prepare(self, image: str, fill: Fill) -> Container:
        container = self.start(image)
        try:
            fill(container)
        except BaseException:
            self.discard(container)
            raise
        return container

    def _drop(self, future: "Future[Container]") -> None:
        with contextlib.suppress(SandboxError):
            if not future.cancelled():
                self.discard(future.result())

    def discard(self, container: Container) -> None:
        """End a container; when it is not gone in time, it is removed by force."""
        container.close()
        with self._changed:
            self._leaving[container.id] = time.monotonic() + _GONE_S
            if self._reaper is None and not self._closed:
                self._reaper = threading.Thread(target=self._reap, name="container-reaper", daemon=True)
                self._reaper.start()
            self._changed.notify_all()

    def _reap(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._leaving or self._closed)
                if self._closed:
                    return
                self._changed.wait_for(lambda: self._closed, _GONE_S)
            self._remove_late()

    def _remove_late(self) -> None:
        now = time.monotonic()
        with self._changed:
            late = {container for container, until in self._leaving.items() if until <= now}
            for container in late:
                del self._leaving[container]
        if late:
            with contextlib.suppress(SandboxError):
                for each in self.engine.containers(self.mine):
                    if each["Id"] in late:
                        self.engine.remove(each["Id"])

    def close(self) -> None:
        """End all of them, those that are starting as well."""
        with self._changed:
            self._closed = True
            ready = list(self._ready)
            self._ready.clear()
            self._changed.notify_all()
        for _, future in ready:
            if not future.cancel():
                future.add_done_callback(self._drop)
        self._workers.shutdown(wait=True)
        if self._reaper is not None:  # it may be asking the engine just now, over a connection that is closed next
            self._reaper.join()
        with contextlib.suppress(SandboxError):
            for each in self.engine.containers(self.mine):
                self.engine.remove(each["Id"])


def _useless(future: "Future[Container]") -> bool:
    """Whether it came to nothing, or its container has ended since."""
    if not future.done():
        return False
    return future.cancelled() or future.exception() is not None or not future.result().alive()
