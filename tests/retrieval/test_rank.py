"""What a vector search finds counts for files and symbols, the less the more a query names."""

from dataclasses import replace

from support.shelf import SHOP, Shelf

from loopcutter_retrieval.mentions import Query
from loopcutter_retrieval.rank import Ranking

SIMILAR = {"shop/money.py": 0.7, "shop/prices.py": 0.5, "shop/cart.py": 0.4}
"""How similar the last symbol of each file shall be."""


def ranked(shelf: Shelf, query: str, similar: dict[str, float] = SIMILAR) -> Ranking:
    ranking = shelf.library.ranking(shelf.tree(SHOP), Query.of(query))
    corpus = ranking.corpus
    found = {int(corpus.starts[corpus.by_path[path] + 1]) - 1: value for path, value in similar.items()}
    return replace(ranking, similar=found)


def by_path(ranking: Ranking, evidence: str) -> dict[str, float]:
    values = ranking.file_evidence[evidence].round(2).tolist()
    return {ranking.corpus.files[at].path: value for at, value in enumerate(values) if value}


def test_most_similar_counts_one_and_the_least_similar_nothing(shelf: Shelf) -> None:
    assert by_path(ranked(shelf, "money is lost"), "similar") == {"shop/money.py": 1.0, "shop/prices.py": 0.33}


def test_similar_file_is_found_though_no_word_of_the_query_is_in_it(shelf: Shelf) -> None:
    without, found = (
        ranked(shelf, "reimbursement", similar) for similar in ({}, {"shop/cart.py": 0.7, "README.md": 0.1})
    )
    first = [one.corpus.files[one.best_files(1)[0]].path for one in (without, found)]
    assert first == ["shop/money.py", "shop/cart.py"]


def test_similarity_counts_the_less_the_more_is_named(shelf: Shelf) -> None:
    named = ranked(shelf, "load_price_list fails, see shop/prices.py and Cart.total")
    assert named.words.query.outright == 3
    assert 0 < max(named.alike.values()) <= 0.25
    assert named.corpus.files[named.best_files(1)[0]].path == "shop/prices.py"


def test_one_similar_symbol_alone_counts_one_and_none_nothing(shelf: Shelf) -> None:
    assert by_path(ranked(shelf, "money", {"shop/money.py": 0.5}), "similar") == {"shop/money.py": 1.0}
    assert ranked(shelf, "money", {}).alike == {}
