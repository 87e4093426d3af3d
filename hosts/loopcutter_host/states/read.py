"""Read: run the tests as they are, choose which failing ones the run is about, find the places that matter."""

import re
from collections.abc import Sequence

from loopcutter_host.case import Case
from loopcutter_host.connections import demand
from loopcutter_host.errors import NotSolved
from loopcutter_host.evidence import Evidence
from loopcutter_host.model import Place
from loopcutter_host.table import Signal
from loopcutter_host.toolbox import use

_UNUSABLE = {
    "no-tests": ("no tests were found.", "Name the command that shows the bug with --test."),
    "timeout": (
        "the tests did not end within {limit:.0f} s.",
        "Narrow them with --test, or raise limits.test_timeout_s.",
    ),
    "crashed": (
        "the test run crashed before it could report: {output}",
        "Try the command by hand, then name it with --test.",
    ),
    "killed": ("the test run was killed: {output}", "It probably needs more memory than the sandbox grants."),
}


async def read(case: Case) -> Signal:
    seen = await case.run_tests()
    case.evidence[case.here.tree] = seen
    if seen.status in _UNUSABLE:
        happened, remedy = _UNUSABLE[seen.status]
        last = seen.output.strip().splitlines()[-1:] or ["it said nothing"]
        raise NotSolved(happened.format(limit=case.limits.test_timeout_s, output=last[0][:300]), remedy)
    if not seen.broken:
        case.ended_because = (
            f"no test fails ({seen.summary()}), so a fix could not be verified: "
            "add a test that shows the bug, or name the command that does with --test"
        )
        return Signal.NOTHING_FAILS
    case.targets = choose_targets(case.issue, seen)
    await case.show_code()
    case.places = await search(case, _query(case.issue, seen, case.targets))
    return Signal.UNDERSTOOD


def choose_targets(issue: str, seen: Evidence) -> tuple[str, ...]:
    """The failing tests that the issue names, else all that fail."""
    words = set(re.findall(r"\w+", issue))
    named = tuple(test for test in seen.broken if _function(test) in words)
    return named or seen.broken


def _function(test: str) -> str:
    return test.rsplit("::", 1)[-1].split("[", 1)[0]


def _query(issue: str, seen: Evidence, targets: Sequence[str]) -> str:
    """The issue, and what the failing tests say: their frames name places outright."""
    lines = [issue]
    for failure in seen.about(targets)[:5]:
        lines += [f'File "{path}", line {line}, in {function}' for path, line, function in failure.frames]
        lines.append(f"{failure.exception}: {failure.message[:500]}")
    return "\n".join(lines)


async def search(case: Case, query: str) -> tuple[Place, ...]:
    found = demand(await use(case.tools, "retrieval", "search", tree=case.here.tree, query=query, limit=15))
    return tuple(
        Place(item["path"], item["symbol"], (item["lines"][0], item["lines"][1]), item["score"], str(item["why"]))
        for item in found["places"]
    )
