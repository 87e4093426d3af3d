"""Calls as the judge sees them: what makes two calls the same one."""

from loopcutter_loopguard.action import action
from loopcutter_loopguard.events import Call


def key(**arguments: object) -> str:
    return action(Call("sandbox", "run_tests", {"command": "", **arguments})).key


def test_the_hash_of_the_state_is_no_part_of_what_is_asked() -> None:
    assert key(tree="a" * 40, tests=["t"]) == key(tree="b" * 40, tests=["t"])


def test_other_tests_or_coverage_are_another_call_even_without_a_command() -> None:
    assert len({key(tests=[]), key(tests=["t"]), key(tests=["t"], coverage=True)}) == 3


def test_a_tree_that_is_no_hash_is_asked_for() -> None:
    assert key(tree="oak") != key(tree="elm")
