"""A candidate: one replacement of a span of one file that might make the failing tests pass."""

from typing import NamedTuple


class Candidate(NamedTuple):
    """Bytes `start` to `end` of the file at `path` become `text`. A named tuple: thousands are made for one bug."""

    path: str
    start: int
    end: int
    text: str
    template: str
    """The family it comes from: `comparison`, `off-by-one`, …"""
    line: int
    """The line whose suspicion it inherits, counted from 1."""
    prior: float
    """How likely such a change is to be the right one, compared with others: at a guilty place as templates offer it,
    all that is known of the place and its surroundings included once it is ranked."""
