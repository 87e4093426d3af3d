"""Sums rankings up: how often the right places are among the first, and how sure that is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_95_PERCENT = 1.959964


@dataclass(frozen=True)
class Share:
    """Hits among tries, in percent, with Wilson's interval of 95 percent."""

    hits: int
    of: int
    percent: float
    low: float
    high: float

    @staticmethod
    def of_tries(hits: int, tries: int) -> "Share":
        low, high = wilson(hits, tries)
        return Share(hits, tries, round(100 * hits / tries, 1) if tries else 0.0, round(low, 1), round(high, 1))


@dataclass(frozen=True)
class Figures:
    """How well a method finds one kind of place."""

    accuracy: Mapping[str, Share]
    """`@5`: the tries whose right places are *all* among the first five."""
    recall: Mapping[str, float]
    """`@10`: percent of the right places that are among the first ten, averaged over the tries."""
    mrr: float
    """Mean of 1 / (rank of the first right place)."""


@dataclass(frozen=True)
class Comparison:
    """Two methods on the same tries, by McNemar's exact test."""

    what: str
    better: int
    """Tries that only the first one hits."""
    worse: int
    p: float


Rankings = Sequence[tuple[Sequence[str], Sequence[str]]]
"""(ranked, right) of each try that has something right."""


def figures(rankings: Rankings, accurate: Sequence[int], recalled: Sequence[int]) -> Figures:
    """Accuracy and recall at these depths."""
    tries = len(rankings)
    return Figures(
        {
            f"@{depth}": Share.of_tries(sum(hit(ranked, right, depth) for ranked, right in rankings), tries)
            for depth in accurate
        },
        {
            f"@{depth}": round(
                100 * sum(len(set(right) & set(ranked[:depth])) / len(set(right)) for ranked, right in rankings)
                / max(tries, 1), 1
            )
            for depth in recalled
        },
        round(sum(1 / first for ranked, right in rankings if (first := _first(ranked, right))) / max(tries, 1), 3),
    )  # fmt: skip


def hit(ranked: Sequence[str], right: Sequence[str], depth: int) -> bool:
    """Whether everything right is among the first `depth`."""
    return set(right) <= set(ranked[:depth])


def last_rank(ranked: Sequence[str], right: Sequence[str]) -> int | None:
    """From which depth on it is a hit; None when something is not ranked at all."""
    return max(ranked.index(one) + 1 for one in right) if set(right) <= set(ranked) else None


def compare(what: str, one: Rankings, other: Rankings, depth: int) -> Comparison:
    """Whether one method hits more than another, the tries being the same."""
    pairs = [(hit(*mine, depth), hit(*theirs, depth)) for mine, theirs in zip(one, other, strict=True)]
    better, worse = pairs.count((True, False)), pairs.count((False, True))
    return Comparison(what, better, worse, float(f"{mcnemar(better, worse):.3g}"))


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The interval, in percent, that holds the true share 95 times in 100."""
    if not tries:
        return 0.0, 100.0
    share, square = hits / tries, _95_PERCENT**2
    middle = (share + square / (2 * tries)) / (1 + square / tries)
    half = _95_PERCENT * math.sqrt(share * (1 - share) / tries + square / (4 * tries**2)) / (1 + square / tries)
    return 100 * max(middle - half, 0.0), 100 * min(middle + half, 1.0)


def mcnemar(better: int, worse: int) -> float:
    """How likely such a difference, or a greater one, is by chance: the exact test of a fair coin, two-sided."""
    tries = better + worse
    tail = sum(math.comb(tries, at) for at in range(min(better, worse) + 1))
    return min(1.0, float(2 * tail / 2**tries))


def _first(ranked: Sequence[str], right: Sequence[str]) -> int:
    """The rank of the first right place, 0 when there is none."""
    return next((rank for rank, one in enumerate(ranked, 1) if one in right), 0)
