"""Words meet where they should and only there."""

import pytest

from loopcutter_retrieval.tokens import message_terms, stem, term, terms


@pytest.mark.parametrize(
    "family",
    [
        ("index", "indexes", "indexed", "indexing"),
        ("query", "queries"),
        ("validate", "validates", "validated", "validating", "validation"),
        ("stop", "stopped", "stopping", "stops"),
        ("parse", "parsing", "parsed"),
    ],
)
def test_forms_of_a_word_have_one_stem(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


def test_different_words_keep_different_stems() -> None:
    words = ["class", "status", "this", "ring", "red", "sing", "bus", "cart", "card", "total", "token"]
    assert len({stem(word) for word in words}) == len(words)


def test_identifier_counts_as_its_parts_and_as_a_whole() -> None:
    assert terms("applyDiscount") == (term(stem("apply")), term("discount"), term("=applydiscount"))
    assert set(terms("apply_discount")) == {*terms("apply"), *terms("discount"), term("=apply_discount")}


def test_plain_word_counts_once_and_grammar_not_at_all() -> None:
    assert terms("cart") == (term("cart"),)
    assert terms("the") == ()


def test_message_is_recognised_though_its_values_differ() -> None:
    literal = message_terms("cannot discount more than %d items at once")
    assert literal & message_terms("ValueError: cannot discount more than 1000 items at once")
    assert not literal & message_terms("the cart is empty at the moment")
