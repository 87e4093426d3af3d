"""One tree as flat arrays."""

import pytest

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.layout import File
from loopcutter_retrieval.postings import CODE, NAME, PROSE, Postings, of
from loopcutter_retrieval.python import Python
from loopcutter_retrieval.tokens import call_term, term

ONE = b"# cart cart\ndef total():\n    return cart + discount()\n"
OTHER = b"class Cart:\n    pass\n"


def postings(source: bytes) -> Postings:
    return of(Python().outline(source))


@pytest.fixture
def corpus() -> Corpus:
    files = [File("src/shop/one.py", 1, "a", "python"), File("src/shop/__init__.py", 2, "b", "python")]
    return Corpus.of(files, [postings(ONE), postings(OTHER)])


def occurrences(corpus: Corpus, *wanted: int) -> set[tuple[int, int, tuple[int, ...]]]:
    hits = corpus.find(wanted)
    return {
        (term, symbol, tuple(counts))
        for term, symbol, counts in zip(hits.term.tolist(), hits.symbol.tolist(), hits.counts.tolist(), strict=True)
    }


def test_words_are_counted_apart_in_code_prose_and_names(corpus: Corpus) -> None:
    assert (CODE, PROSE, NAME) == (0, 1, 2)
    assert occurrences(corpus, term("total"), term("cart")) == {
        (0, 1, (1, 0, 1)),
        (1, 0, (0, 2, 0)),
        (1, 1, (1, 0, 0)),
        (1, 3, (1, 0, 1)),
    }


def test_calls_are_terms_that_count_in_no_field(corpus: Corpus) -> None:
    assert occurrences(corpus, call_term("discount")) == {(0, 1, (0, 0, 0))}


def test_unknown_terms_and_no_terms_occur_nowhere(corpus: Corpus) -> None:
    assert occurrences(corpus, term("zzz")) == occurrences(corpus) == set()


EMPTY = b""
NEW = b"def discount(cart):\n    return total(cart)\n"
ASKED = [term("cart"), term("total"), term("discount"), call_term("total"), call_term("discount"), term("zzz")]


def tree(*sources: tuple[str, int, bytes]) -> tuple[list[File], list[Postings]]:
    return [File(path, at, str(at), "python") for path, at, _ in sources], [postings(one) for *_, one in sources]


def everything(corpus: Corpus) -> tuple[object, ...]:
    """All that a ranking looks at."""
    return (
        occurrences(corpus, *ASKED), corpus.starts.tolist(), corpus.shapes.tolist(), corpus.lengths.tolist(),
        corpus.name_lengths.tolist(), corpus.file_lengths.tolist(), corpus.outer.tolist(), corpus.main.tolist(),
        corpus.modules, corpus.by_path, corpus.by_content,
    )  # fmt: skip


def test_tree_made_from_another_is_the_same_as_one_made_anew() -> None:
    filling = [(f"shop/filling{at:02}.py", 100 + at, b"def f%d(): cart\n" % at) for at in range(200)]
    trees = [
        [("shop/one.py", 1, ONE), ("shop/two.py", 2, OTHER)],
        [("shop/one.py", 3, NEW), ("shop/two.py", 2, OTHER)],
        [("shop/added.py", 1, ONE), ("shop/one.py", 3, NEW), ("shop/two.py", 2, OTHER)],
        [("shop/added.py", 1, ONE), ("shop/two.py", 4, EMPTY)],
        [("shop/two.py", 2, OTHER)],
        [("shop/one.py", 1, ONE), ("shop/two.py", 2, OTHER)],
    ]
    corpus = Corpus.of(*tree(*filling, *trees[0]))
    for sources in trees[1:]:
        files, known = tree(*sorted([*filling, *sources]))
        have = {(file.path, file.content) for file in corpus.files}
        fresh = {at: known[at] for at, file in enumerate(files) if (file.path, file.content) not in have}
        made = corpus.changed(files, fresh)
        assert made is not None
        assert everything(made) == everything(Corpus.of(files, known))
        corpus = made


def test_tree_that_differs_too_much_is_not_made_from_another(corpus: Corpus) -> None:
    files, known = tree(("shop/new.py", 9, NEW))
    assert corpus.changed(files, dict(enumerate(known))) is None


def test_symbols_are_numbered_through(corpus: Corpus) -> None:
    assert corpus.starts.tolist() == [0, 2, 4]
    assert [corpus.place(symbol) for symbol in range(4)] == [(1, 0), (1, 1), (2, 0), (2, 1)]
    assert corpus.symbol(1, 1) == 3
    assert corpus.lengths.sum(axis=1).tolist() == [2, 3, 0, 1]


def test_modules_are_known_by_the_names_they_are_imported_under(corpus: Corpus) -> None:
    assert corpus.modules == {"src.shop.one": 0, "shop.one": 0, "src.shop": 1, "shop": 1}


def test_count_beyond_a_byte_stays_at_the_most() -> None:
    counts = postings(b"cart\n" * 1000).counts
    assert counts[:, CODE].tolist() == [255]


def test_tree_with_other_contents_in_the_same_places_is_the_same_as_one_made_anew() -> None:
    filling = [(f"shop/filling{at:03}.py", 100 + at, b"def f%d(): cart\n" % at) for at in range(200)]
    editions = [
        [("shop/one.py", 1, ONE), ("shop/two.py", 2, OTHER)],
        [("shop/one.py", 3, NEW), ("shop/two.py", 2, OTHER)],
        [("shop/one.py", 4, EMPTY), ("shop/two.py", 3, NEW)],
        [("shop/one.py", 2, OTHER), ("shop/two.py", 2, OTHER)],
        [("shop/one.py", 1, ONE), ("shop/two.py", 2, OTHER)],
    ]
    corpus = Corpus.of(*tree(*filling, *editions[0]))
    for sources in editions[1:]:
        files, known = tree(*filling, *sources)
        made = corpus.patched(
            {at: (files[at], known[at]) for at in range(len(files)) if files[at].content != corpus.files[at].content}
        )
        assert made is not None
        assert everything(made) == everything(Corpus.of(files, known))
        corpus = made
    assert corpus.patched({at: (files[at], postings(NEW)) for at in range(100)}) is None
