import pytest

from loopcutter_host.model import Failure, Place
from loopcutter_host.repair.source import Source
from loopcutter_host.repair.spectrum import heat, is_test, led_up, spectrum


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("tests/helper.py", True),
        ("shop/test/__init__.py", True),
        ("test_cart.py", True),
        ("shop/cart_test.py", True),
        ("conftest.py", True),
        ("shop/cart.py", False),
        ("shop/testing/fakes.py", False),
        ("contest.py", False),
    ],
)
def test_tests_are_known_by_their_path(path: str, answer: bool) -> None:
    assert is_test(path) is answer


FAILURE = Failure("t.py::test_bad", "AssertionError", "")


def test_lines_that_only_failing_tests_execute_are_the_most_suspicious() -> None:
    coverage = {"t.py::test_bad": {"a.py": [1, 2, 3], "t_test.py": [1]}, "t.py::test_good": {"a.py": [1, 3, 4]}}
    lines = spectrum([FAILURE], coverage)
    assert set(lines) == {"a.py"}
    assert lines["a.py"] == {1: pytest.approx(2**-0.5), 2: 1.0, 3: pytest.approx(2**-0.5)}


def test_the_line_where_it_broke_is_more_suspicious_than_its_neighbours() -> None:
    failure = Failure("t.py::test_bad", "KeyError", "", frames=(("t_test.py", 1, "test_bad"), ("a.py", 2, "total")))
    lines = spectrum([failure] * 30, {"t.py::test_bad": {"a.py": [1, 2]}})["a.py"]
    assert lines[2] == 1.0
    assert 0.5 < lines[1] < 1.0


def test_without_coverage_the_places_of_retrieval_count() -> None:
    places = [Place("a.py", "total", (2, 3), 0.9, "word"), Place("tests/test_a.py", "test_total", (1, 2), 1.0, "word")]
    assert spectrum([FAILURE], {}, places) == {"a.py": {2: 1.0, 3: 1.0}}


def test_a_constant_of_the_module_is_as_warm_as_the_code_that_reads_it() -> None:
    source = Source(
        "a.py", "RATE = 3\nOTHER = 4\n\ndef total(n,\n          m=1):\n    return (n *\n            RATE)\n"
    )
    warm = heat(source, {6: 1.0})
    assert warm[1] > warm[2] > 0
    assert warm[5] > 0
    assert warm[7] == 1.0


def test_the_condition_that_led_to_the_error_is_warmer_than_its_neighbours() -> None:
    source = Source("a.py", "def total(n):\n    m = n\n    if m:\n        raise KeyError\n    return m\n")
    failure = Failure("t.py::test_bad", "KeyError", "", frames=(("a.py", 4, "total"),))
    warmer = led_up(source, {2: 0.5, 3: 0.5, 9: 0.5}, [failure])
    assert warmer[3] > warmer[2] > warmer[9] == 0.5
