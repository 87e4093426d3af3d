"""What the words of a query say of files and symbols."""

import numpy as np
import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.mentions import Query
from loopcutter_retrieval.words import Words, best_of


@pytest.fixture
def words(shelf: Shelf) -> Words:
    corpus = shelf.library.corpus(shelf.tree(SHOP))
    return Words(corpus, Query.of("Discount is wrong\nthe price list has no discounts"))


def best(words: Words, kind: str) -> str:
    return words.corpus.files[int(words.per_file[kind].argmax())].path


def test_each_kind_of_text_has_its_own_favourite(words: Words) -> None:
    assert best(words, "names") == best(words, "text") == best(words, "path") == "shop/prices.py"
    assert best(words, "title") == "README.md"


def test_every_score_is_a_number_and_none_is_negative(words: Words) -> None:
    for scores in (*words.per_file.values(), words.everywhere(words.per_symbol()), words.messages):
        assert np.isfinite(scores).all()
        assert (scores >= 0).all()


def test_symbol_is_explained_in_the_words_of_the_query(words: Words) -> None:
    symbol = int(words.symbols[words.per_symbol().argmax()])
    assert set(words.said_by(symbol)) <= {"Discount", "discounts", "price", "list"}
    assert words.said_by(symbol)


def test_word_repeated_without_end_counts_little_more() -> None:
    assert Words(None, Query.of("cart " * 10_000 + "discount")).weights("all").tolist() == [4.0, 1.0]  # type: ignore[arg-type]


def test_title_comes_first_when_there_are_too_many_words() -> None:
    text = "discount\n" + " ".join(f"w{chr(97 + at // 26 % 26)}{chr(97 + at % 26)}{at}" for at in range(2000))
    words = Words(None, Query.of(text))  # type: ignore[arg-type]
    assert len(words.terms) == 500
    assert words.spelling[words.terms[0]] == "discount"


def test_best_of_sums_the_highest_of_each_group() -> None:
    scores, groups = np.array([1.0, 5.0, 2.0, 0.0, 4.0]), np.array([0, 0, 0, 1, 3])
    assert best_of(scores, groups, 5, 1).tolist() == [5, 0, 0, 4, 0]
    assert best_of(scores, groups, 5, 2).tolist() == [7, 0, 0, 4, 0]
