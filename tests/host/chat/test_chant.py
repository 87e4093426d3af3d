"""A chant is told apart from code that is merely monotonous."""

import pytest

from loopcutter_host.chat.chant import Chant, chanting


@pytest.mark.parametrize("passage", ["I will fix it. ", "x" * 3, "Wait, let me think about the tests once more.\n" * 2])
def test_passage_without_end_is_a_chant(passage: str) -> None:
    assert chanting("A beginning. " + passage * 400)


def test_rows_of_a_table_are_not() -> None:
    table = "".join(f"    ({row}, {row * row}, 'row {row}'),\n" for row in range(200))
    assert not chanting(table)


def test_six_equal_short_lines_are_not() -> None:
    assert not chanting("def f():\n" + "    stack.append(stack.pop() + stack.pop())\n" * 6)


def test_blank_space_is_not() -> None:
    assert not chanting(" " * 3000)


def test_it_is_heard_across_pieces() -> None:
    chant = Chant()
    heard = [chant.heard(piece) for piece in ["again ", "and "] * 400]
    assert (heard.index(True) < 250, any(heard[:100])) == (True, False)


def heard_to_the_end(answer: str) -> bool:
    """Whether none of its pieces ends it."""
    chant = Chant()
    return not any(chant.heard(answer[at : at + 50]) for at in range(0, len(answer), 50))


def test_a_phrase_in_ever_other_dress_is_a_chant_by_the_guards_own_detector() -> None:
    said = (
        "I will now fix the bug, once more.",
        "i will NOW fix the bug - once more!",
        "I will now (fix) the bug: once more;",
    )
    assert not heard_to_the_end(" ".join(said[number % 3] + "!" * (number % 5) for number in range(200)))


def test_repeated_lines_of_a_fence_that_is_still_open_are_code() -> None:
    lines = [f"    assert price({number}) == {number % 7}, 'the price is wrong'" for number in range(300)]
    assert heard_to_the_end("Here is the file:\n```python\ndef test_price():\n" + "\n".join(lines))
