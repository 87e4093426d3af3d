"""Tells from the words of a loop whether it never ends, what it does meanwhile, and how far it counts."""

import re

_READ = 2_000
"""Characters of a loop that are looked at: the patterns go through them several times."""
_ENDLESS = re.compile(
    r"(while\s+(true|:|\[\s*1\s*\]|\(\(\s*1\s*\)\)|test\s+1)|until\s+false)\s*[;\n]|for\s*\(\(\s*;\s*;"
)
_GROWS = re.compile(r">>\s*(?!/dev/)|\bmkdir\b.*\bcd\b|\bmktemp\b", re.DOTALL)
_PAUSES = re.compile(r"\b(sleep|break|exit|return|read|wait|inotifywait|timeout|curl|nc|tail)\b")
_MANY = re.compile(r"(seq\s+(\d+\s+)*|\.\.)\d{4,}")


def never_ends(loop: str) -> bool:
    """Whether the head of the loop lets it run for ever."""
    return _ENDLESS.match(loop[:_READ]) is not None


def fills_the_disk(loop: str) -> bool:
    """Whether each round writes more, and none waits or leaves."""
    return _GROWS.search(loop[:_READ]) is not None and _PAUSES.search(loop[:_READ]) is None


def counts_far(values: str) -> bool:
    """Whether a loop goes through numbers by the thousand."""
    return _MANY.search(values) is not None
