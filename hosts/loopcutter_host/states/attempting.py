"""One attempt, in the pieces that the states share: ask for it, make it, see what it changed, run the tests on it."""

import hashlib
from collections.abc import Callable
from pathlib import PurePosixPath

from loopcutter_host.case import Case, Change, Checkpoint
from loopcutter_host.connections import demand
from loopcutter_host.evidence import Comparison, Evidence, compare
from loopcutter_host.model import Proposal
from loopcutter_host.standing import Standing
from loopcutter_host.toolbox import use
from loopcutter_loopguard.events import Outcome

_STEERING = frozenset(("conftest.py", "pytest.ini", "tox.ini", "sitecustomize.py", "usercustomize.py"))
WHOLE_SUITE_S = 20.0
"""A suite that takes longer is asked about the failing tests first, and as a whole only when those pass."""
LONG_SUITE_S = 60.0
"""Of a suite that takes longer, only the tests that the change can affect are run then."""
_AFFECTED = 300


async def make(case: Case) -> str:
    """Make the edits of the proposal. Returns why they were refused; nothing when they were made."""
    proposal = case.proposal
    assert proposal is not None
    case.diff, case.change = "", None
    if not case.allow_test_edits and (guarding := tests_among(case, proposal)):
        return f"{guarding} decides what counts as fixed and is not to be edited"
    before = case.here
    made = await case.vcs("edit", edits=[dict(edit) for edit in proposal.edits])
    if not made.ok:
        return made.text
    checkpoint = made.data["checkpoint"]
    case.here = Checkpoint(checkpoint["id"], checkpoint["tree"])
    if not case.allow_test_edits and (bent := next(filter(_is_judge(case), made.data["changed"]), "")):
        await case.roll_back(before.id, f"the edit changed {bent}")
        return f"{bent} decides what counts as fixed and is not to be edited"
    case.diff = str(made.data["diff"])
    case.change = await _changed(case, before)
    case.log.write("edit", tree=case.here.tree, why=proposal.why, diff=case.diff, changed=made.data["changed"])
    case.log.write("checkpoint", id=case.here.id, tree=case.here.tree)
    return ""


async def _changed(case: Case, before: Checkpoint) -> Change:
    """What differs from the base now, comments and formatting aside, and which symbols the last edit changed."""
    whole = demand(await _diff(case, case.base))
    last = whole if before == case.base else demand(await _diff(case, before))
    text = str(whole["unified"])
    known = {str(symbol["path"]) for symbol in last.get("symbols", ())}
    symbols = [f"{symbol['path']}::{symbol['symbol']}" for symbol in last.get("symbols", ())]
    symbols += [f"{file['path']}::" for file in last["files"] if file["path"] not in known]
    size = sum(int(file["added"]) + int(file["removed"]) for file in whole["files"])
    patch = hashlib.sha256(text.encode()).hexdigest()[:16] if text.strip() else ""
    return Change(patch, tuple(dict.fromkeys(symbols)), size)


async def _diff(case: Case, base: Checkpoint) -> Outcome:
    return await use(
        case.tools, "vcs", "diff", workspace=case.workspace, base=base.id, to=case.here.id, normalised=True
    )


async def judge(case: Case) -> Standing:
    """Run the tests on the workspace, unless they were; note the attempt, and keep it as the best if it is."""
    if case.here.tree not in case.evidence:
        case.evidence[case.here.tree] = await _tested(case)
    outcome = compare(case.baseline, case.now, case.targets)
    result = f"verified: {case.now.summary()}" if outcome.verified else _in_words(case, outcome)
    attempt = case.note_attempt(result, kept=True)
    reached = Standing(
        case.here,
        outcome,
        len(case.now.passed),
        size=case.change.size if case.change else 0,
        attempt=attempt.number,
        why=case.proposal.why if case.proposal else "",
    )
    case.standings.append(reached)
    await _keep_best(case, reached)
    return reached


def _in_words(case: Case, outcome: Comparison) -> str:
    broken = f"; breaks {', '.join(outcome.regressions[:3])}" if outcome.regressions and not outcome.open else ""
    return f"{case.now.summary()}{broken}"


async def _tested(case: Case) -> Evidence:
    if case.baseline.duration_s <= WHOLE_SUITE_S:
        return await case.run_tests(scope="affected" if case.suite else "whole")
    seen = await case.run_tests(case.targets, scope="targets")
    if compare(case.baseline, seen, case.targets).open:
        return seen
    affected = await _affected(case) if case.baseline.duration_s > LONG_SUITE_S else ()
    return await case.run_tests(affected, scope="affected" if affected or case.suite else "whole")


async def _affected(case: Case) -> tuple[str, ...]:
    """The tests that the graph connects with what was changed, and those beside the failing ones."""
    await case.show_code()
    found: set[tuple[str, str]] = set()
    for symbol in (case.change.symbols if case.change else ())[:8]:
        if symbol.endswith("::"):
            return ()  # what a module does on import can affect anything
        near = await use(case.tools, "retrieval", "neighbors", tree=case.here.tree, symbol=symbol)
        if not near.ok:
            return ()
        found |= {(str(test["path"]), str(test["symbol"])) for test in near.data.get("tests", ())}
    files = {test.split("::", 1)[0] for test in case.targets}
    known = sorted(case.baseline.passed)
    chosen = [test for test in known if test.split("::", 1)[0] in files or _named(test) in found]
    return tuple(dict.fromkeys([*case.targets, *chosen]))[:_AFFECTED]


def _named(test: str) -> tuple[str, str]:
    """(path, symbol) of a test's id, its parameters left out."""
    path, _, name = test.partition("::")
    return path, name.split("[", 1)[0].replace("::", ".")


async def _keep_best(case: Case, reached: Standing) -> None:
    """Tell vcs which state is the best one, when it is better than the base and than all before."""
    if not reached.comparison.mended and not reached.verified:
        return
    if reached.comparison.regressions or (case.best is not None and reached.rank <= case.best.rank):
        return
    case.best = reached
    demand(await case.vcs("checkpoint", checkpoint=reached.checkpoint.id, best=True))
    case.log.write("checkpoint", id=reached.checkpoint.id, tree=reached.checkpoint.tree, label="the best so far")


def tests_among(case: Case, proposal: Proposal) -> str:
    """The first edited path that holds tests or steers them; a fix must stand without bending its judge."""
    paths = [str(edit.get(key, "")) for edit in proposal.edits for key in ("path", "to")]
    return next(filter(_is_judge(case), paths), "")


def _is_judge(case: Case) -> Callable[[str], bool]:
    judged = {test.split("::", 1)[0] for test in (*case.baseline.passed, *case.baseline.broken)}
    return lambda path: path in judged or PurePosixPath(path).name in _STEERING
