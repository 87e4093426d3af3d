"""How alike runs of lines are, found fast enough for files of many thousand lines."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

ALIKE = 0.85
"""How similar text must be to be taken for what was meant."""

_MOST_COMPARED = 60
"""Places whose similarity is computed; it takes about a millisecond each."""


def similar(lines: Sequence[str], wanted: Sequence[str]) -> list[tuple[float, int]]:
    """The runs of `lines` most like `wanted`, indentation aside: how alike, and the position of the first line."""
    stripped = [line.strip() for line in lines]
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2("\n".join(line.strip() for line in wanted))
    ranked = []
    for first in _promising(stripped, wanted):
        matcher.set_seq1("\n".join(stripped[first : first + len(wanted)]))
        ranked.append((matcher.ratio(), first))
    return sorted(ranked, key=lambda found: (-found[0], found[1]))


def _promising(lines: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Positions with many words in common with the wanted lines, counted while a window slides over the file."""
    needed = Counter(word for line in wanted for word in _words(line))
    window: Counter[str] = Counter()
    ranked: list[tuple[int, int]] = []
    for last, line in enumerate(lines):
        window.update(_words(line))
        first = last - len(wanted) + 1
        if first > 0:
            window.subtract(_words(lines[first - 1]))
        if first >= 0:
            ranked.append((-sum(min(count, window[word]) for word, count in needed.items()), first))
    return [first for _, first in sorted(ranked)[:_MOST_COMPARED]]


def _words(line: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter == "_" else " " for letter in line).split()
