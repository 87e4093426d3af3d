"""What is kept of what a run prints."""

from hypothesis import given
from hypothesis import strategies as st

from loopcutter_sandbox.output import Output


@given(st.lists(st.binary(max_size=40)))
def test_short_output_is_kept_whole_and_of_long_output_the_ends(chunks: list[bytes]) -> None:
    printed = b"".join(chunks).replace(b"\xff", b"-")
    output = Output(head_bytes=20, tail_bytes=30)
    for start in range(0, len(printed), 7):
        output.add(printed[start : start + 7])
    whole, cut = Output(head_bytes=1000, tail_bytes=1000), output
    whole.add(printed)
    assert (output.truncated, output.total) == (len(printed) > 50, len(printed))
    if cut.truncated:
        head, tail = Output(), Output()
        head.add(printed[:20])
        tail.add(printed[-30:])
        assert cut.text() == f"{head.text()}\n… {len(printed) - 50} bytes left out …\n{tail.text()}"
    else:
        assert cut.text() == whole.text()


@given(st.binary(max_size=2000))
def test_the_text_is_always_safe_to_show(printed: bytes) -> None:
    output = Output()
    output.add(printed)
    text = output.text()
    text.encode("utf-8")
    assert [mark for mark in text if not mark.isprintable() and mark not in "\n\t"] == []


def test_memory_does_not_grow_with_the_output() -> None:
    output = Output()
    for _ in range(1000):
        output.add(b"x" * 65536)
    assert len(output.text()) < 70_000
    assert sum(map(len, output._tail)) < 200_000
