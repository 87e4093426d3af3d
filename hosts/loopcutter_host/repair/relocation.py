"""Coverage was measured on the tree the run began with; this carries its line numbers over to the tree as it is now."""

import difflib
from collections.abc import Sequence

from loopcutter_host.repair.spectrum import Lines


def relocated(lines: Lines, before: str, now: str) -> Lines:
    """The same suspicion on the lines as they stand now; lines that are new get that of what they replace."""
    if before == now:
        return lines
    moved: Lines = {}
    old, new = before.splitlines(), now.splitlines()
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            moved |= {line + c - a: lines[line] for line in range(a + 1, b + 1) if line in lines}
        elif d > c:
            moved |= dict.fromkeys(range(c + 1, d + 1), _most(lines, range(a, b + 2)))
    return {line: score for line, score in moved.items() if score}


def _most(lines: Lines, numbers: Sequence[int]) -> float:
    return max((lines.get(line, 0) for line in numbers), default=0)
