"""Weighs candidates by what they would come to, as far as one run of a failing test shows it."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from loopcutter_host.model import Briefing
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.observation import Sight, outermost, probe, told
from loopcutter_host.repair.source import Source
from loopcutter_host.repair.watch import CURES, DIFFERS, RAISES, SAME, SAME_SO_FAR
from loopcutter_host.toolbox import Toolbox, use

MOST = 300
"""Candidates that are looked at, the likeliest."""
BESIDE = 8
"""The likeliest of them are tried in the same start of the tests: of the easy bugs most need no other."""
_MOST_TESTS = 120
"""With more, no candidate is tried beside the look: too many would have a say."""
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

_Probe = tuple[Candidate, list[int], list[Candidate]]
"""An edit that watches a function, the places of those it watches among some candidates, and these."""


@dataclass(frozen=True)
class Foresight:
    """What a look has brought."""

    waiting: Iterator[Candidate]
    """The candidates, those first that can still be right; without those that were tried beside the look."""
    passed: tuple[Candidate, ...] = ()
    """Those that passed every test that has a say."""
    tried: int = 0
    """How many were tried beside the look, and are settled."""


@dataclass(frozen=True)
class _Tests:
    """What is run for a look, in this order."""

    before: tuple[str, ...] = ()
    """Some that pass."""
    looked_at: tuple[str, ...] = ()
    """One that fails."""
    others: tuple[str, ...] = ()
    """All else that has a say where a candidate is tried."""
    ends: bool = True
    """Whether the one that fails does so by itself."""


async def foreseen(
    ranked: Iterator[Candidate], sources: Mapping[str, Source], briefing: Briefing, tools: Toolbox
) -> Foresight:
    """The candidates after a look at the failing test; the likeliest few are tried in the same start."""
    first = list(itertools.islice(ranked, MOST))
    tests = _tests(briefing)
    probes = _probes(first, sources, tests)
    if not probes:
        return Foresight(itertools.chain(first, ranked))
    told, results = await _asked(probes, _beside(first, tests), tests, briefing, tools)
    # Where the failing test was seen to fail, those before it had passed, so that they may judge.
    judges = tests.looked_at + (tests.before if told else ()) + _failing(briefing)
    passed = tuple(each for each, (status, _) in results.items() if status == "passed")
    settled = {*passed, *(each for each, result in results.items() if _has_failed(result, judges))}
    order = [(old, new) for old, new in weighed(first, told) if old not in settled]
    return Foresight(itertools.chain((new for _, new in order), ranked), passed, len(settled))


async def sights(
    candidates: Sequence[Candidate], sources: Mapping[str, Source], briefing: Briefing, tools: Toolbox
) -> dict[Candidate, Sight]:
    """What is seen of candidates; nothing where it can't be looked."""
    tests = _tests(briefing)
    probes = _probes(candidates, sources, tests)
    return (await _asked(probes, (), tests, briefing, tools))[0] if probes else {}


def _beside(first: Sequence[Candidate], tests: _Tests) -> Sequence[Candidate]:
    few = len(tests.before) + len(tests.looked_at) + len(tests.others) <= _MOST_TESTS
    return first[:BESIDE] if few and tests.ends else ()


def _has_failed(result: tuple[str, str], judges: Iterable[str]) -> bool:
    """Whether a candidate is settled; one that a test fails which may need others before it is tried again."""
    status, detail = result
    return status == "invalid" or (status == "failed" and detail.startswith(tuple(f"{each}: " for each in judges)))


def _probes(candidates: Sequence[Candidate], sources: Mapping[str, Source], tests: _Tests) -> list[_Probe]:
    """The edits that watch, with the candidates that each tells of."""
    if not tests.looked_at:
        return []
    groups: dict[tuple[str, int], list[Candidate]] = {}
    for each in candidates:
        function = outermost(each, sources[each.path])
        if function is not None:
            groups.setdefault((each.path, function.lineno), []).append(each)
    file = tests.looked_at[0].split("::")[0]
    probes = []
    for group in list(groups.values())[:_FUNCTIONS]:
        for start in range(0, len(group), _AT_ONCE):
            part = group[start : start + _AT_ONCE]
            made = probe(part, sources[part[0].path], file, tests.ends)
            if made is not None:
                edit, numbers = made
                probes.append((edit, numbers, part))
    return probes


async def _asked(
    probes: Sequence[_Probe], beside: Sequence[Candidate], tests: _Tests, briefing: Briefing, tools: Toolbox
) -> tuple[dict[Candidate, Sight], dict[Candidate, tuple[str, str]]]:
    """What was seen, and status and detail of what was tried; the look comes last, as what passes spares it."""
    edits = [*beside, *(edit for edit, _, _ in probes)]
    outcome = await use(
        tools,
        "sandbox",
        "try_edits",
        tree=briefing.tree,
        tests=[*tests.before, *tests.looked_at, *(tests.others if beside else ())],
        candidates=[
            {"id": str(number), "path": each.path, "start": each.start, "end": each.end, "text": each.text}
            for number, each in enumerate(edits)
        ],
        stop_after=1 if beside else len(edits) + 1,
        timeout_s=_TIME_S,
    )
    found: dict[Candidate, Sight] = {}
    results: dict[Candidate, tuple[str, str]] = {}
    for result in outcome.data["results"] if outcome.ok else ():
        place, detail = int(result["id"]), str(result["detail"])
        if place < len(beside):
            results[beside[place]] = result["status"], detail
            continue
        number = place - len(beside)
        _, numbers, part = probes[number]
        for item, sight in told(detail, numbers).items():
            found[part[item]] = replace(sight, alike=sight.alike + 65536 * number)
    return found, results


def _failing(briefing: Briefing) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.test for each in briefing.failures))


def _tests(briefing: Briefing) -> _Tests:
    """Some tests that pass, and the failing one that runs through least; alone, where none ends by itself."""
    failing = [each for each in briefing.failures if each.test in briefing.coverage]
    if not failing:
        return _Tests()
    size = {each.test: sum(map(len, briefing.coverage[each.test].values())) for each in failing}
    ends = [each for each in failing if each.exception != "Timeout"] or failing
    chosen = min(ends, key=lambda each: (size[each.test], each.test))
    if chosen.exception == "Timeout":
        return _Tests(looked_at=(chosen.test,), ends=False)
    file = chosen.test.split("::")[0]
    before = [test for test in briefing.passing if test.split("::")[0] == file and test in briefing.coverage]
    before = before[:_BEFORE]
    others = dict.fromkeys((*_failing(briefing), *briefing.passing))
    return _Tests(tuple(before), (chosen.test,), tuple(each for each in others if each not in (*before, chosen.test)))


def weighed(candidates: Sequence[Candidate], seen: Mapping[Candidate, Sight]) -> list[tuple[Candidate, Candidate]]:
    """Pairs of a candidate and the same with what was seen, in the order that this gives them."""
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
        scored.append((each, replace(each, prior=each.prior * factor)))
    return sorted(scored, key=lambda each: -each[1].prior)
