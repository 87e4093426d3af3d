"""How many mends of one function, in the history of real projects, are among the candidates of `builtin`?

    git clone https://github.com/pallets/flask
    python benchmarks/repair/real_fixes.py flask --out real_fixes.json

Takes each commit that calls itself a fix, and changes one function and tests, to its parent; gives the repairer the
very lines that the mend changed; and looks for the mend, to the syntax tree, among the first candidates. No test is
run. So this bounds what template repair can do in real projects: from above, because the place is given; from below,
because another patch may be as good. The project's other files of the same folder are there to borrow from.
"""

import argparse
import ast
import json
import textwrap
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from mends import History, Mend, without_docstrings
from outcome import share

from loopcutter_host.repair.hints import Hints
from loopcutter_host.repair.ranking import Ranking
from loopcutter_host.repair.source import Source
from loopcutter_host.repair.spectrum import heat

_SMALL = 6
"""Lines that go or come, at most, in a small mend."""
_PATIENCE_S = 60
"""CPU seconds for a mend."""


@dataclass(frozen=True)
class Expressed:
    """A mend, and at which place it stands among the candidates for its lines; None if it is not there."""

    repository: str
    commit: str
    path: str
    function: str
    size: int
    rank: int | None
    template: str
    candidates: int
    """Candidates that were looked at."""


def main() -> None:
    """Look through the histories and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clones", nargs="+", type=Path, help="clones with their history, bare or not")
    parser.add_argument("--most", type=int, default=400, help="mends of each, the latest first")
    parser.add_argument("--size", type=int, default=20, help="lines that go or come, at most: no larger one is tried")
    parser.add_argument("--candidates", type=int, default=1000)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    found: list[Expressed] = []
    counts = Counter({"fixes": 0, "one file and tests": 0, "one function": 0})
    for clone in chosen.clones:
        history = History(clone)
        for mend in islice(history.mends(), chosen.most):
            counts["one function"] += 1
            if mend.size <= chosen.size:
                found.append(expressed(mend, neighbours(history, mend), chosen.candidates))
                print(_line(found[-1], mend), flush=True)
        counts["fixes"] += history.fixes
        counts["one file and tests"] += history.one_file
    print(f"\n{_summary(found, counts)}")
    if chosen.out is not None:
        body = {"counts": counts, "summary": _summary(found, counts).splitlines()}
        chosen.out.write_text(json.dumps({**body, "mends": [asdict(each) for each in found]}, indent=1) + "\n")


def neighbours(history: History, mend: Mend) -> list[Source]:
    """The files beside it that can be read."""
    sources = []
    for path, text in history.beside(mend):
        with suppress(SyntaxError, ValueError):
            sources.append(Source(path, text))
    return sources


def expressed(mend: Mend, around: Sequence[Source], most: int) -> Expressed:
    """Look for the mend among the first `most` candidates."""
    source = Source(mend.path, mend.before)
    start, end = _span(source, mend.function)
    after = Source(mend.path, mend.after)
    wanted = _tree(after.data[slice(*_span(after, mend.function))])
    ranking = Ranking({mend.path: source}, {mend.path: heat(source, dict.fromkeys(mend.lines, 1.0))}, around)
    number, deadline = 0, time.process_time() + _PATIENCE_S
    for number, each in enumerate(islice(ranking.candidates(Hints()), most), 1):
        if start <= each.start <= each.end <= end:
            changed = source.data[start : each.start] + each.text.encode() + source.data[each.end : end]
            if _tree(changed) == wanted:
                return _expressed(mend, number, each.template, number)
        if time.process_time() > deadline:
            break
    return _expressed(mend, None, "", number)


def _expressed(mend: Mend, rank: int | None, template: str, candidates: int) -> Expressed:
    return Expressed(mend.repository, mend.commit, mend.path, mend.function, mend.size, rank, template, candidates)


def _span(source: Source, name: str) -> tuple[int, int]:
    """The bytes of whole lines on which a function stands, its decorators included."""
    plain, _, number = name.partition("#")
    alike = [each for each in source.functions if source.qualified_name(each) == plain]
    function = sorted(alike, key=lambda each: each.lineno)[int(number or 0)]
    first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
    return source.line_start(first), source.line_start((function.end_lineno or first) + 1)


def _tree(function: bytes) -> str:
    try:
        tree = ast.parse(textwrap.dedent(function.decode(errors="replace")))
    except (SyntaxError, ValueError):
        return ""
    without_docstrings(tree)
    return ast.dump(tree)


def _line(each: Expressed, mend: Mend) -> str:
    where = f"{each.repository} {each.commit[:8]} {each.path}::{each.function}"
    said = f"rank {each.rank} ({each.template})" if each.rank else f"not among {each.candidates}"
    return f"{where:90} {each.size:3} lines  {said}  {mend.subject[:60]}"


def _summary(found: Sequence[Expressed], counts: Counter[str]) -> str:
    small = [each for each in found if each.size <= _SMALL]
    there = [each for each in found if each.rank]
    ranks = sorted(each.rank for each in found if each.rank)
    rows = {
        "commits that call themselves a fix": str(counts["fixes"]),
        "of these, one file and tests": str(counts["one file and tests"]),
        "of these, in one function": str(counts["one function"]),
        "expressible, of those in one function": share(there, range(counts["one function"])),
        f"expressible, of those of up to {_SMALL} lines": share([each for each in small if each.rank], small),
        "rank given the lines, median and worst": f"{ranks[len(ranks) // 2]}, {ranks[-1]}" if ranks else "-",
        "by template": ", ".join(f"{name} {n}" for name, n in Counter(each.template for each in there).most_common()),
    }
    return "\n".join(f"{key:44} {value}" for key, value in rows.items())


if __name__ == "__main__":
    main()
