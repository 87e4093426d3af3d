"""How many runs there are at once: as many as memory and cores bear. The others wait in the order they came."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType

import anyio

from loopcutter_sandbox.errors import Full

_PROMISED = 0.8
"""The part of the machine's memory that runs may take together."""


def room(memory_bytes: int, cores: int | None = None, machine_bytes: int | None = None) -> int:
    """How many runs that may use `memory_bytes` each fit on this machine (or one of so many cores and bytes)."""
    cores = cores or len(_cores())
    machine = machine_bytes or _memory()
    return max(1, min(cores, int(machine * _PROMISED) // memory_bytes if machine else cores))


def _cores() -> Sequence[int]:
    if hasattr(os, "sched_getaffinity"):
        return list(os.sched_getaffinity(0))
    return range(os.cpu_count() or 1)


def _memory() -> int:
    """In bytes; 0 where the system doesn't say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return 0


@dataclass
class Admission:
    """A turn is taken with ``async with``; who is cancelled while waiting leaves the queue."""

    at_once: int = 2
    waiting_room: int = 64
    """Who would be further back in the queue is sent away: an honest answer now beats one in an hour."""
    _waiting: int = 0
    _turns: anyio.CapacityLimiter = field(init=False)

    def __post_init__(self) -> None:
        self._turns = anyio.CapacityLimiter(self.at_once)

    async def __aenter__(self) -> None:
        if self._waiting >= self.waiting_room:
            raise Full(
                f"the sandbox is full: {self.at_once} runs are going on and {self._waiting} wait; "
                "ask again when one of yours has ended"
            )
        self._waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self._waiting -= 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._turns.release()
