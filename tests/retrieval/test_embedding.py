"""Vectors of words that share letters are close."""

import numpy as np

from loopcutter_retrieval.embedding import Grams


def similarity(one: str, other: str) -> float:
    vectors = Grams().embed([one, other])
    return float(vectors[0] @ vectors[1])


def test_vectors_have_unit_length_and_none_for_nothing() -> None:
    lengths = np.linalg.norm(Grams().embed(["cart discount", "the", ""]), axis=1)
    assert lengths.round(3).tolist() == [1, 0, 0]


def test_relatives_are_closer_than_strangers() -> None:
    assert similarity("serializer", "deserialize") > 0.5
    assert similarity("serialiser", "serializer") > 0.5
    assert abs(similarity("serializer", "discount")) < 0.3


def test_same_text_has_the_same_vector_in_every_process() -> None:
    assert Grams().embed(["cart"])[0].nonzero()[0].tolist() == [29, 49, 76, 84, 117, 129, 138, 157, 183, 233]
