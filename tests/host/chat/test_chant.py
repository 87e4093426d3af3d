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
