from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.survival import survival


def change(text: str, template: str = "comparison") -> Candidate:
    return Candidate("code.py", 0, 1, text, template, 1, 1.0)


def test_the_more_tests_pass_through_a_line_the_less_likely_is_a_drastic_change() -> None:
    turned = [survival(change(" >= "), " < ", passing) for passing in range(4)]
    assert turned[0] == 1 > turned[1] > turned[2] == turned[3]


def test_a_slight_change_gains_by_them() -> None:
    assert survival(change(" <= "), " < ", 2) > 1 > survival(change("", "statement"), "total += 1", 2)


def test_a_guard_that_is_put_in_is_the_slightest() -> None:
    assert survival(change("if not x:\n    return 0\n", "guard"), "", 1) > survival(change("x or y", "guard"), "x", 1)
