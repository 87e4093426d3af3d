"""Commits that are like an issue speak for the files they touched."""

from pathlib import Path

import numpy as np
from support.repository import make_repository, run_git
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.local import borrowed
from loopcutter_retrieval.opening import open_library
from loopcutter_retrieval.past import NOTHING, Past
from loopcutter_retrieval.tokens import terms
from loopcutter_snapshots.history import Commit

NUMBERS = {"a.py": 0, "b.py": 1, "c.py": 2}


def changed(past: Past, *words: str) -> list[float]:
    asked = [number for word in words for number in terms(word)]
    return past.changed(past.similarity(asked, np.ones(len(asked))), NUMBERS).round(2).tolist()


def test_the_likest_commit_counts_most_and_shares_among_its_files() -> None:
    past = Past.of(
        [
            Commit("Round refunds to whole cents", ("a.py", "gone.py")),
            Commit("Refunds are sent by mail", ("b.py", "c.py")),
            Commit("Release notes", ("c.py",)),
        ]
    )
    first, second, third = changed(past, "refund", "cents")
    assert first == 1.0
    assert 0 < second == third < 0.2


def test_commit_that_touches_everything_says_nothing() -> None:
    everything = tuple(f"f{at}.py" for at in range(20))
    past = Past.of([Commit("Round refunds", ("a.py", *everything))])
    numbers = {path: at for at, path in enumerate(("a.py", *everything))}
    asked = list(terms("refunds"))
    assert not past.changed(past.similarity(asked, np.ones(len(asked))), numbers).any()


def test_without_a_past_nothing_is_changed() -> None:
    assert changed(NOTHING, "refund") == [0, 0, 0]


def test_file_that_shares_no_word_with_the_issue_is_found_by_its_commits(tmp_path: Path) -> None:
    files = {path: content.decode() for path, content in SHOP.items()}
    repository = make_repository(tmp_path / "shop", files)
    (repository / "shop" / "money.py").write_text(files["shop/money.py"] + "\n# cents\n")
    run_git(repository, "commit", "--quiet", "-am", "Reimbursements failed")

    library = open_library(tmp_path / "store")
    tree = borrowed(repository, tmp_path / "store")
    found = library.locate(tree, "Reimbursement fails")
    library.close()
    assert found.files[0].path == "shop/money.py"
    assert "history" in found.files[0].why


def test_tree_without_a_digest_is_searched_all_the_same(shelf: Shelf) -> None:
    assert shelf.library.locate(shelf.tree(SHOP), "Cart.total is off").files[0].path == "shop/cart.py"
