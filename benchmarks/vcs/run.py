"""Measures checkpoints, restores and fresh workspaces beside the plain git commands that do the same.

    python benchmarks/vcs/run.py [--quick] [--rounds N] [--out docs/results-vcs.md]

Each round times ours and git's one after the other on the same synthetic repository, so that a busy machine disturbs
both alike. What is compared is CPU time, that of child processes included; wall time is shown beside it.
"""

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from loopcutter_vcs.housekeeping import size
from loopcutter_vcs.kinds import Create, Edit, Whole
from loopcutter_vcs.workshop import Workshop

SIZES = (2_000, 7_000, 50_000)
LINES = 40


@dataclass
class Times:
    """Seconds of one action, round by round."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def take(self, action: Callable[[], object]) -> None:
        cpu, wall = spent(), time.perf_counter()
        action()
        self.cpu.append(spent() - cpu)
        self.wall.append(time.perf_counter() - wall)

    def shown(self) -> str:
        return f"{1000 * statistics.median(self.cpu):.0f} ({1000 * statistics.median(self.wall):.0f})"


@dataclass(frozen=True)
class Row:
    """One line of the table: what, how large, ours, git's, and what was hoped for."""

    what: str
    files: int
    ours: Times
    plain: Times | None
    goal: str
    holds: Callable[[float, float], bool]
    """Given our median CPU in milliseconds, and the ratio to git's."""

    def shown(self) -> str:
        ours = statistics.median(self.ours.cpu)
        ratio = ours / statistics.median(self.plain.cpu) if self.plain else 0.0
        met = "yes" if self.holds(1000 * ours, ratio) else "**no**"
        plain = f"{self.plain.shown()} | {ratio:.2f}" if self.plain else "- | -"
        return f"| {self.what} | {self.files:,} | {self.ours.shown()} | {plain} | {self.goal} | {met} |"


def spent() -> float:
    """CPU seconds of this process and of those it started and waited for."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


@dataclass
class Bench:
    """A synthetic repository, our server of it, and a private index beside it."""

    root: Path
    files: int
    counter: int = 0

    def __post_init__(self) -> None:
        self.repository = self.root / "repository"
        for number in range(self.files):
            path = self.repository / path_of(number)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"def f{number}_{line}(x):\n    return x * {line}\n" for line in range(LINES // 2)))
        self.git("init", "--quiet")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=first")
        self.workshop = Workshop(self.root / "store", {"bench": self.repository})
        self.plain_store = self.root / "plain.git"

    def git(self, *arguments: str, index: str = "", folder: Path | None = None, store: Path | None = None) -> str:
        places = {"GIT_INDEX_FILE": str(self.root / index)} if index else {}
        places |= {"GIT_DIR": str(store), "GIT_WORK_TREE": str(folder or self.repository)} if store else {}
        identity = {f"GIT_{who}_{what}": "b@localhost" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        settled = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-c", "gc.auto=0", "-c", "maintenance.auto=false", *arguments]
        environment = {**os.environ, **identity, **settled, **places}
        done = subprocess.run(command, cwd=folder or self.repository, env=environment, capture_output=True, check=True)
        return done.stdout.decode().strip()

    def recipe(self, index: str, folder: Path | None = None, store: Path | None = None) -> str:
        """The bare private-index recipe: what a checkpoint costs with nothing but git."""
        self.git("add", "--all", index=index, folder=folder, store=store)
        tree = self.git("write-tree", index=index, folder=folder, store=store)
        commit = self.git("commit-tree", tree, "-m", "checkpoint", folder=folder, store=store)
        self.git("update-ref", "refs/checkpoints/last", commit, folder=folder, store=store)
        return commit

    def touch(self, folder: Path) -> None:
        """Five edits and three new files."""
        self.counter += 1
        for number in range(5):
            with (folder / path_of(number * 97)).open("a") as file:
                file.write(f"# {self.counter}\n")
        for number in range(3):
            (folder / f"new_{self.counter}_{number}.py").write_text(f"x = {self.counter}\n")

    def edits(self) -> list[Edit]:
        """The same, as edits."""
        self.counter += 1
        changed = [Whole("file", str(path_of(number * 97)), f"x = {self.counter}\n") for number in range(5)]
        return [*changed, *(Create("create", f"made_{self.counter}_{n}.py", "x = 1\n") for n in range(3))]


def path_of(number: int) -> Path:
    return Path(f"package_{number % 40}") / f"part_{number % 280 // 40}" / f"module_{number}.py"


def first_checkpoints(bench: Bench, rounds: int) -> Row:
    """Every file is read, hashed and stored for the first time, in an empty store, on both sides."""
    ours, plain = Times(), Times()
    for number in range(rounds + rounds % 2):  # who comes second finds a warmer disk: each is first as often
        store = bench.root / f"first-{number}"
        subprocess.run(["git", "init", "--quiet", "--bare", str(store)], check=True)
        workshop = Workshop(bench.root / f"ours-{number}", {"bench": bench.repository})
        both: list[tuple[Times, Callable[[], object]]] = [
            (plain, lambda store=store, number=number: bench.recipe(f"index-{number}", bench.repository, store)),
            (ours, workshop.open),
        ]
        for times, action in both if number % 2 else reversed(both):
            times.take(action)
        workshop.close()
        shutil.rmtree(store)
        shutil.rmtree(bench.root / f"ours-{number}")
    return Row("first checkpoint of the user's tree (`open`)", bench.files, ours, plain, "<= 1.3 x", at_most(1.3))


def user_checkpoints(bench: Bench, rounds: int) -> Row:
    ours, plain = Times(), Times()
    bench.recipe("user")
    bench.workshop.open()
    for _ in range(rounds):
        bench.touch(bench.repository)
        plain.take(lambda: bench.recipe("user"))
        ours.take(bench.workshop.open)
    return Row("again, 5 edits + 3 new files (`open`)", bench.files, ours, plain, "<= 1.3 x", at_most(1.3))


def workspace_rows(bench: Bench, rounds: int) -> list[Row]:
    """In a workspace whose files are laid out, and in one that lives in the store alone."""
    laid, lazy = bench.workshop.open(files=True), bench.workshop.open()
    folder = Path(laid.folder)
    workspace, light = bench.workshop.find(laid.workspace), bench.workshop.find(lazy.workspace)
    beside = bench.root / "beside"
    bench.git("worktree", "add", "--quiet", "--detach", str(beside))
    names = "checkpoint", "plain", "known", "restore", "plain restore", "known restore"
    times = {name: Times() for name in names}
    first = bench.git("rev-parse", "HEAD")
    bench.git("read-tree", "HEAD", index="beside-index")
    store = bench.repository / ".git"
    bench.recipe("beside-index", beside, store)

    def restore() -> None:
        bench.recipe("beside-index", beside, store)
        bench.git("read-tree", "--reset", "-u", first, index="beside-index", folder=beside, store=store)

    for _ in range(rounds):
        bench.touch(folder)
        bench.touch(beside)
        times["plain"].take(lambda: bench.recipe("beside-index", beside, store))
        times["checkpoint"].take(workspace.checkpoint)
        times["known"].take(lambda: light.edit(bench.edits()))
        times["plain restore"].take(restore)
        times["restore"].take(lambda: workspace.rollback("base"))
        times["known restore"].take(lambda: light.rollback("base"))
    bench.workshop.finish(laid.workspace)
    bench.workshop.finish(lazy.workspace)
    n, t = bench.files, times
    return [
        Row("checkpoint, whole tree", n, t["checkpoint"], t["plain"], "<= 1.3 x", at_most(1.3)),
        Row("checkpoint, paths known (`edit`)", n, t["known"], t["plain"], "<= 30 ms", within(30)),
        Row("restore with safety snapshot", n, t["restore"], t["plain restore"], "<= 1.2 x", at_most(1.2)),
        Row("restore, paths known", n, t["known restore"], t["plain restore"], "<= 40 ms", within(40)),
    ]


def fresh_workspaces(bench: Bench, rounds: int) -> list[Row]:
    """In the store alone, and with the files on disk: the first time, and where an attempt was finished before."""
    light, kept, first, plain = Times(), Times(), Times(), Times()

    def laid_out(times: Times) -> None:
        bench.touch(bench.repository)
        opened: list[str] = []
        times.take(lambda: opened.append(bench.workshop.open(files=True).workspace))
        bench.workshop.finish(opened[0])

    for number in range(rounds):
        beside = bench.root / f"fresh-{number}"
        plain.take(lambda beside=beside: bench.git("worktree", "add", "--quiet", "--detach", str(beside)))
        shutil.rmtree(beside)
        for pool in bench.root.glob("store/*/pool"):
            shutil.rmtree(pool)
        laid_out(first)
        bench.touch(bench.repository)
        light.take(bench.workshop.open)
        laid_out(kept)
    bench.git("worktree", "prune")
    n = bench.files
    return [
        Row("fresh workspace, beside `git worktree add`", n, light, plain, ">= 5 x faster", at_most(0.2)),
        Row("the same with files, a kept worktree", n, kept, plain, ">= 5 x faster", at_most(0.2)),
        Row("the same with files, the first time", n, first, plain, "-", lambda *_: True),
    ]


def many_checkpoints(bench: Bench, checkpoints: int) -> str:
    """One run with very many checkpoints: does it stay fast, and what does each add to the store?"""
    workspace = bench.workshop.find(bench.workshop.open().workspace)
    before, times = size(bench.root / "store"), Times()
    for number in range(checkpoints):
        content = f"x = {number}\n" * 20
        times.take(lambda content=content: workspace.edit([Whole("file", str(path_of(3)), content)]))
    changed = len(zlib.compress(content.encode()))
    tenth = max(checkpoints // 10, 1)
    first, last = (1000 * statistics.median(part) for part in (times.cpu[:tenth], times.cpu[-tenth:]))
    grown = (size(bench.root / "store") - before) / checkpoints
    return (
        f"{checkpoints:,} checkpoints in one run on {bench.files:,} files: {first:.1f} ms of CPU each in the first "
        f"tenth, {last:.1f} in the last; the store grew by {grown:,.0f} bytes for each, of which "
        f"{changed} are the file as it was written, compressed (packing included: "
        f"{1000 * statistics.mean(times.cpu):.1f} ms on average)."
    )


def at_most(times: float) -> Callable[[float, float], bool]:
    return lambda _, ratio: ratio <= times


def within(milliseconds: float) -> Callable[[float, float], bool]:
    return lambda ours, _: ours <= milliseconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="2,000 files and few rounds")
    parser.add_argument("--files", type=int, nargs="+", default=SIZES, help="sizes of the repositories")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "docs" / "results-vcs.md")
    chosen = parser.parse_args()
    rounds = 3 if chosen.quick else chosen.rounds
    rows, many = [], ""
    for files in SIZES[:1] if chosen.quick else chosen.files:
        with tempfile.TemporaryDirectory(prefix="loopcutter-bench-") as folder:
            bench = Bench(Path(folder), files)
            few = max(rounds // 2, 1) if files > 10_000 else rounds
            rows += [first_checkpoints(bench, few), user_checkpoints(bench, rounds), *workspace_rows(bench, rounds)]
            rows += fresh_workspaces(bench, few)
            if files == SIZES[0]:
                many = many_checkpoints(bench, 1_000 if chosen.quick else 10_000)
            bench.workshop.close()
        print(*(row.shown() for row in rows if row.files == files), sep="\n", flush=True)
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    chosen.out.write_text(
        "# Results: checkpoints\n\n"
        f"`python benchmarks/vcs/run.py{' --quick' * chosen.quick}` on {platform.system()}, {os.cpu_count()} cores, "
        f"{git}, load {os.getloadavg()[0]:.0f}. Medians of interleaved rounds: milliseconds of CPU, child processes "
        "included (wall time in brackets). The ratio is that of CPU times.\n\n"
        "| what | files | ours | plain git | ratio | goal | met |\n|---|---|---|---|---|---|---|\n"
        + "\n".join(row.shown() for row in rows)
        + f"\n\n{many}\n\n"
        "A fresh workspace is the whole of `open`: it looks at the user's tree, stores what changed there (five edits "
        "and three new files) and begins the attempt. Its files are only laid out for who asks for them; where an "
        "attempt was finished before, its worktree is used again, brought to the new state and verified.\n"
    )
    print(many)


if __name__ == "__main__":
    main()
