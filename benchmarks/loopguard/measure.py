"""Measures loopguard against every goal it has, with one command:

    python benchmarks/loopguard/measure.py [DATA] [--write]

DATA is a folder with `cases.jsonl` and `pairs.json` (staged cases) and, where they are at hand, `labels.jsonl` and
recorded runs (`*.jsonl`, `*.jsonl.gz`). Without it the staged cases that come with the project are taken; recordings of
other people's agents are not part of it. `--write` puts the table into `docs/results-loopguard.md` and the curve into
`docs/loopguard-threshold.svg`.
"""

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from cost import cost
from curve import Point, curve
from data import Case, Run, cases, runs
from score import Row, of_cases, of_runs, table

from loopcutter_loopguard.policy import Policy, default
from loopcutter_loopguard.replay import judged, summed_up

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
THRESHOLDS = (2, 3, 4, 5, 6)


def main() -> None:
    """Measure, print, and write down when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=HERE / "data")
    parser.add_argument("--own", type=Path, default=HERE.parents[1] / "tests" / "loopguard" / "cases")
    parser.add_argument("--write", action="store_true", help="write docs/results-loopguard.md and the curve")
    options = parser.parse_args()
    staged, own, real = cases(options.data), cases(options.own), runs(options.data)
    with ProcessPoolExecutor() as pool:
        flags = _flags(pool, default(), [*staged, *own, *real])
        rows = [Row.heading("staged cases"), *of_cases(staged, flags)]
        rows += [Row.heading("further staged cases of our own"), *of_cases(own, flags)]
        rows += [Row.heading("recorded runs of real agents"), *of_runs(real, flags)]
        rows += [Row.heading("cost"), *cost([case.events for case in (staged or own)])]
        points = [_point(pool, threshold, [*staged, *own], real) for threshold in THRESHOLDS]
    text = table(rows)
    print(text)
    for point in points:
        print(f"threshold {point.threshold}: precision {point.precision:.3f}, recall {point.recall:.3f}")
    if options.write:
        (DOCS / "results-loopguard.md").write_text(_section(text, staged, own, real), encoding="utf-8")
        (DOCS / "loopguard-threshold.svg").write_text(curve(points, default().threshold), encoding="utf-8")


def _flags(pool: ProcessPoolExecutor, policy: Policy, recordings: Sequence[Case | Run]) -> dict[str, int]:
    """Where each recording is flagged first: id → step, -1 for never."""
    tasks = [(recording.events, policy) for recording in recordings]
    found = pool.map(_first_flag, tasks, chunksize=4)
    return {recording.id: flag for recording, flag in zip(recordings, found, strict=True)}


def _first_flag(task: tuple[list[dict[str, object]], Policy]) -> int:
    events, policy = task
    return summed_up(judged(events, policy)).first_flag


def _point(pool: ProcessPoolExecutor, threshold: int, staged: Sequence[Case], real: Sequence[Run]) -> Point:
    """Precision and recall when everything waits for `threshold` attempts."""
    policy = replace(
        default(),
        threshold=threshold,
        repeats=threshold,
        monologue=threshold,
        same_error=threshold + 1,
        stagnation=threshold + 1,
        rereads=threshold + 2,
    )
    loops: list[Case | Run] = [*staged, *(run for run in real if not run.borderline)]
    flags = _flags(pool, policy, loops)
    found = sum(one.loop and flags[one.id] >= one.earliest for one in loops)
    false = sum(0 <= flags[one.id] < one.earliest if one.loop else flags[one.id] >= 0 for one in loops)
    return Point(threshold, found / max(1, found + false), found / max(1, sum(one.loop for one in loops)))


def _section(text: str, staged: Sequence[Case], own: Sequence[Case], real: Sequence[Run]) -> str:
    what = f"{len(staged)} staged cases, {len(own)} further ones of our own, {len(real)} labelled recordings of agents"
    if not real:
        what += " (pass a folder with `labels.jsonl` and recordings to measure those)"
    return (
        "# Loopguard: what was measured\n\n"
        f"Measured by `python benchmarks/loopguard/measure.py` on {what}. The thresholds were tuned on these same "
        "data, our own cases were written beside the rules, and rules were changed after reading unlabelled "
        "recordings of the same public sources: figures on cases and sources it has not seen are expected to be "
        "lower. Intervals are 95 % (Wilson).\n\n"
        f"{text}\n\n"
        "A flag is a verdict of block, rollback or stop. A flag before the loop begins counts as a false alarm. "
        "*In time* means at most three steps after the third attempt. Cost is processor time, without the store.\n\n"
        "![Precision and recall against the threshold](loopguard-threshold.svg)\n"
    )


if __name__ == "__main__":
    main()
