"""Answers are remembered, and only as long as they are right."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.answered import KEPT
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.library import Library
from loopcutter_retrieval.mentions import Failure
from loopcutter_retrieval.opening import objects, open_library
from loopcutter_retrieval.readers import languages
from loopcutter_snapshots import ObjectStore

ISSUE = "Cart.total takes the discount twice"


class SomeVectors:
    """Says what it is told to say."""

    def __init__(self) -> None:
        self.near: Mapping[str, float] = {}

    def search(self, text: str, limit: int) -> Mapping[str, float]:
        return self.near

    def refresh(self) -> None:
        pass

    def reset(self) -> None:
        self.near = {}

    def status(self) -> str:
        return f"on, {len(self.near)} texts"

    def close(self) -> None:
        pass


@pytest.fixture
def vectors() -> SomeVectors:
    return SomeVectors()


@pytest.fixture
def library(shelf: Shelf, vectors: SomeVectors) -> Iterator[Library]:
    library = Library(ObjectStore(objects(shelf.folder)), shelf.folder / "index.sqlite", languages(), vectors)
    yield library
    library.close()


def test_same_question_about_the_same_tree_is_answered_from_memory(shelf: Shelf) -> None:
    tree, library = shelf.tree(SHOP), shelf.library
    assert library.locate(tree, ISSUE) is library.locate(tree, ISSUE)
    assert library.context(tree, ISSUE, 500) is library.context(tree, ISSUE, 500)
    first, second = library.search(tree, ISSUE), library.search(tree, ISSUE)
    assert first == second
    assert all(one is other for one, other in zip(first, second, strict=True))


def test_who_changes_the_list_of_an_answer_changes_no_other_answer(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    first = shelf.library.search(tree, ISSUE)
    whole = list(first)
    first.clear()
    assert shelf.library.search(tree, ISSUE) == whole


def test_other_tree_is_answered_from_its_own_files(shelf: Shelf) -> None:
    before = shelf.library.locate(shelf.tree(SHOP), ISSUE)
    moved = SHOP | {"shop/cart.py": b"# moved\n" + SHOP["shop/cart.py"]}
    after = shelf.library.locate(shelf.tree(moved), ISSUE)
    assert [place.lines for place in (before.places[0], after.places[0])] == [(17, 19), (18, 20)]
    assert shelf.library.locate(shelf.tree(SHOP), ISSUE) is before


def test_everything_that_is_asked_counts(shelf: Shelf) -> None:
    tree, library = shelf.tree(SHOP), shelf.library
    failure = Failure("tests/test_cart.py::test_total_takes_discount_off")
    answers = [
        library.locate(tree, ISSUE),
        library.locate(tree, ISSUE, limit=1),
        library.locate(tree, ISSUE, tried=["shop/cart.py::Cart.total"]),
        library.locate(tree, ISSUE, [failure]),
        library.locate(tree, "rounded is wrong"),
    ]
    assert len(set(map(repr, answers))) == len(answers)
    contexts = [library.context(tree, ISSUE, 200), library.context(tree, ISSUE, 300)]
    contexts.append(library.context(tree, ISSUE, 200, tokens_per_character=0.5))
    assert len({one.text for one in contexts}) == len(contexts)


def test_order_of_what_was_tried_does_not_matter(shelf: Shelf) -> None:
    tree, tried = shelf.tree(SHOP), ["shop/money.py", "shop/cart.py::Cart"]
    assert shelf.library.locate(tree, ISSUE, tried=tried) is shelf.library.locate(tree, ISSUE, tried=tried[::-1])


def test_only_the_last_answers_are_kept(shelf: Shelf) -> None:
    tree, library = shelf.tree(SHOP), shelf.library
    old = library.locate(tree, ISSUE)
    for at in range(KEPT - 1):
        library.locate(tree, f"{ISSUE} {at}")
    assert library.locate(tree, ISSUE) is old
    for at in range(KEPT):
        library.locate(tree, f"{ISSUE} again {at}")
    new = library.locate(tree, ISSUE)
    assert new is not old
    assert new == old


def test_answer_rests_on_the_vectors_there_are(shelf: Shelf, library: Library, vectors: SomeVectors) -> None:
    tree = shelf.tree(SHOP)
    without = library.locate(tree, ISSUE)
    index = Index(shelf.folder / "index.sqlite")
    chunks = [chunk for _, _, chunks in index.chunks_after(0, 100) for chunk in chunks]
    index.close()
    vectors.near = dict.fromkeys(chunks, 0.9)
    assert "similar wording" in library.locate(tree, ISSUE).places[-1].why
    vectors.reset()
    assert library.locate(tree, ISSUE) == without


def test_answers_outlive_a_damaged_index(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    before = shelf.library.locate(tree, ISSUE)
    for path in Path(shelf.folder).glob("index.sqlite*"):
        path.write_bytes(b"garbage" * 1000)
    assert shelf.library.locate(tree, ISSUE) == before
    shelf.library.close()
    shelf.library = open_library(shelf.folder)
    assert shelf.library.locate(tree, ISSUE) == before
