"""The signature of a failure, and what a text says about itself."""

import pytest

from loopcutter_loopguard import events
from loopcutter_loopguard.failure import is_going_on, is_over, is_transient, signature

ONE = events.Tests(("a",), ("b",))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14 pass, 1 fails: AssertionError: assert 90 == 100", "1 fails: AssertionError: assert 90 == 100"),
        ("E   assert 90 == 100\n1 failed in 0.4s", "E   assert 90 == 100\n1 failed in 1.9s"),
    ],
)
def test_how_many_tests_ran_beside_it_and_how_long_makes_no_other_failure(one: str, other: str) -> None:
    assert signature(one, ONE) == signature(other, ONE)


def test_another_value_or_another_test_is_another_failure() -> None:
    assert signature("AssertionError: assert 90 == 100", ONE) != signature("AssertionError: assert 95 == 100", ONE)
    assert signature("AssertionError", ONE) != signature("AssertionError", events.Tests(("b",), ("a",)))


@pytest.mark.parametrize(
    ("text", "transient"),
    [
        ("HTTPSConnectionPool: Read timed out.", True),
        ("429 Too Many Requests", True),
        ("E: Could not get lock /var/lib/dpkg/lock", True),
        ("NewConnectionError: Name or service not known", False),
        ("KeyError: 'a'", False),
    ],
)
def test_what_may_pass_by_itself(text: str, transient: bool) -> None:
    assert is_transient(text) is transient


@pytest.mark.parametrize(
    ("text", "going_on", "over"),
    [
        ('{"state": "running"}', True, False),
        ("0/1 ContainerCreating pending", True, False),
        ('{"state": "failed", "exit": 1}', False, True),
        ("1: open\n2: blocked", False, False),
    ],
)
def test_what_is_under_way_and_what_is_over(text: str, going_on: bool, over: bool) -> None:
    assert (is_going_on(text), is_over(text)) == (going_on, over)
