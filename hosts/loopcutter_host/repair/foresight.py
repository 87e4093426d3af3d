"""Weighs candidates by what they would come to, as far as one run of a failing test shows it."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from loopcutter_host.model import Briefing
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.observation import Sight, outermost, probe, told
from loopcutter_host.repair.source import Source
from loopcutter_host.repair.watch import CURES, DIFFERS, RAISES, SAME, SAME_SO_FAR
from loopcutter_host.toolbox import Toolbox, use

MOST = 300
"""Candidates that are looked at, the likeliest."""
_FUNCTIONS = 4
_AT_ONCE = 500
"""Candidates that one watch tells of."""
_BEFORE = 5
"""Tests that pass, to see what a candidate would change in them."""
_TIME_S = 10.0
_FAILING = {0: 0.01, SAME: 0.01, DIFFERS: 3.0, RAISES: 0.02, CURES: 4.0, SAME_SO_FAR: 0.15}
"""Factors for what the failing test sees."""
_PASSING = {0: 1.3, SAME: 3.0, DIFFERS: 0.6, RAISES: 0.05, CURES: 0.6, SAME_SO_FAR: 1.0}
"""Factors for what the tests that pass see."""
_REPEATED = 0.6
"""Factor for a candidate that comes to the same as one before it."""


async def foreseen(
    ranked: Iterator[Candidate], sources: Mapping[str, Source], briefing: Briefing, tools: Toolbox
) -> Iterator[Candidate]:
    """The candidates, those first that can still be right after a look at the failing test."""
    first = list(itertools.islice(ranked, MOST))
    seen = await sights(first, sources, briefing, tools) if first else {}
    return itertools.chain(weighed(first, seen), ranked)


async def sights(
    candidates: Sequence[Candidate], sources: Mapping[str, Source], briefing: Briefing, tools: Toolbox
) -> dict[Candidate, Sight]:
    """What was seen of the candidates; nothing where it can't be looked."""
    tests, ends = _tests(briefing)
    if not tests:
        return {}
    groups: dict[tuple[str, int], list[Candidate]] = {}
    for each in candidates:
        function = outermost(each, sources[each.path])
        if function is not None:
            groups.setdefault((each.path, function.lineno), []).append(each)
    probes = []
    for group in list(groups.values())[:_FUNCTIONS]:
        for start in range(0, len(group), _AT_ONCE):
            part = group[start : start + _AT_ONCE]
            made = probe(part, sources[part[0].path], tests[-1].split("::")[0], ends)
            if made is not None:
                probes.append((made, part))
    if not probes:
        return {}
    wire = [
        {"id": str(number), "path": each.path, "start": each.start, "end": each.end, "text": each.text}
        for number, ((each, _), _) in enumerate(probes)
    ]
    outcome = await use(
        tools,
        "sandbox",
        "try_edits",
        tree=briefing.tree,
        tests=tests,
        candidates=wire,
        stop_after=len(wire) + 1,
        timeout_s=_TIME_S,
    )
    found: dict[Candidate, Sight] = {}
    for number, each in enumerate(outcome.data["results"] if outcome.ok else ()):
        (_, numbers), part = probes[int(each["id"])]
        for place, sight in told(str(each["detail"]), numbers).items():
            found[part[place]] = replace(sight, alike=sight.alike + 65536 * number)
    return found


def _tests(briefing: Briefing) -> tuple[list[str], bool]:
    """Some tests that pass, and the failing one that runs through least; alone, where none ends by itself."""
    failing = [each for each in briefing.failures if each.test in briefing.coverage]
    if not failing:
        return [], True
    size = {each.test: sum(map(len, briefing.coverage[each.test].values())) for each in failing}
    ends = [each for each in failing if each.exception != "Timeout"] or failing
    chosen = min(ends, key=lambda each: (size[each.test], each.test))
    if chosen.exception == "Timeout":
        return [chosen.test], False
    file = chosen.test.split("::")[0]
    before = [test for test in briefing.passing if test.split("::")[0] == file and test in briefing.coverage]
    return [*before[:_BEFORE], chosen.test], True


def weighed(candidates: Sequence[Candidate], seen: Mapping[Candidate, Sight]) -> list[Candidate]:
    """In the order that what was seen gives them."""
    alike: Counter[int] = Counter()
    scored = []
    for each in candidates:
        factor = 1.0
        sight = seen.get(each)
        if sight is not None:
            factor = _FAILING[sight.failing] * _PASSING[sight.passing]
            if sight.failing in (DIFFERS, CURES):
                factor *= _REPEATED ** min(alike[sight.alike], 3)
                alike[sight.alike] += 1
        scored.append(replace(each, prior=each.prior * factor))
    return sorted(scored, key=lambda each: -each.prior)
