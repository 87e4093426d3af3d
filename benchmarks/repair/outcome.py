"""What became of each bug, and the figures over all of them."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["same", "right", "passes", "wrong", "not found", "timeout"]
"""`same`: the code means what it meant before the bug. `right`: other code, the same answers on 300 further inputs.
`passes`: other code that passes all tests, and gives other answers or was not asked. `wrong`: what was proposed does
not pass the whole suite. `not found`: nothing passes, nothing is left to try. `timeout`: nothing passed in bounds."""
REPAIRED = ("same", "right", "passes")


@dataclass(frozen=True)
class Case:
    """One bug and what became of it."""

    project: str
    number: int
    """Which bug of the project it is, counted from 0: with the seed, enough to make it again."""
    path: str
    line: int
    operator: str
    right: str
    wrong: str
    half: str
    """`looked-at`: its misses were studied for the templates; `counted`: they were not; `fresh`: of a later date."""
    failing: int
    outcome: Outcome
    first: int
    """The number of the first candidate that passed the failing tests; 0 when none did."""
    tried: int
    cpu_first_s: float
    """CPU seconds of repairer and sandbox until the first candidate had passed; 0 when none did."""
    cpu_s: float
    wall_s: float
    patch: str
    alternatives: int = 0

    @property
    def repaired(self) -> bool:
        """Whether the whole suite passes again."""
        return self.outcome in REPAIRED


def line(case: Case) -> str:
    """One case on one line."""
    where = f"{case.project} {case.path}:{case.line}"
    change = f"{' '.join(case.right.split())[:40]!r} -> {' '.join(case.wrong.split())[:40]!r}"
    figures = f"first {case.first:4} of {case.tried:4} cpu {case.cpu_first_s:5.2f} of {case.cpu_s:6.2f} s"
    return f"{case.outcome:9} {figures}  {case.operator:16} {where}  {change}"


def summary(cases: Sequence[Case], guessed: frozenset[str]) -> dict[str, Any]:
    """The figures: all bugs, those whose operators destroy what no template can know, and the others."""
    done = [case for case in cases if case.repaired]
    first, cpu = sorted(case.first for case in done), sorted(case.cpu_first_s for case in done)
    if not done:
        return {"bugs": len(cases), "repaired": 0}
    kinds = {}
    for kind in sorted({case.operator for case in cases}):
        of_kind = [case for case in cases if case.operator == kind]
        kinds[f"  {kind}"] = f"{sum(case.repaired for case in of_kind)} of {len(of_kind)}"
    projects = {}
    for project in sorted({case.project for case in cases}) if len({case.project for case in cases}) < 20 else ():
        of_project = [case for case in cases if case.project == project]
        projects[f"  {project}"] = f"{sum(case.repaired for case in of_project)} of {len(of_project)}"
    known = [case for case in cases if case.operator not in guessed]
    return {
        "bugs": len(cases),
        "repaired": share(done, cases),
        "repaired, operators with a template": share([case for case in known if case.repaired], known),
        "repaired, operators without": share(
            [each for each in done if each not in known], [each for each in cases if each not in known]
        ),
        **{each: sum(case.outcome == each for case in cases) for each in Outcome.__args__},  # type: ignore[attr-defined]
        "candidates to first, median": statistics.median(first),
        "candidates to first, p90": _p90(first),
        "CPU seconds to first, median": round(statistics.median(cpu), 2),
        "CPU seconds to first, p90": round(_p90(cpu), 2),
        "CPU seconds, all": round(sum(case.cpu_s for case in cases), 1),
        **projects,
        **kinds,
    }


def _p90(values: Sequence[float]) -> float:
    return values[min(len(values) - 1, math.ceil(0.9 * len(values)) - 1)]


def share(good: Sequence[object], all_: Sequence[object]) -> str:
    """`13 of 16 = 81 % (57 to 93)`: with the 95 % interval of Wilson."""
    if not all_:
        return "0 of 0"
    n, p, z = len(all_), len(good) / len(all_), 1.96
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)
    return f"{len(good)} of {n} = {100 * p:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
