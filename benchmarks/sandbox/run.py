"""Measures the sandbox: round trips beside bare pytest, syncs, and what holds when things go wrong.

    python benchmarks/sandbox/run.py [--part P] [--only NAME ...] [--image IMAGE] [--table docs/results-sandbox.md]

Needs a container engine (DOCKER_HOST, or one that listens in the usual places) and a local image with a Python. What
is measured goes to results/NAME.json, with the machine's load before and after; the table is made of these files.
"""

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import bounds
import kept
import speed
from place import Place

from loopcutter_sandbox.backends.docker.image import DEFAULT
from loopcutter_snapshots import ObjectStore

RESULTS = Path(__file__).parent / "results"

Measure = Callable[[Place, int], Awaitable[dict[str, Any]]]

MEASURES: dict[str, tuple[Measure, int]] = {
    "warm": (speed.warm, 30),
    "cold-docker": (partial(speed.cold, backend="docker"), 30),
    "cold-bubblewrap": (partial(speed.cold, backend="bubblewrap"), 30),
    "throughput": (speed.throughput, 120),
    "sync": (speed.sync, 10),
    "kept": (kept.kept, 10),
    "edits": (kept.edits, 60),
    "overrun": (bounds.overrun, 15),
    "flood": (bounds.flood, 5),
    "memory": (bounds.memory, 200),
    "killed": (bounds.killed, 12),
    "guard": (bounds.guard, 5),
    "first-result": (bounds.first_result, 5),
}
"""What is measured, and how often by default: all of it in less than six minutes. `--part 5` makes 1,000 attempts of
`memory`, and 60 kills."""

GOALS: tuple[tuple[str, str, str, float, str], ...] = (
    ("warm round trip, 10 tests, beside bare pytest", "warm", "ratio", 0.60, "x"),
    ("the same in CPU time, container and server together", "warm", "ratio_cpu", 0.60, "x"),
    ("the same in wall time, p90", "warm", "ratio_p90", 0.90, "x"),
    ("cold round trip beyond bare pytest, Docker", "cold-docker", "more_ms", 350, "ms"),
    ("cold round trip beyond bare pytest, bubblewrap", "cold-bubblewrap", "more_ms", 40, "ms"),
    ("the same in CPU time", "cold-bubblewrap", "more_cpu_ms", 40, "ms"),
    ("attempts a minute, each in a fresh container", "throughput", "per_minute", -150, ""),
    ("sync of 5,000 files / 21 MB", "sync", "first_ms", 250, "ms"),
    ("the same in CPU time of the server", "sync", "first_server_cpu_ms", 250, "ms"),
    ("second sync, 20 changes", "sync", "second_ms", 30, "ms"),
    ("the same in CPU time of the server", "sync", "second_server_cpu_ms", 30, "ms"),
    ("checkpoint of 50 changes in 5,000 files", "kept", "checkpoint_ms", 60, "ms"),
    ("the same in CPU time of the server", "kept", "checkpoint_cpu_ms", 60, "ms"),
    ("restore of these, into a container", "kept", "restore_ms", 80, "ms"),
    ("CPU time of a candidate edit", "edits", "cpu_ms", 10, "ms"),
    ("wall time over the limit, p99", "overrun", "p99_s", 0.5, "s"),
    ("removal after a flood", "flood", "removal_s", 0.5, "s"),
    ("server memory over floods of 10 GB", "flood", "memory_mib", 20, "MiB"),
    ("server memory over many attempts (1,000 are the goal)", "memory", "grown_mib", 5, "MiB"),
    ("kills of the server with leftovers after 1 s", "killed", "later_than_1_s", 0, ""),
    ("command guard, p99", "guard", "p99_ms", 1, "ms"),
    ("first test result, no engine", "first-result", "median_s", 5, "s"),
    ("the same in CPU time", "first-result", "median_cpu_s", 5, "s"),
)
"""What, of which measure, which figure, the goal (at most; at least if negative), the unit."""


def main() -> None:
    """Measure what was asked for, then print the table of all that is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", type=float, default=1.0, help="the part of the rounds to do, 0.1 for a tenth")
    parser.add_argument("--only", nargs="*", choices=list(MEASURES), default=list(MEASURES))
    parser.add_argument(
        "--image", default=os.environ.get("LOOPCUTTER_SANDBOX_IMAGE") or os.environ.get("LC_SANDBOX_IMAGE", DEFAULT)
    )
    parser.add_argument("--table", type=Path, help="where to write the table")
    arguments = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    for name in arguments.only:
        found = _measure(name, arguments.image, arguments.part)
        print(f"{name}: {json.dumps(found)}", flush=True)
        (RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n")
    table = _table()
    print(table)
    if arguments.table is not None:
        arguments.table.write_text(f"{_HEAD}\n{table}")


def _measure(name: str, image: str, part: float) -> dict[str, Any]:
    before = os.getloadavg()[0]
    started = time.time()
    with tempfile.TemporaryDirectory(prefix="loopcutter-bench-") as folder:
        place = Place(Path(folder), ObjectStore(Path(folder) / "store"), image)
        measure, rounds = MEASURES[name]
        found = anyio.run(measure, place, max(2, round(rounds * part)))
    return {
        **{key: round(value, 4) if isinstance(value, float) else value for key, value in found.items()},
        "load_before": round(before, 2),
        "load_after": round(os.getloadavg()[0], 2),
        "seconds": round(time.time() - started, 1),
        "machine": f"{platform.system()} {platform.release()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
    }


def _table() -> str:
    lines = ["| what | measured | goal | met | rounds | load |", "|---|---|---|---|---|---|"]
    for what, name, figure, goal, unit in GOALS:
        path = RESULTS / f"{name}.json"
        found = json.loads(path.read_text()) if path.exists() else {}
        if figure in found:
            value = found[figure]
            met = value >= -goal if goal < 0 else value <= goal
            sign = ">=" if goal < 0 else "<="
            rounds = found.get("rounds", found.get("attempts", found.get("commands", "")))
            load = f"{found['load_before']:.0f}-{found['load_after']:.0f}"
            lines.append(
                f"| {what} | {value:.2f} {unit} | {sign} {abs(goal)} {unit} | {_yes(met)} | {rounds} | {load} |"
            )
    return "\n".join(lines) + "\n"


def _yes(met: bool) -> str:
    return "yes" if met else "**no**"


_HEAD = """# Results: sandbox

`python benchmarks/sandbox/run.py` on Linux, two cores. The load is that of the whole machine before and after each
measurement: with two cores, everything above 2 is other people's work, and wall times are to be read as upper bounds.
"""


if __name__ == "__main__":
    main()
