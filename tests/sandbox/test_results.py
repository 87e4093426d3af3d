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
