"""How many seeded one-edit bugs in real projects does the model `builtin` repair, and after how many candidates?

    python benchmarks/repair/run.py                          # a few bugs in each project, some minutes
    python benchmarks/repair/run.py --bugs 20 --seconds 60 --out benchmarks/repair/results.json

The projects are source distributions of fixed version and hash, fetched with pip. The repairer is told the failing and
passing tests, their messages and their coverage, as a host tells it, and nothing of the bug.
"""

import argparse
import ast
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mutation import Bug, bugs
from projects import PROJECTS, Project, fetch
from workbench import Workbench, cpu_seconds, workbench

from loopcutter_host.model import Briefing
from loopcutter_host.repair import Builtin
from loopcutter_host.repair.spectrum import is_test


@dataclass(frozen=True)
class Case:
    """One bug and what became of it."""

    project: str
    path: str
    line: int
    operator: str
    right: str
    wrong: str
    failing: int
    repaired: bool
    """The whole suite passes again."""
    restored: bool
    """The file means exactly what it meant before the bug."""
    first: int
    """The number of the first candidate that passed the failing tests; 0 when none did."""
    tried: int
    cpu_s: float
    wall_s: float
    patch: str


def main() -> None:
    """Run the benchmark and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--bugs", type=int, default=3, help="seeded bugs per project")
    options.add_argument("--seconds", type=float, default=60, help="time for trying candidates, per bug")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--project", action="append", choices=sorted(PROJECTS), help="only these")
    options.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "loopcutter" / "benchmarks")
    options.add_argument("--out", type=Path, default=None, help="write the results here as JSON")
    chosen = options.parse_args()
    cases: list[Case] = []
    for name in chosen.project or sorted(PROJECTS):
        root = fetch(PROJECTS[name], chosen.cache)
        dice = random.Random(f"{name} {chosen.seed}")

        def keep(case: Case) -> None:
            cases.append(case)
            print(line(case), flush=True)
            if chosen.out:
                record = {"seconds": chosen.seconds, "seed": chosen.seed, "summary": summary(cases)}
                chosen.out.write_text(
                    json.dumps({**record, "cases": [asdict(each) for each in cases]}, indent=1) + "\n"
                )

        asyncio.run(run(PROJECTS[name], root, chosen.bugs, chosen.seconds, dice, keep))
    print("\n".join(f"{key:28} {value}" for key, value in summary(cases).items()))


async def run(
    project: Project, root: Path, count: int, seconds: float, dice: random.Random, keep: Callable[[Case], None]
) -> None:
    """Seed bugs until so many were detected by the tests; each is handed to a fresh repairer."""
    with tempfile.TemporaryDirectory(prefix="loopcutter-benchmark-") as folder:
        async with workbench(Path(folder)) as bench:
            clean = bench.receive(root)
            start, _ = await bench.briefing(clean, project.tests)
            known = {failure.test for failure in start.failures}
            executed = executed_lines(start)
            found = 0
            for _ in range(count * 5):
                if found == count:
                    break
                path = dice.choices(sorted(executed), [len(executed[each]) for each in sorted(executed)])[0]
                source = bench.store.read(clean, path).decode()
                bug = next(each for each in bugs(source, dice) if line_of(source, each) in executed[path])
                tree = bench.changed(clean, path, bug.apply(source))
                told, collected = await bench.briefing(tree, project.tests)
                failures = tuple(each for each in told.failures if each.test not in known)
                if not collected or not failures:
                    continue  # it broke the import, or no test minds it
                found += 1
                told = replace(told, failures=failures)
                keep(await repaired(project, bench, path, source, bug, told, known, seconds))


def executed_lines(briefing: Briefing) -> dict[str, set[int]]:
    """The lines of the project that its tests execute."""
    executed: dict[str, set[int]] = {}
    for files in briefing.coverage.values():
        for path, lines in files.items():
            if path.endswith(".py") and not is_test(path):
                executed.setdefault(path, set()).update(lines)
    return executed


def line_of(source: str, bug: Bug) -> int:
    """The line a bug is in."""
    return source.count("\n", 0, bug.start) + 1


async def repaired(
    project: Project,
    bench: Workbench,
    path: str,
    source: str,
    bug: Bug,
    briefing: Briefing,
    known: set[str],
    seconds: float,
) -> Case:
    """Let the repairer work, apply what it proposes, and run everything again."""
    started, cpu = time.monotonic(), cpu_seconds()
    bench.tried = bench.first = 0
    proposal = await Builtin(seconds).edit(briefing, bench)
    wall, cpu = time.monotonic() - started, cpu_seconds() - cpu
    good = restored = False
    for edit in proposal.edits:
        text = bench.store.read(briefing.tree, edit["path"]).decode()
        text = replaced(text, edit["search"], edit["replace"], edit["near_line"])
        after, collected = await bench.briefing(bench.changed(briefing.tree, edit["path"], text), project.tests)
        good = collected and {each.test for each in after.failures} <= known
        restored = edit["path"] == path and same(text, source)
    return Case(
        project=project.name,
        path=path,
        line=line_of(source, bug),
        operator=bug.operator,
        right=source[bug.start : bug.end],
        wrong=bug.text,
        failing=len(briefing.failures),
        repaired=good,
        restored=restored,
        first=bench.first,
        tried=bench.tried,
        cpu_s=round(cpu, 2),
        wall_s=round(wall, 2),
        patch=proposal.why,
    )


def replaced(text: str, old: str, new: str, line: int) -> str:
    """The replacement vcs would make: at the place nearest to the line."""
    places = [at for at in range(len(text)) if text.startswith(old, at)]
    at = min(places, key=lambda each: abs(text.count("\n", 0, each) + 1 - line))
    return text[:at] + new + text[at + len(old) :]


def same(one: str, other: str) -> bool:
    """Whether two files have the same syntax tree."""
    return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


def line(case: Case) -> str:
    """One case on one line."""
    mark = "restored" if case.restored else "repaired" if case.repaired else "-"
    where = f"{case.project} {case.path}:{case.line}"
    change = f"{' '.join(case.right.split())[:30]!r} -> {' '.join(case.wrong.split())[:30]!r}"
    figures = f"first {case.first:4} tried {case.tried:4} cpu {case.cpu_s:6.1f} s"
    return f"{mark:9} {figures}  {case.operator:17} {where}  {change}"


def summary(cases: list[Case]) -> dict[str, object]:
    """The figures."""
    first = sorted(case.first for case in cases if case.repaired)
    if not cases or not first:
        return {"bugs": len(cases), "repaired": 0}
    kinds = {}
    for kind in sorted({case.operator for case in cases}):
        of_kind = [case for case in cases if case.operator == kind]
        kinds[kind] = f"{sum(case.repaired for case in of_kind)} of {len(of_kind)}"
    kept = [case for case in cases if not case.operator.startswith("lost")]
    return {
        "bugs": len(cases),
        "repaired": len(first),
        "repaired, %": round(100 * len(first) / len(cases), 1),
        "repaired, without lost code, %": round(100 * sum(case.repaired for case in kept) / max(len(kept), 1), 1),
        "restored": sum(case.restored for case in cases),
        "candidates to first, median": statistics.median(first),
        "candidates to first, p90": first[int(0.9 * (len(first) - 1))],
        "cpu seconds, median": statistics.median(case.cpu_s for case in cases),
        "cpu seconds, total": round(sum(case.cpu_s for case in cases), 1),
        **{f"  {kind}": figure for kind, figure in kinds.items()},
    }


if __name__ == "__main__":
    main()
