"""How alike two names look: people confuse `row` with `rows` sooner than with `connection`."""

import difflib
import functools


@functools.lru_cache(maxsize=4096)
def resemblance(one: str, other: str) -> float:
    """From 0.7 (nothing in common) to 1.3 (nearly the same)."""
    return 0.7 + 0.6 * difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
