"""How work that takes a while says where it is."""

from collections.abc import Callable

Progress = Callable[[float, float, str], None]
"""Told how much is done, of how much, and what; it may raise to stop the work."""


def unobserved(done: float, total: float, what: str) -> None:
    """For callers who don't want to know."""
