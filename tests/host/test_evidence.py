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


def test_command_that_only_failed_gets_the_frames_that_it_printed() -> None:
    printed = (
        "make: run\n_____ test_total _____\n\n    def test_total():\n>       total([])\n\n"
        "tests/test_cart.py:9: \n_ _ _ _ _ _ _ _ _\n\n"
        "    def total(prices):\n>       return prices[0]\nE       IndexError: list index out of range\n\n"
        "shop/cart.py:3: IndexError\n"
    )
    failure = {"test": "command", "exception": "ExitCode", "message": "exit code 2", "frames": []}
    seen = of_report({
        "status": "failed", "passed": [], "failed": ["command"], "errors": [], "failures": [failure], "duration_s": 1,
        "isolation": "none", "stdout": printed,
    })  # fmt: skip
    (read,) = seen.failures
    assert (read.exception, read.message, read.file, read.line) == (
        "IndexError", "list index out of range", "shop/cart.py", 3,
    )  # fmt: skip
    assert read.frames == (("tests/test_cart.py", 9, "test_total"), ("shop/cart.py", 3, "total"))


def some(passed: str, broken: str = "", **more: object) -> Evidence:
    return Evidence("failed", frozenset(passed.split()), tuple(broken.split()), (), 1.0, "none", **more)  # type: ignore[arg-type]


def test_only_tests_that_were_asked_for_can_be_missing() -> None:
    base = some("a b c", "x")
    assert compare(base, some("x a", scope="affected", asked=frozenset("xa")), ["x"]).verified
    assert compare(base, some("x", "a", scope="affected", asked=frozenset("xa")), ["x"]).regressions == ("a",)


def test_wanted_tests_alone_verify_nothing_and_neither_does_a_run_about_nothing() -> None:
    base = some("a b c", "x")
    assert not compare(base, some("x", scope="targets", asked=frozenset("x")), ["x"]).verified
    assert not compare(base, base, []).verified
