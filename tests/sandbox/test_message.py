"""What the server believes of what the runner sends."""

import json
from typing import Any

import pytest

from loopcutter_sandbox.message import End, Message, Messages, Started

GOOD = {"nonce": "n", "sequence": 0, "kind": "start", "test": "a"}


def heard(*lines: dict[str, Any] | bytes, size: int = 5) -> tuple[list[Message], bool]:
    found: list[Message] = []
    messages = Messages("n", found.append)
    data = b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
    goes_on = all(messages.take(data[start : start + size]) for start in range(0, len(data), size))
    return found, goes_on


@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_messages_are_put_together_however_they_are_cut(size: int) -> None:
    end = {"nonce": "n", "sequence": 1, "kind": "end", "exit_code": 0, "results": 1}
    assert heard(GOOD, end, size=size) == (
        [
            Started(nonce="n", sequence=0, kind="start", test="a"),
            End(nonce="n", sequence=1, kind="end", exit_code=0, results=1),
        ],
        True,
    )


@pytest.mark.parametrize(
    "bad",
    [
        {**GOOD, "sequence": 1, "nonce": "m"},
        {**GOOD, "sequence": 0},
        {**GOOD, "sequence": 7},
        {**GOOD, "sequence": 1, "kind": "unheard"},
        {**GOOD, "sequence": 1, "more": 1},
        {**GOOD, "sequence": 1, "test": 5},
        {**GOOD, "sequence": 1, "test": "x" * 6000},
        b"nonsense\n",
        b"[1]\n",
        b"\n",
        b'{"nonce": "n", "sequence": 1, "kind": "start", "test": "\xff"}\n',
    ],
)
def test_nothing_is_heard_after_the_first_invalid_message(bad: dict[str, Any] | bytes) -> None:
    found, goes_on = heard(GOOD, bad, {**GOOD, "sequence": 1}, {**GOOD, "sequence": 2})
    assert ([message.sequence for message in found], goes_on) == ([0], False)


def test_a_message_without_end_is_cut_off() -> None:
    found: list[Message] = []
    messages = Messages("n", found.append)
    goes_on = [messages.take(b"x" * (1 << 20)) for _ in range(12)]
    assert (goes_on[0], goes_on[-1], found) == (True, False, [])
