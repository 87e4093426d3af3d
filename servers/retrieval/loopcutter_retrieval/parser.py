"""Parses file contents: here, or, when there are many, in a process for each core.

Parsing is Python code for the most part, so threads would not help. The processes read the contents from the store
themselves and send back what the index keeps; storing it stays with the one who asked. They end with the connection, so
a server that is killed leaves none behind.

Such a process runs ``python -m loopcutter_retrieval.parser STORE FD``.
"""

import gc
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Protocol, cast

from loopcutter_retrieval import record
from loopcutter_retrieval.language import Language
from loopcutter_retrieval.record import Content, Record
from loopcutter_snapshots import ObjectStore

_AT_ONCE = 64
"""Contents between two steps: as often progress is told and cancelling can take effect."""
_WORTH_A_PROCESS = 400
"""Contents that take as long to parse as it takes a process to be ready, several times over."""
_MOST_PROCESSES = 8
_AHEAD = 2
"""Batches a process has at a time, so that it need not wait for the next while the last is being stored."""


class Blobs(Protocol):
    """Whatever reads the contents of files by their ids, in that order."""

    def read_blobs(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]: ...


def parse(
    store: ObjectStore, here: Blobs, languages: Mapping[str, Language], contents: Sequence[Content]
) -> Iterator[Sequence[Record]]:
    """The records of all contents, a few at a time, in no particular order. `languages` are known by their names.

    What is parsed in this process is read through `here`.
    """
    batches = [contents[first : first + _AT_ONCE] for first in range(0, len(contents), _AT_ONCE)]
    processes = min(os.cpu_count() or 1, len(contents) // _WORTH_A_PROCESS, _MOST_PROCESSES)
    if processes < 2 or not _known_elsewhere(languages):
        yield from (_records(here, languages, some) for some in batches)
        return
    with ExitStack() as running:
        ready = [running.enter_context(_Process(store.path)) for _ in range(processes)]
        waiting = batches[::-1]
        for records, some in _shared_out(waiting, ready):
            yield _records(here, languages, some) if records is None else records
        yield from (_records(here, languages, some) for some in waiting)


def _shared_out(
    waiting: list[Sequence[Content]], processes: list["_Process"]
) -> Iterator[tuple[list[Record] | None, Sequence[Content]]]:
    """Batches of `waiting` with their records; without them when the process that had the batch died."""
    for one in processes * _AHEAD:
        if waiting:
            one.give(waiting.pop())
    busy = {one.connection: one for one in processes if one.batches}
    while busy:
        for ready in wait(list(busy)):
            one = busy[cast(Connection, ready)]
            records = one.taken()
            batch = one.batches.popleft()
            if records is not None and waiting:  # first of all, so that it works while these are being stored
                one.give(waiting.pop())
            yield records, batch
            if records is None:
                yield from ((None, lost) for lost in one.batches)
            if records is None or not one.batches:
                del busy[one.connection]


def _known_elsewhere(languages: Mapping[str, Language]) -> bool:
    """Whether another process would read them the same way: it knows those that come with this package."""
    return all(type(language).__module__.startswith(f"{__package__}.") for language in languages.values())


def _records(store: Blobs, languages: Mapping[str, Language], some: Sequence[Content]) -> list[Record]:
    blobs = store.read_blobs(hash for hash, _ in some)
    return [record.read(content, source, languages) for content, (_, source) in zip(some, blobs, strict=True)]


class _Process:
    """One process that parses."""

    def __init__(self, store: Path) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, str(store), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self.connection = Connection(ours.detach())
        self.batches: deque[Sequence[Content]] = deque()
        """What it is parsing now, and what it will parse next."""

    def __enter__(self) -> "_Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self._process.kill()
        self._process.wait()

    def give(self, batch: Sequence[Content]) -> None:
        self.batches.append(batch)
        with suppress(OSError):  # it died; `taken` will find out
            self.connection.send(batch)

    def taken(self) -> list[Record] | None:
        """What it has found in the first of its batches; nothing when it died."""
        try:
            return cast(list[Record], self.connection.recv())
        except (EOFError, OSError):
            return None


def main(store: Path, descriptor: int) -> None:
    """Answer batches with records until the other side is gone."""
    from loopcutter_retrieval.readers import languages

    gc.disable()  # nothing here refers to itself, and looking for it takes a twentieth of the time
    by_name = {language.name: language for language in languages().values()}
    received = ObjectStore(store)
    with Connection(descriptor) as connection:
        try:
            while True:
                connection.send(_records(received, by_name, connection.recv()))
        except (EOFError, ConnectionError):
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
