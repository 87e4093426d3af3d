"""What the library makes of a tree, whatever the tree is and whatever happens to its index."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.opening import open_library
from loopcutter_retrieval.place import Located, Skipped
from loopcutter_snapshots import UnknownTree


def found(shelf: Shelf, tree: str, query: str) -> list[tuple[str, str]]:
    return [(place.path, place.symbol) for place in shelf.library.search(tree, query)]


def test_second_tree_parses_only_what_changed(shelf: Shelf) -> None:
    first = shelf.library.index(shelf.tree(SHOP))
    changed = SHOP | {"shop/money.py": b"def halved(amount):\n    return amount / 2\n"}
    second = shelf.library.index(shelf.tree(changed))
    assert (first.parsed, second.parsed) == (len(SHOP), 1)
    assert found(shelf, second.tree, "halved")[0] == ("shop/money.py", "halved")
    assert all(symbol != "halved" for _, symbol in found(shelf, first.tree, "halved"))
    assert found(shelf, first.tree, "rounded")[0] == ("shop/money.py", "rounded")


def test_restarted_library_parses_nothing(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    before = shelf.library.search(tree, "discount")
    shelf.library.close()
    shelf.library = open_library(shelf.folder)
    assert shelf.library.index(tree).parsed == 0
    assert shelf.library.search(tree, "discount") == before


def test_left_out_files_are_told_with_the_reason(shelf: Shelf) -> None:
    files = SHOP | {
        "vendor/big.py": b"x = 1\n",
        "shop/tables_pb2.py": b"x = 1\n",
        "shop/logo.png": b"\x89PNG\0",
        "shop/blob.py": b"\0\1\2",
        "shop/bad.py": b"def f(:\n",
    }
    done = shelf.library.index(shelf.tree(files, {"shop/link.py": "../../../etc/passwd"}))
    assert set(done.skipped) == {
        Skipped("vendor/big.py", "vendored"),
        Skipped("shop/tables_pb2.py", "generated"),
        Skipped("*.png (1)", "no language for it"),
        Skipped("shop/blob.py", "binary"),
        Skipped("shop/link.py", "symbolic link"),
    }
    assert done.broken == (Skipped("shop/bad.py", "syntax errors"),)
    assert done.files == len(SHOP) + 1


def test_same_content_at_two_paths_is_two_places(shelf: Shelf) -> None:
    tree = shelf.tree({"a/one.py": b"def same_thing():\n    pass\n", "b/two.py": b"def same_thing():\n    pass\n"})
    assert shelf.library.index(tree).parsed == 1
    assert sorted(found(shelf, tree, "same_thing")) == [("a/one.py", "same_thing"), ("b/two.py", "same_thing")]


def test_path_that_is_no_utf8_can_be_found_and_read(shelf: Shelf) -> None:
    tree = shelf.tree({"shop/caf\udce9.py": b"def brew_coffee():\n    pass\n"})
    path, symbol = found(shelf, tree, "brew_coffee")[0]
    assert symbol == "brew_coffee"
    assert shelf.library.read(tree, path).total == 2


@pytest.mark.parametrize(
    "files", [{}, {"logo.png": b"\0"}, {"empty.py": b""}], ids=["empty", "nothing to read", "blank"]
)
def test_tree_with_nothing_in_it_is_searched_without_complaint(shelf: Shelf, files: dict[str, bytes]) -> None:
    tree = shelf.tree(files)
    assert shelf.library.search(tree, "discount") == []
    assert shelf.library.locate(tree, "discount") == Located((), (), (), 0)


def test_tree_that_was_never_received_is_told(shelf: Shelf) -> None:
    with pytest.raises(UnknownTree, match="publish it"):
        shelf.library.search("f" * 40, "discount")


def overwritten(path: Path) -> None:
    path.write_bytes(b"garbage" * 1000)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("damage", [Path.unlink, overwritten, cut])
def test_lost_or_damaged_index_is_filled_again(shelf: Shelf, damage: Callable[[Path], None]) -> None:
    tree = shelf.tree(SHOP)
    before = shelf.library.search(tree, "discount")
    shelf.library.close()
    damage(shelf.folder / "index.sqlite")
    shelf.library = open_library(shelf.folder)
    assert shelf.library.search(tree, "discount") == before


def test_index_damaged_under_way_is_filled_again(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    before = shelf.library.search(tree, "discount", 3)
    other = shelf.tree(SHOP | {"shop/new.py": b"def fresh():\n    pass\n"})
    for path in shelf.folder.glob("index.sqlite*"):
        path.write_bytes(b"garbage" * 1000)
    assert found(shelf, other, "fresh")[0] == ("shop/new.py", "fresh")
    assert shelf.library.search(tree, "discount", 4)[:3] == before


def test_two_libraries_share_a_folder(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    other = open_library(shelf.folder)
    steps = [shelf.library.indexing(tree), other.indexing(tree)]
    for turn in range(4):
        next(steps[turn % 2], None)
    assert other.search(tree, "discount") == shelf.library.search(tree, "discount")
    other.close()


def test_killed_while_indexing_goes_on_where_it_was(shelf: Shelf) -> None:
    many = {f"shop/part{at}.py": f"def function_{at}():\n    return {at}\n".encode() for at in range(300)}
    tree = shelf.tree(many)
    shelf.library.close()
    program = (
        "import os, sys, pathlib; from loopcutter_retrieval.opening import open_library;"
        "next(open_library(pathlib.Path(sys.argv[1])).indexing(sys.argv[2])); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(shelf.folder), tree], check=False).returncode == 9
    shelf.library = open_library(shelf.folder)
    done = shelf.library.index(tree)
    assert 0 < done.parsed < 300
    assert found(shelf, tree, "function_7")[0] == ("shop/part7.py", "function_7")
    assert found(shelf, tree, "function_299")[0] == ("shop/part299.py", "function_299")
