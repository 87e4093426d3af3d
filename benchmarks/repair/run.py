"""How many seeded one-edit bugs does the model `builtin` repair, after how many candidates and CPU seconds?

    python benchmarks/repair/run.py projects                  # a few bugs in each real project, some minutes
    python benchmarks/repair/run.py projects --bugs 10 --out benchmarks/repair/results/projects.json
    python benchmarks/repair/run.py programs --bugs 1 --out benchmarks/repair/results/programs.json

`projects` are source distributions of fixed version and hash, fetched with pip; places are drawn by chance among the
lines that tests execute. `programs` are small algorithms of our own (`programs/`), each with one bug made by hand and
some by the same mutator; what passes their tests is also asked for the answers to 300 further inputs. The repairer is
told the failing and passing tests, their messages and their coverage, as a host tells it, and nothing of the bug.
"""

import argparse
import asyncio
import json
import random
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from answers import gives_right_answers
from clock import adopt_orphans
from mutation import Bug, bugs
from operators import UNDONE_BY_NONE
from outcome import Case, line, summary
from programs import FRESH, PROGRAMS, Program
from projects import PROJECTS, fetch
from repairing import Subject, repaired, seeded
from workbench import Workbench, workbench

from loopcutter_host.model import Briefing
from loopcutter_host.repair.spectrum import is_test

_PATIENCE_S = 8
"""For the tests of a small program; some bugs never end."""


def main() -> None:
    """Run the benchmark, or the rest of it, and print the table."""
    chosen = _parser().parse_args()
    adopt_orphans()
    record = Record(chosen.out, chosen.most, chosen.seed)
    asyncio.run((of_projects if chosen.what == "projects" else of_programs)(chosen, record))
    for half in ("looked-at", "counted", "fresh"):
        of_half = [case for case in record.cases if case.half == half]
        if of_half:
            print(f"\n{half}")
            print("\n".join(f"{key:36} {value}" for key, value in summary(of_half, UNDONE_BY_NONE).items()))


class Record:
    """The cases so far, kept in a file after each: a run that was cut short goes on where it stopped."""

    def __init__(self, file: Path | None, most: int, seed: int) -> None:
        self._file = file
        self._terms = {"most": most, "seed": seed}
        self.cases: list[Case] = []
        if file is not None and file.exists():
            known = json.loads(file.read_text())
            if {key: known[key] for key in self._terms} != self._terms:
                raise SystemExit(f"{file} was made with another --most or --seed; name another file or remove it")
            self.cases = [Case(**each) for each in known["cases"]]

    def has(self, project: str, number: int) -> bool:
        """Whether that bug was tried."""
        return any((case.project, case.number) == (project, number) for case in self.cases)

    def keep(self, case: Case) -> None:
        """Print it, and write all down."""
        self.cases.append(case)
        print(line(case), flush=True)
        if self._file is not None:
            body = {**self._terms, "summary": summary(self.cases, UNDONE_BY_NONE)}
            body["cases"] = [asdict(each) for each in self.cases]
            self._file.write_text(json.dumps(body, indent=1) + "\n")


@dataclass
class _Field:
    """A project in which bugs are sown."""

    bench: Workbench
    subject: Subject
    executed: dict[str, set[int]]

    @classmethod
    async def open(cls, name: str, chosen: argparse.Namespace, opened: AsyncExitStack) -> "_Field":
        """Fetch the project and see what its tests execute."""
        folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="loopcutter-benchmark-"))
        bench = await opened.enter_async_context(workbench(Path(folder)))
        clean = bench.receive(fetch(PROJECTS[name], chosen.cache))
        start, _ = await bench.briefing(clean, PROJECTS[name].tests, coverage=True)
        subject = Subject(name, clean, PROJECTS[name].tests, frozenset(each.test for each in start.failures))
        return cls(bench, subject, executed_lines(start))

    async def one(self, number: int, chosen: argparse.Namespace) -> Case | None:
        """Sow a bug that some test notices, and what became of it; None when none came up."""
        paths = sorted(self.executed)
        dice = random.Random(f"{self.subject.name} {chosen.seed} {number}")
        for _ in range(8):
            path = dice.choices(paths, [len(self.executed[each]) for each in paths])[0]
            source = self.bench.store.read(self.subject.tree, path).decode()
            places = self.executed[path]
            bug = next(each for each in bugs(source, dice) if source.count("\n", 0, each.start) + 1 in places)
            briefing = await seeded(self.bench, self.subject, path, bug)
            if briefing is not None:
                half = chosen.half or "counted"
                return await repaired(self.bench, self.subject, number, path, bug, briefing, half, chosen.most)
        return None


async def of_projects(chosen: argparse.Namespace, record: Record) -> None:
    """Seed bugs into real projects, one into each in turn."""
    fields: dict[str, _Field] = {}
    async with AsyncExitStack() as opened:
        for number in range(chosen.bugs):
            for name in chosen.only or sorted(PROJECTS):
                if record.has(name, number):
                    continue
                if name not in fields:
                    fields[name] = await _Field.open(name, chosen, opened)
                case = await fields[name].one(number, chosen)
                if case is not None:
                    record.keep(case)


async def of_programs(chosen: argparse.Namespace, record: Record) -> None:
    """Every program: the bug made by hand, and so many by the mutator."""
    programs = PROGRAMS | FRESH
    for name in chosen.only or sorted(programs):
        wanted = [number for number in range(chosen.bugs + 1) if not record.has(name, number)]
        if chosen.half in ("", half_of(name)) and wanted:
            await _of_program(programs[name], wanted, chosen, record)


async def _of_program(program: Program, wanted: Sequence[int], chosen: argparse.Namespace, record: Record) -> None:
    with tempfile.TemporaryDirectory(prefix="loopcutter-benchmark-") as folder:
        Path(folder, "project").mkdir()
        Path(folder, "project", "program.py").write_text(program.source)
        Path(folder, "project", "test_program.py").write_text(program.tests())
        async with workbench(Path(folder), patience=_PATIENCE_S) as bench:
            tree = bench.receive(Path(folder, "project"))
            right = gives_right_answers(program)
            subject = Subject(program.entry, tree, ("test_program.py",), frozenset(), right)
            half = half_of(program.entry)
            sown = some_bugs(program, chosen.bugs, random.Random(f"{program.entry} {chosen.seed}"), right)
            for number, bug in [each for each in enumerate(sown) if each[0] in wanted]:
                briefing = await seeded(bench, subject, "program.py", bug)
                if briefing is not None:
                    found = await repaired(bench, subject, number, "program.py", bug, briefing, half, chosen.most)
                    record.keep(found)


def half_of(name: str) -> str:
    """`fresh` are the programs of the latest date; of all others the misses were studied by now."""
    return "fresh" if name in FRESH else "looked-at"


def some_bugs(program: Program, count: int, dice: random.Random, right: Callable[[str], bool]) -> Sequence[Bug]:
    """The bug made by hand, and `count` others that give wrong answers."""
    before, after = program.bug
    start = program.source.index(before)
    chosen = [Bug("by hand", start, start + len(before), after)]
    for bug in bugs(program.source, dice):
        if len(chosen) > count:
            break
        if bug not in chosen and not right(bug.apply(program.source)):
            chosen.append(bug)
    return chosen


def executed_lines(briefing: Briefing) -> dict[str, set[int]]:
    """The lines of the project that its tests execute."""
    executed: dict[str, set[int]] = {}
    for files in briefing.coverage.values():
        for path, lines in files.items():
            if path.endswith(".py") and not is_test(path):
                executed.setdefault(path, set()).update(lines)
    return executed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("projects", "programs"))
    parser.add_argument("--bugs", type=int, default=2, help="seeded bugs per project or program")
    parser.add_argument("--most", type=int, default=1000, help="candidates to try, per bug")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--half", default="", help="programs: only `looked-at` or `fresh`; projects: how to note it")
    parser.add_argument("--only", action="append", help="this project or program")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "loopcutter" / "benchmarks")
    parser.add_argument("--out", type=Path, default=None, help="write the results here as JSON")
    return parser


if __name__ == "__main__":
    main()
