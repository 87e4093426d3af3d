"""What the messages of a run come to."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from loopcutter_sandbox.message import Message
from loopcutter_sandbox.results import Results

MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)


def heard(*messages: dict[str, Any]) -> dict[str, str]:
    """The outcomes after these messages about the test `a`."""
    results = Results()
    for number, body in enumerate(messages):
        results.hear(MESSAGE.validate_python({"nonce": "n", "sequence": number, "test": "a", **body}))
    return results.outcomes


def ended(outcome: str) -> dict[str, Any]:
    return {"kind": "result", "outcome": outcome, "failures": []}


@pytest.mark.parametrize("claimed", ["passed", "skipped", "failed"])
def test_a_test_that_went_wrong_is_not_called_anything_better_at_its_end(claimed: str) -> None:
    assert heard({"kind": "start"}, {"kind": "bad", "outcome": "failed"}, ended(claimed)) == {"a": "failed"}


def test_a_test_that_is_begun_anew_has_nothing_against_it() -> None:
    again = ({"kind": "start"}, {"kind": "bad", "outcome": "error"}, {"kind": "start"}, ended("passed"))
    assert heard(*again) == {"a": "passed"}


@pytest.mark.parametrize(("over", "tampered"), [(True, True), (False, False)])
def test_tests_that_must_fail_are_missed_only_at_the_end_of_a_run(over: bool, tampered: bool) -> None:
    results = Results(canaries=frozenset(("test_one", "test_two")))
    bodies = [{"test": "a.py::test_one", **ended("failed")}, {"test": "a.py::test_a", **ended("passed")}]
    for number, body in enumerate(bodies):
        results.hear(MESSAGE.validate_python({"nonce": "n", "sequence": number, **body}))
    if over:
        end = {"nonce": "n", "sequence": 2, "kind": "end", "exit_code": 0, "results": 1}
        results.hear(MESSAGE.validate_python(end))
    assert results.tampered is tampered
