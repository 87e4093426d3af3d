"""Hands one seeded bug to a fresh repairer and judges what comes back."""

import ast
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from clock import cpu_seconds, settle
from mutation import Bug
from outcome import Case, Outcome
from workbench import Workbench

from loopcutter_host.model import Briefing, Proposal
from loopcutter_host.repair import Builtin

TRACED_TESTS = 200
"""Passing tests that are traced beside the failing ones, as the host does it."""

_LONGEST_S = 1800
"""Wall seconds for one bug: it is the number of candidates that ends a search, whatever else the machine has to do."""


@dataclass(frozen=True)
class Subject:
    """A project without the bug."""

    name: str
    tree: str
    tests: Sequence[str]
    known: frozenset[str] = frozenset()
    """Tests that fail without any bug."""
    right: Callable[[str], bool] | None = None
    """Whether a text gives the right answers on further inputs."""


async def seeded(bench: Workbench, subject: Subject, path: str, bug: Bug) -> Briefing | None:
    """What the repairer is told of the bug; None when no test minds it, or nothing can be imported any more."""
    tree = bench.changed(subject.tree, path, bug.apply(bench.store.read(subject.tree, path).decode()))
    seen, collected = await bench.briefing(tree, subject.tests)
    failures = tuple(each for each in seen.failures if each.test not in subject.known)
    if not collected or not failures:
        return None
    files = {each.test.split("::", 1)[0] for each in failures}
    near = sorted(seen.passing, key=lambda test: (test.split("::", 1)[0] not in files, test))
    traced, _ = await bench.briefing(tree, [*(each.test for each in failures), *near[:TRACED_TESTS]], coverage=True)
    return replace(seen, failures=failures, coverage=traced.coverage)


async def repaired(
    bench: Workbench,
    subject: Subject,
    number: int,
    path: str,
    bug: Bug,
    briefing: Briefing,
    half: str,
    most: int,
) -> Case:
    """Let the repairer work, apply what it proposes, and run everything again."""
    source = bench.store.read(subject.tree, path).decode()
    await settle()
    bench.begin()
    started = time.monotonic()
    proposal = await Builtin(_LONGEST_S, most).edit(briefing, bench)
    wall = time.monotonic() - started
    await settle()
    cpu = cpu_seconds() - bench.cpu
    outcome = await judged(bench, subject, path, source, briefing, proposal)
    return Case(
        project=subject.name,
        number=number,
        path=path,
        line=source.count("\n", 0, bug.start) + 1,
        operator=bug.operator,
        right=source[bug.start : bug.end],
        wrong=bug.text,
        half=half,
        failing=len(briefing.failures),
        outcome=outcome,
        first=bench.first,
        tried=bench.tried,
        cpu_first_s=round(bench.cpu_first, 3),
        cpu_s=round(cpu, 3),
        wall_s=round(wall, 2),
        patch=proposal.why,
        alternatives=len(proposal.alternatives),
    )


async def judged(
    bench: Workbench, subject: Subject, path: str, source: str, briefing: Briefing, proposal: Proposal
) -> Outcome:
    """Apply the proposal and see what the whole suite, and further inputs, say."""
    if not proposal.edits:
        return "timeout" if "time for trying" in proposal.why else "not found"
    edit = proposal.edits[0]
    text = bench.store.read(briefing.tree, edit["path"]).decode()
    text = replaced(text, edit["search"], edit["replace"], edit["near_line"])
    if edit["path"] == path and same(text, source):
        return "same"
    after, collected = await bench.briefing(bench.changed(briefing.tree, edit["path"], text), subject.tests)
    if not collected or not {each.test for each in after.failures} <= subject.known:
        return "wrong"
    return "right" if subject.right is not None and subject.right(text) else "passes"


def replaced(text: str, old: str, new: str, line: int) -> str:
    """The replacement vcs would make: at the place nearest to the line."""
    places = [at for at in range(len(text)) if text.startswith(old, at)]
    at = min(places, key=lambda each: abs(text.count("\n", 0, each) + 1 - line))
    return text[:at] + new + text[at + len(old) :]


def same(one: str, other: str) -> bool:
    """Whether two files have the same syntax tree."""
    return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))
