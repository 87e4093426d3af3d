"""Vectors of texts that mean the same are close, of words that share letters too."""

import subprocess
import sys

import numpy as np

from loopcutter_retrieval.embedding import Trained


def similarity(one: str, other: str) -> float:
    vectors = Trained().embed([one, other])
    return float(vectors[0] @ vectors[1])


def test_vectors_have_unit_length_and_none_for_nothing() -> None:
    lengths = np.linalg.norm(Trained().embed(["cart discount", "the", ""]), axis=1)
    assert lengths.round(3).tolist() == [1, 0, 0]


def test_other_words_for_the_same_are_closer_than_strangers() -> None:
    stranger = similarity("remove a folder", "parse_currency(amount)")
    assert similarity("remove a folder", "shutil.rmtree(directory)") > stranger + 0.2
    assert similarity("cannot connect to the host", "socket.create_connection(address, timeout)") > stranger + 0.2


def test_words_that_training_never_met_are_close_when_they_share_letters() -> None:
    assert similarity("zorblifier", "zorblified") > 0.5
    assert abs(similarity("zorblifier", "quuxatory")) < 0.4


def test_repetition_does_not_drown_the_other_words() -> None:
    assert similarity("password " * 50 + "axis", "axis") > 0.1


def test_same_text_has_the_same_vector_alone_among_others_and_in_every_process() -> None:
    program = (
        "from loopcutter_retrieval.embedding import Trained\n"
        "print(Trained().embed(['a cart, zorblified']).tobytes().hex())"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    among = Trained().embed(["remove a folder", "a cart, zorblified"])[1]
    assert told == among.tobytes().hex()


def test_vectors_are_read_quickly_and_with_the_first_word_only() -> None:
    program = (
        "import time\n"
        "from loopcutter_retrieval import embedding\n"
        "before = time.process_time(); embedding.Trained().embed(['cart']); print(time.process_time() - before)"
    )
    told = [
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    assert min(told) < 0.1
