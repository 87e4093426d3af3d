"""Measures how quickly retrieval answers: every row of the goals, in one command.

    python benchmarks/retrieval/speed.py [--quick] [--cache FOLDER] [--json FILE]

Django's source distribution, by exact version and sha256, is what is indexed and searched: in full (half a million
lines of Python, and a thousand documents) for the cold index and the edits, and as far as 30,000 chunks go for the
queries. CPU time is of this process and all that it started, and is what to compare on a busy machine; wall time stands
beside it.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from project import DJANGO, Trees, cache_folder, contents, lines

from loopcutter_retrieval.library import Library
from loopcutter_retrieval.opening import open_library
from loopcutter_retrieval.readers import languages

CHUNKS = 30_000
SHORT = (
    "session cookie is saved twice",
    "QuerySet.union() loses its ordering",
    "admin changelist filter crashes",
    "slugify() strips unicode letters",
    "Migration writer serializes an enum wrongly",
    "Content-Length of FileResponse is wrong",
    "test client follows redirects with the wrong method",
    "password hasher does not update its iterations",
    "makemessages ignores f-strings",
    "prefetch_related with a sliced queryset",
    "autoreload loops when a module is deleted",
    "formset validation skips deleted forms",
)
"""Queries of a sentence."""
WORDS = 500


@dataclass(frozen=True)
class Row:
    """One line of the table; times in milliseconds, sizes in megabytes."""

    what: str
    unit: str
    times: int
    cpu: tuple[float, float]
    """The median and the 95th percentile."""
    wall: tuple[float, float]
    goal: float
    """What is hoped for of the 95th percentile: in wall time, or in CPU time where `of` says so."""
    of: str = "cpu"

    def __str__(self) -> str:
        shown = [f"{value:8.1f}" for value in (*self.cpu, *self.wall)]
        met = "met" if (self.cpu if self.of == "cpu" else self.wall)[1] <= self.goal else "missed"
        return f"{self.what:<44}{self.unit:>4}{self.times:>5}{''.join(shown)}   {self.goal:g} {self.of} {met}"


class Clock:
    """Milliseconds of CPU and of wall time, action by action."""

    def __init__(self) -> None:
        self.cpu: list[float] = []
        self.wall: list[float] = []

    def take(self, action: Callable[[], object]) -> None:
        cpu, wall = spent(), time.perf_counter()
        action()
        self.cpu.append(1000 * (spent() - cpu))
        self.wall.append(1000 * (time.perf_counter() - wall))

    def row(self, what: str, goal: float, of: str = "cpu") -> Row:
        cpu, wall = ((float(np.percentile(some, 50)), float(np.percentile(some, 95))) for some in (self.cpu, self.wall))
        return Row(what, "ms", len(self.cpu), cpu, wall, goal, of)


def spent() -> float:
    """CPU seconds of this process, of its ended children, and of those that still run for it."""
    own = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own + sum(running(os.getpid()))


def running(process: int) -> Iterator[float]:
    """CPU seconds of each child that runs now, as finely as Linux counts them."""
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        try:
            yield int(Path(f"/proc/{child}/schedstat").read_text().split()[0]) / 1e9
        except OSError:
            continue


def size(what: str, megabytes: float, goal: float) -> Row:
    return Row(what, "MB", 1, (megabytes, megabytes), (megabytes, megabytes), goal, "size")


def cold(folder: Path, tree: str) -> list[Row]:
    """In a process of its own, so that its memory is its own."""
    program = (
        "import sys, json, resource, time; from pathlib import Path\n"
        "from loopcutter_retrieval.opening import open_library\n"
        "began = time.perf_counter(); library = open_library(Path(sys.argv[1]))\n"
        "done = library.index(sys.argv[2]); wall = time.perf_counter() - began; library.close()\n"
        "used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]\n"
        "cpu = sum(one.ru_utime + one.ru_stime for one in used)\n"
        "print(json.dumps([cpu, wall, [one.ru_maxrss / 1000 for one in used], done.symbols]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), tree], capture_output=True, text=True, check=True
    )
    cpu, wall, memory, _ = json.loads(done.stdout)
    disk = sum(path.stat().st_size for path in folder.glob("index.sqlite*")) / 1e6
    return [
        Row("cold index", "ms", 1, (1000 * cpu, 1000 * cpu), (1000 * wall, 1000 * wall), 4000, "wall"),
        size("cold index: memory of the server", memory[0], 400),
        size("cold index: memory of its largest child", memory[1], 400),
        size("index on disk", disk, 60),
    ]


def restarts(folder: Path, tree: str, times: int) -> Row:
    """From opening the index to the first answer's tree in memory."""
    clock = Clock()
    for _ in range(times):
        library = open_library(folder)
        clock.take(lambda library=library: library.index(tree))  # type: ignore[misc]
        library.close()
    return clock.row("restart with nothing changed", 300)


def asked(at: int) -> str:
    """A short query that was not asked before: answers are remembered. A number is no word."""
    return f"{SHORT[at % len(SHORT)]} {at}"


def edits(library: Library, trees: Trees, files: Mapping[str, bytes], times: int) -> list[Row]:
    """Files edited one by one, and a hundred at a time, each followed by a search."""
    chance = np.random.default_rng(6)
    paths = [path for path in files if path.endswith(".py")]

    def changed(number: int) -> str:
        chosen = chance.choice(len(paths), number, replace=False)
        return trees.changed(
            {
                paths[at]: files[paths[at]] + b"\ndef added_%d(x):\n    return x\n" % chance.integers(1 << 40)
                for at in chosen
            }
        )

    one, added, many, back = Clock(), Clock(), Clock(), Clock()
    for at in range(times):
        tree = changed(1)
        one.take(lambda tree=tree, at=at: library.search(tree, asked(at)))  # type: ignore[misc]
    for at in range(times // 4):
        tree = trees.changed({f"django/added_{at}.py": b"def added(x):\n    return x\n"})
        added.take(lambda tree=tree, at=at: library.search(tree, asked(at)))  # type: ignore[misc]
    for at in range(max(times // 10, 3)):
        before, tree = tree, changed(100)
        many.take(lambda tree=tree, at=at: library.search(tree, asked(at)))  # type: ignore[misc]
        back.take(lambda tree=before, at=at: library.search(tree, asked(at)))  # type: ignore[misc]
    return [
        one.row("edit of one file, then a short query", 40),
        added.row("new file, then a short query", 40),
        many.row("switch that touches 100 files, then a query", 1000),
        back.row("and back", 1000),
    ]


def queries(library: Library, tree: str, files: Mapping[str, bytes], times: int) -> list[Row]:
    """Each query once, none cached; the long ones are passages of the documentation, of 500 words each."""
    short, long = Clock(), Clock()
    texts = [content.decode() for path, content in files.items() if path.startswith("docs/") and path.endswith(".txt")]
    passages = [passage for text in texts for passage in [text.split(" ")[WORDS : 2 * WORDS]] if len(passage) == WORDS]
    library.search(tree, SHORT[0])
    for at in range(times):
        short.take(lambda at=at: library.search(tree, asked(at)))  # type: ignore[misc]
    for passage in passages[:times]:
        long.take(lambda passage=passage: library.search(tree, " ".join(passage)))  # type: ignore[misc]
    return [short.row("short query", 10), long.row("query of 500 words", 60)]


def readiness(folder: Path, times: int) -> list[Row]:
    """From the start of the server's process until it says that it is ready."""
    cpu, wall, memory = [], [], []
    for _ in range(times):
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "loopcutter_retrieval", "serve", "--store", str(folder), "--lease"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as server:
            assert server.stdout is not None
            server.stdout.readline()
            wall.append(1000 * (time.perf_counter() - began))
            cpu.append(1000 * int(Path(f"/proc/{server.pid}/schedstat").read_text().split()[0]) / 1e9)
            status = Path(f"/proc/{server.pid}/status").read_text()
            memory.append(int(status.partition("VmHWM:")[2].split()[0]) / 1000)
            server.communicate()
    clock = Clock()
    clock.cpu, clock.wall = cpu, wall
    return [clock.row("server ready", 500), size("server ready: memory", max(memory), 80)]


def some_chunks(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """So many of the files, in their order but code before documents, that they make 30,000 chunks."""
    chosen: dict[str, bytes] = {}
    count = 0
    readers = languages()
    for path in sorted(files, key=lambda path: (not path.endswith(".py"), path)):
        language = readers.get(Path(path).suffix)
        if language is not None and not language.unavailable:
            count += len(language.outline(files[path]).symbols)
            if count > CHUNKS:
                break
            chosen[path] = files[path]
    return chosen


def measured(files: Mapping[str, bytes], folder: Path, times: int) -> Iterator[Row]:
    trees = Trees(folder)
    tree = trees.whole(files)
    yield from readiness(folder, max(times // 10, 3))
    yield from cold(folder, tree)
    yield restarts(folder, tree, max(times // 10, 3))
    library = open_library(folder)
    library.search(tree, SHORT[0])
    yield from edits(library, trees, files, times)
    tree = trees.whole(some_chunks(files))
    yield from queries(library, tree, files, times)
    library.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the repetitions")
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="where source distributions are kept")
    parser.add_argument("--json", type=Path, help="where the figures go as well")
    chosen = parser.parse_args()
    files = contents(DJANGO, chosen.cache)
    about = f"{DJANGO.name} {DJANGO.version}: {len(files)} files, {lines(files)} lines of Python"
    print(f"{about}; load {os.getloadavg()[0]:.1f}")
    print(f"{'':<44}{'':>4}{'n':>5}{'cpu p50':>8}{'p95':>8}{'wall p50':>8}{'p95':>8}   goal")
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for row in measured(files, Path(scratch), 10 if chosen.quick else 100):
            rows.append(row)
            print(row, flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))


if __name__ == "__main__":
    main()
