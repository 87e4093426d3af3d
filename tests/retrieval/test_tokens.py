"""Words meet where they should and only there."""

import pytest

from loopcutter_retrieval.tokens import WORD, message_terms, packed, stem, term, terms, text_terms


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


@pytest.mark.parametrize(
    "text",
    [
        "def total(order):\n\treturn order.total * 2\n",
        "0x1F 1e5 2fast 1_000 _private __init__ x1 42 3é 7\u0661a",
        "naïve—word „Größe“ straße.ΑΒΓ中文 e\u0301 ²x x² \u0661\u0662",
        "a\x00b\x1cc\x85d\u2028e\ud800f",
        "",
    ],
)
def test_text_is_cut_by_tables_into_the_words_that_the_expression_finds(text: str) -> None:
    assert text_terms(text) == packed(number for word in WORD.findall(text) for number in terms(word))
