"""Turns flags into the figures that have goals, with confidence intervals."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data import Case, Run


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    goal: str = ""
    measured: str = ""
    met: bool | None = None

    @classmethod
    def heading(cls, what: str) -> "Row":
        """A line that opens a part of the table."""
        return cls(f"**{what}**")

    @classmethod
    def share(cls, what: str, hits: int, of: int, goal: float, at_least: bool = True) -> "Row":
        """A share with its interval."""
        if of == 0:
            return cls(what, _bound(goal, at_least), "not measured: no data")
        low, high = wilson(hits, of)
        met = hits / of >= goal if at_least else hits / of <= goal
        return cls(what, _bound(goal, at_least), f"{hits / of:.3f} ({hits} of {of}; {low:.2f} to {high:.2f})", met)

    @classmethod
    def figure(cls, what: str, value: float, goal: float, unit: str) -> "Row":
        """A figure that should not exceed its goal."""
        return cls(what, f"≤ {goal:g} {unit}", f"{value:.3g} {unit}", value <= goal)


def of_cases(cases: Sequence[Case], flags: Mapping[str, int]) -> list[Row]:
    """The goals on staged cases."""
    if not cases:
        return [Row("staged cases", "", "not measured: no data")]
    loops = [case for case in cases if case.loop]
    innocent = [case for case in cases if not case.loop]
    found = [case for case in loops if flags[case.id] >= case.earliest]
    early = [case for case in loops if 0 <= flags[case.id] < case.earliest]
    alarms = [case for case in innocent if flags[case.id] >= 0]
    delays = sorted(flags[case.id] - case.earliest for case in found)
    twins = [case for case in loops if case.twin in flags]
    right = [case for case in twins if case in found and flags[case.twin] < 0]
    hard = [case for case in loops if case.hard]
    hard_innocent = [case for case in innocent if case.hard]
    return [
        Row.share("precision", len(found), len(found) + len(early) + len(alarms), 0.97),
        Row.share("recall", len(found), len(loops), 0.95),
        Row.share("recall on the hard ones", sum(case in found for case in hard), len(hard), 0.93),
        Row.share(
            "false alarms on hard innocent ones",
            sum(case in alarms for case in hard_innocent),
            len(hard_innocent),
            0.03,
            False,
        ),
        Row.share("loop and innocent twin both right", len(right), len(twins), 22 / 24),
        Row.figure("delay after the loop begins, median", quantile(delays, 0.5), 4, "steps"),
        Row.figure("delay after the loop begins, p90", quantile(delays, 0.9), 8, "steps"),
    ]


def of_runs(runs: Sequence[Run], flags: Mapping[str, int]) -> list[Row]:
    """The goals on recordings of real agents."""
    clear = [run for run in runs if not run.borderline]
    loops = [run for run in clear if run.loop]
    healthy = [run for run in clear if not run.loop]
    solved = [run for run in healthy if run.solved]
    in_time = sum(run.earliest <= flags[run.id] <= run.third + 3 for run in loops)
    saved = sum(_saved(run, flags[run.id]) for run in loops)
    return [
        Row.share("clearly labelled loops caught in time", in_time, len(loops), 0.90),
        Row.share(
            "clearly labelled healthy runs flagged",
            sum(flags[run.id] >= 0 for run in healthy),
            len(healthy),
            0.01,
            False,
        ),
        Row.share(
            "solved, clean runs stopped by a veto", sum(flags[run.id] >= 0 for run in solved), len(solved), 0.0, False
        ),
        Row.share("steps of looping runs saved", saved, sum(run.end - run.third for run in loops), 0.75),
    ]


def _saved(run: Run, flag: int) -> int:
    return 0 if flag < 0 else max(0, run.end - max(flag, run.third))


def table(rows: Sequence[Row]) -> str:
    """The rows as a table in Markdown."""
    lines = ["| what | goal | measured | met |", "|---|---|---|---|"]
    for row in rows:
        met = {True: "yes", False: "no", None: ""}[row.met]
        lines.append(f"| {row.what} | {row.goal} | {row.measured} | {met} |")
    return "\n".join(lines)


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share."""
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the sorted `values` lies."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else math.nan


def _bound(goal: float, at_least: bool) -> str:
    return f"{'≥' if at_least else '≤'} {goal:.2f}"
