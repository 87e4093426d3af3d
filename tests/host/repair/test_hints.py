import pytest

from loopcutter_host.model import Failure
from loopcutter_host.repair.hints import hints


def told(exception: str, message: str) -> Failure:
    return Failure("t.py::test", exception, message)


def test_names_in_messages_are_heard() -> None:
    message = "'Cart' object has no attribute 'itms'. Did you mean: 'items'?"
    assert hints([told("AttributeError", message)]).names == {"Cart", "itms", "items"}


def test_compared_texts_tell_how_they_differ() -> None:
    assert hints([told("AssertionError", "assert 'a-b' == 'a_b'")]).rewrites == (("-", "_"), ("_", "-"))


@pytest.mark.parametrize(("message", "more"), [("assert 3 == 4", True), ("assert 3 == 9", False)])
def test_a_difference_of_one_points_to_a_bound(message: str, more: bool) -> None:
    assert (hints([told("AssertionError", message)]).boost("off-by-one") > 1) is more


def test_several_kinds_of_errors_are_remembered() -> None:
    assert hints([told("KeyError", "'a'"), told("AssertionError", "")]).raised == {"KeyError"}


@pytest.mark.parametrize(
    ("message", "conversions"),
    [
        ("None is not False", {"bool"}),
        ("assert '3' == 3", {"int", "str"}),
        ("(1, 2) != [1, 2]", {"list", "tuple"}),
        ("assert <generator object pairs at 0x7f> == [1]", {"list", "sorted"}),
        ("assert 3 == 4", set()),
        ("assert -2.5 == 2.5", {"abs"}),
        ("assert 0 == 0.0", {"int", "float"}),
    ],
)
def test_unlike_types_and_signs_tell_what_would_make_one_of_the_other(message: str, conversions: set[str]) -> None:
    assert hints([told("AssertionError", message)]).conversions == conversions
