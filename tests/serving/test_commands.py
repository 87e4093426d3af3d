import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest

from loopcutter_serving.commands import without_deletes
from loopcutter_serving.errors import BodyRefused

OLD, NEW, NOTHING = "1" * 40, "2" * 40, "0" * 40


def line(text: str) -> bytes:
    return f"{len(text) + 4:04x}{text}".encode()


def passed(pieces: Iterable[bytes]) -> bytes:
    """What goes through, one after the other."""

    async def collect() -> bytes:
        async def sent() -> AsyncIterator[bytes]:
            for piece in pieces:
                yield piece

        return b"".join([piece async for piece in without_deletes(sent())])

    return asyncio.run(collect())


@pytest.mark.parametrize(
    "push",
    [
        b"0000",
        line(f"{NOTHING} {NEW} refs/heads/x\0 report-status side-band-64k\n") + b"0000PACK" + bytes(range(256)),
        line(f"shallow {OLD}") + line(f"{OLD} {NEW} refs/a\0 x") + line(f"{OLD} {NEW} refs/b") + b"0000PACK",
        line(f"{OLD} {NEW} refs/heads/x") + b"0000" + line(f"{OLD} {NOTHING} refs/in-the-pack"),
    ],
)
def test_a_push_goes_through_unchanged_wherever_it_was_cut(push: bytes) -> None:
    assert passed([push]) == push
    assert passed(bytes([byte]) for byte in push) == push


@pytest.mark.parametrize("before", [b"", line(f"{OLD} {NEW} refs/heads/kept\0 report-status")])
def test_deleting_a_ref_is_refused_wherever_it_was_cut(before: bytes) -> None:
    push = before + line(f"{OLD} {NOTHING} refs/heads/x\0 report-status") + b"0000"
    for pieces in ([push], [bytes([byte]) for byte in push]):
        with pytest.raises(BodyRefused, match="keeps what it has received: push without deleting") as refusal:
            passed(pieces)
        assert refusal.value.status == 403


@pytest.mark.parametrize(
    "push", [b"xxxx", b"-001", b"0x10", b"0003", b"0004", line("push-cert\0"), line(f"{OLD} {NEW}")]
)
def test_what_git_does_not_send_is_refused(push: bytes) -> None:
    with pytest.raises(BodyRefused, match="this is no push: use `git push`"):
        passed([push + b"0000"])


def test_more_refs_than_anybody_needs_are_refused() -> None:
    with pytest.raises(BodyRefused, match="too many refs at once"):
        passed(line(f"{OLD} {NEW} refs/heads/{number}") for number in range(2000))
