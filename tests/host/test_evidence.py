"""Evidence: what a report says in a sentence, and when a change counts as a fix."""

from typing import Any

from loopcutter_host.evidence import Evidence, compare, of_report


def report(passed: list[str], failed: list[str], **fields: Any) -> Evidence:
    failures = [{"test": test, "exception": "AssertionError", "message": "assert 90 == 100\n..."} for test in failed]
    base: dict[str, Any] = {
        "status": "failed" if failed else "passed",
        "passed": passed,
        "failed": failed,
        "errors": [],
        "failures": failures,
        "duration_s": 0.1,
        "isolation": "namespace",
    }
    return of_report({**base, **fields})


def test_a_summary_counts_and_names_the_failure() -> None:
    assert report(["a", "b"], ["c"]).summary() == "2 pass, 1 fails: AssertionError: assert 90 == 100"
    assert report(["a"], []).summary() == "1 pass, 0 fail"
    assert report([], [], status="timeout").summary() == "the tests did not end in time"


def test_a_test_that_can_not_run_is_broken_too() -> None:
    assert report(["a"], ["b"], errors=["c", "b"]).broken == ("b", "c")


def test_a_fix_mends_every_target_and_breaks_nothing() -> None:
    outcome = compare(report(["a"], ["b", "c"]), report(["a", "b"], ["c"]), ["b"])

    assert (outcome.verified, outcome.mended, outcome.regressions) == (True, ("b",), ())


def test_a_change_that_breaks_another_test_is_no_fix() -> None:
    outcome = compare(report(["a"], ["b"]), report(["b"], ["a"]), ["b"])

    assert (outcome.verified, outcome.better, outcome.regressions) == (False, False, ("a",))


def test_a_test_that_vanished_counts_as_broken() -> None:
    outcome = compare(report(["a"], ["b"]), report(["b"], []), ["b"])

    assert (outcome.verified, outcome.regressions) == (False, ("a",))


def test_some_targets_mended_is_better_but_no_fix() -> None:
    outcome = compare(report(["a"], ["b", "c"]), report(["a", "b"], ["c"]), ["b", "c"])

    assert (outcome.verified, outcome.better, outcome.open) == (False, True, ("c",))
