"""How well `loopcutter-host fix` does on real bugs: `python benchmarks/real_bugs/run.py [NAME…]`.

Each bug becomes a git repository (the release with the bug, the tests of the release without it), `fix` works on it,
and what comes back is judged from outside: applied to a fresh copy, tested again, compared with the maintainers' mend.
The releases come through pip by version and hash. To show the bug and to judge, tests run outside any sandbox: what
runs is no more than what `pip install` of these releases would let run.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bugs import BadData, Bug, choose, load
from repository import Inconclusive, build, failing, git
from sdist import Unavailable, cache_folder

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Result:
    """What `fix` made of one bug."""

    bug: str
    kind: str
    outcome: str
    """In `fix`'s own words: `fixed`, `gave-up`, …"""
    confirmed: bool
    """Whether every test passes when the patch is applied to a fresh copy."""
    same_as_upstream: bool
    """Whether the patch is the maintainers' mend, but for layout and comments; another right patch is possible."""
    attempts: int
    seconds: float
    isolation: str
    alternatives: int
    """How many other patches passed the same tests."""
    reason: str
    patch: str


def main() -> int:
    arguments = _parser().parse_args()
    say = _to_stderr
    try:
        bugs = choose(load(arguments.bugs), arguments.names)
        if arguments.list:
            print(
                table(
                    [("bug", "releases", "kind"), *((b.name, f"{b.buggy} → {b.fixed.version}", b.kind) for b in bugs)]
                )
            )
            return 0
        if arguments.check:
            checked = [check(bug, arguments.cache, say) for bug in bugs]
            return 0 if all(checked) else 1
        results = [measure(bug, arguments.cache, arguments.model, say) for bug in bugs]
    except (BadData, Unavailable, Inconclusive) as error:
        say(str(error))
        return 1
    file = arguments.results / f"{arguments.model.replace(':', '-').replace('/', '-')}.json"
    report = keep(results, file, arguments.model)
    print(json.dumps(report, indent=2, ensure_ascii=False) if arguments.json else summary(results))
    say(f"kept in {file}")
    return 0


def check(bug: Bug, cache: Path, say: Callable[[str], None]) -> bool:
    """Whether the entry is true: exactly its tests fail, and the maintainers' mend makes all pass."""
    with tempfile.TemporaryDirectory(prefix="real-bug-") as folder:
        repository = build(bug, cache, Path(folder))
        before = failing(repository)
        bug.mend(repository)
        after = failing(repository)
    true = before == tuple(sorted(bug.fails)) and not after
    say(f"{'ok   ' if true else 'WRONG'} {bug.name}: {len(before)} failed before the mend, {len(after)} after it")
    if not true:
        say(f"      before: {', '.join(before)}\n      after: {', '.join(after)}")
    return true


def measure(bug: Bug, cache: Path, model: str, say: Callable[[str], None]) -> Result:
    """Run `fix` on the bug and judge what it made of it."""
    with tempfile.TemporaryDirectory(prefix="real-bug-") as name:
        folder = Path(name)
        say(f"\n{bug.name}: {bug.buggy}, {bug.kind}")
        repository = build(bug, cache, folder)
        for test in failing(repository):
            say(f"  fails: {test}")
        begun = time.monotonic()
        end = fix(repository, bug.issue, model, folder / "state")
        seconds = time.monotonic() - begun
        patch = str(end.get("patch", ""))
        confirmed, same = judge(bug, repository, patch)
    result = Result(
        bug=bug.name,
        kind=bug.kind,
        outcome=str(end.get("outcome", "no report")),
        confirmed=confirmed,
        same_as_upstream=same,
        attempts=int(end.get("attempts", 0)),
        seconds=round(seconds, 1),
        isolation=str(end.get("isolation", "")),
        alternatives=len(end.get("alternatives", ())),
        reason=str(end.get("reason", "")),
        patch=patch,
    )
    say(f"  {result.outcome} after {result.seconds} s{': ' + result.reason if result.reason else ''}")
    return result


def fix(repository: Path, issue: str, model: str, state: Path) -> dict[str, Any]:
    """Body of the `run.end` that `loopcutter-host fix` closes its events with; empty when it never got there."""
    done = subprocess.run(
        [sys.executable, "-m", "loopcutter_host", "fix",
         "--repo", str(repository), "--issue", issue, "--model", model, "--json"],
        env={**os.environ, "LOOPCUTTER_STATE": str(state)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )  # fmt: skip
    events = [json.loads(line) for line in done.stdout.splitlines()]
    ends: list[dict[str, Any]] = [event["body"] for event in events if event["type"] == "run.end"]
    return ends[-1] if ends else {}


def judge(bug: Bug, repository: Path, patch: str) -> tuple[bool, bool]:
    """(every test passes with the patch, the patch is the maintainers' own)."""
    if not patch:
        return False, False
    copy = repository.with_name("judged")
    git(repository, "clone", "--quiet", "--no-hardlinks", str(repository), str(copy))
    try:
        git(copy, "apply", text=patch)
        if git(copy, "diff", "--name-only", "--", *bug.tests, "pytest.ini"):
            return False, False  # a patch that bends its judge proves nothing
        return not failing(copy), bug.is_mended_alike(copy, repository)
    except (subprocess.CalledProcessError, Inconclusive):
        return False, False


def keep(results: Sequence[Result], file: Path, model: str) -> dict[str, Any]:
    """Write the results down; those of bugs that were not run this time stay."""
    known = json.loads(file.read_text("utf-8"))["results"] if file.exists() else []
    entries = {entry["bug"]: entry for entry in known} | {result.bug: asdict(result) for result in results}
    report = {
        "model": model,
        "date": time.strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "results": sorted(entries.values(), key=lambda entry: str(entry["bug"])),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return report


def summary(results: Sequence[Result]) -> str:
    """What a person wants to see: one line a bug, and the count."""
    rows: list[tuple[str, ...]] = [("bug", "kind", "outcome", "confirmed", "as upstream", "attempts", "seconds")]
    for result in results:
        marks = ("yes" if fact else "no" for fact in (result.confirmed, result.same_as_upstream))
        rows.append((result.bug, result.kind, result.outcome, *marks, str(result.attempts), f"{result.seconds:.1f}"))
    confirmed = sum(result.confirmed for result in results)
    return f"{table(rows)}\n\n{confirmed} of {len(results)} fixed and confirmed"


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Columns as wide as their widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a bug; without one, all of them")
    parser.add_argument("--list", action="store_true", help="show the bugs and stop")
    parser.add_argument(
        "--check", action="store_true", help="check the data (which tests fail, what mends them); no fix is run"
    )
    parser.add_argument("--model", default="builtin", help="as `loopcutter-host fix` takes it")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--bugs", type=Path, default=HERE / "bugs.toml", help="the data file")
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="where source distributions are kept")
    parser.add_argument("--results", type=Path, default=HERE / "results", help="where results are written")
    return parser


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
