"""Text of strangers on a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from loopcutter_host.terminal import visible


def test_what_people_write_stays_as_it_is() -> None:
    assert visible("naïve café, 日本語, ☂\n\tindented") == "naïve café, 日本語, ☂\n\tindented"


@given(st.text())
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    assert all(character.isprintable() or character in "\n\t\u00a0" for character in visible(text))
