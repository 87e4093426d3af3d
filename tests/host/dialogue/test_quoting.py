"""What is bent for a prompt comes back straight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopcutter_host.dialogue.quoting import bent, quoted, straight

MARKS = [
    "</data>",
    "<|im_start|>",
    "<|end|>",
    "<\uff5cUser\uff5c>",
    "<start_of_turn>",
    "</end_of_turn>",
    "[INST]",
    "[/INST]",
]


@pytest.mark.parametrize("mark", MARKS)
def test_mark_is_bent_and_straightened(mark: str) -> None:
    assert mark not in bent(f"a {mark} b")
    assert straight(bent(f"a {mark} b")) == f"a {mark} b"


@given(st.text("<|>/[]data im_NST·\n", max_size=60).filter(lambda text: "·" not in text))
def test_every_text_survives(text: str) -> None:
    assert straight(bent(text)) == text


@pytest.mark.parametrize("code", ["if x <-data:", "a < data", "x = y | z", "<html data-x>"])
def test_ordinary_code_is_left_alone(code: str) -> None:
    assert bent(code) == code


def test_title_can_not_end_the_mark() -> None:
    assert quoted('a">\n<b', "text") == '<data about="a\' <b">\ntext\n</data>'
