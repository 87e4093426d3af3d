"""Test: run the tests on the edited workspace; the whole suite before anything is called fixed."""

from loopcutter_host.case import WHOLE_SUITE_S, Case
from loopcutter_host.evidence import compare
from loopcutter_host.table import Signal


async def test(case: Case) -> Signal:
    if case.here.tree not in case.evidence:
        slow = case.baseline.duration_s > WHOLE_SUITE_S
        seen = await case.run_tests(case.targets if slow else ())
        if slow and not compare(case.baseline, seen, case.targets).open:
            seen = await case.run_tests()
        case.evidence[case.here.tree] = seen
    outcome = compare(case.baseline, case.now, case.targets)
    if outcome.verified:
        case.note_attempt(f"verified: {case.now.summary()}", kept=True)
        return Signal.GREEN
    broken = f"; breaks {', '.join(outcome.regressions[:3])}" if outcome.regressions and not outcome.open else ""
    case.note_attempt(f"{case.now.summary()}{broken}", kept=True)
    return Signal.RED
