"""What the figures of an evaluation say."""

import pytest

from loopcutter_retrieval.figures import Share, compare, figures, last_rank, mcnemar, wilson

RANKINGS = [(["a", "b"], ["a"]), (["b", "a"], ["a", "b"]), (["c", "b", "a"], ["a"]), (["c"], ["a"])]


def test_hit_needs_everything_right_among_the_first() -> None:
    found = figures(RANKINGS, (1, 2, 3), (1, 3))
    assert [share.hits for share in found.accuracy.values()] == [1, 2, 3]
    assert found.accuracy["@3"].percent == 75.0
    assert found.recall == {"@1": 37.5, "@3": 75.0}
    assert found.mrr == pytest.approx((1 + 1 + 1 / 3) / 4, abs=0.001)


def test_last_rank_is_where_the_hits_begin() -> None:
    assert [last_rank(*one) for one in RANKINGS] == [1, 2, 3, None]


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"),
    [(0, 0, 0, 100), (0, 10, 0, 27.8), (10, 10, 72.2, 100), (5, 10, 23.7, 76.3), (81, 263, 25.5, 36.6)],
)
def test_interval_is_that_of_wilson(hits: int, tries: int, low: float, high: float) -> None:
    assert wilson(hits, tries) == pytest.approx((low, high), abs=0.06)


def test_share_of_no_tries_says_nothing() -> None:
    assert Share.of_tries(0, 0) == Share(0, 0, 0.0, 0.0, 100.0)


@pytest.mark.parametrize(("better", "worse", "p"), [(0, 0, 1), (1, 0, 1), (5, 5, 1), (8, 1, 0.0390625), (10, 0, 2**-9)])
def test_difference_is_judged_by_the_exact_test(better: int, worse: int, p: float) -> None:
    assert mcnemar(better, worse) == mcnemar(worse, better) == pytest.approx(p)


def test_comparison_counts_what_only_one_of_them_hits() -> None:
    other = [([], right) for _, right in RANKINGS]
    found = compare("words against nothing", RANKINGS, other, 2)
    assert (found.better, found.worse, found.p) == (2, 0, 0.5)


def test_nothing_to_count_gives_figures_all_the_same() -> None:
    found = figures([], (5,), (10,))
    assert (found.accuracy["@5"].of, found.recall["@10"], found.mrr) == (0, 0, 0)
