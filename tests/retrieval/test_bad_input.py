"""Trees, queries and folders that nobody would wish for: a clear word or a sound answer, and never a stale one."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.errors import EmptyQuery, NotText
from loopcutter_retrieval.opening import objects, open_library
from loopcutter_snapshots import ObjectStore, UnknownTree, git


def found(shelf: Shelf, tree: str, query: str) -> list[tuple[str, str]]:
    return [(place.path, place.symbol) for place in shelf.library.search(tree, query)]


def skipped(shelf: Shelf, tree: str) -> dict[str, str]:
    return {one.path: one.reason for one in shelf.library.index(tree).skipped}


@pytest.mark.parametrize(
    "source",
    [
        b"def caf\xe9_refund():\n    pass\n\ndef refund():\n    return '\xff\xfe'\n",
        "def refund():\n    return 'ü'\n".encode("latin-1"),
        "\ufeffdef refund():\n    pass\n".encode(),
        "def refund():\n    pass\n".encode("utf-16"),
        bytes(range(256)) * 40,
    ],
)
def test_file_that_is_no_utf8_is_read_as_far_as_it_goes_or_told(shelf: Shelf, source: bytes) -> None:
    tree = shelf.tree(SHOP | {"shop/odd.py": source})
    if b"\0" in source:
        assert skipped(shelf, tree)["shop/odd.py"] == "binary"
    else:
        assert ("shop/odd.py", "refund") in found(shelf, tree, "refund")
    assert found(shelf, tree, "load_price_list")[0] == ("shop/prices.py", "load_price_list")


def test_path_that_is_no_utf8_can_be_edited_too(shelf: Shelf) -> None:
    odd = b"shop/caf\xe9.py".decode("utf-8", "surrogateescape")
    for word in ("refund", "restock"):
        tree = shelf.tree(SHOP | {odd: f"def {word}(): pass\n".encode()})
        assert found(shelf, tree, word)[0] == ("shop/caf\ufffd.py", word)
    assert found(shelf, shelf.tree(SHOP), "restock") == []


def test_file_of_ten_megabytes_is_left_out_and_told_whenever_it_comes(shelf: Shelf) -> None:
    large = b"def refund(): pass\n" * 550_000
    shelf.library.search(shelf.tree(SHOP), "cart")
    tree = shelf.tree(SHOP | {"shop/large.py": large})  # seen as a change of the tree before
    assert skipped(shelf, tree)["shop/large.py"] == "larger than 1 MB"
    assert found(shelf, tree, "refund") == []


@pytest.mark.parametrize(
    "source",
    [
        b"x = " + b"[\n" * 5000 + b"]\n" * 5000,
        b"x = " + b"[\n" * 5000,
        b"x = " + b"(\n" * 5000 + b"1" + b")\n" * 4999,
        b"}\n" * 5000,
        b"".join(b" " * depth + b"if x:\n" for depth in range(700)),
        b"x = (a\n" + b"(b)\n" * 5000 + b")\n",
        b"'''" + b"quote \n" * 5000,
    ],
)
def test_nested_or_broken_file_costs_little_and_hides_nothing_of_the_others(shelf: Shelf, source: bytes) -> None:
    began = time.process_time()
    tree = shelf.tree(SHOP | {"shop/odd.py": b"def refund():\n    pass\n\n" + source})
    assert ("shop/odd.py", "refund") in found(shelf, tree, "refund")
    assert found(shelf, tree, "load_price_list")[0] == ("shop/prices.py", "load_price_list")
    assert time.process_time() - began < 20


def test_nested_brackets_on_one_line_are_taken_for_minified(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP | {"shop/odd.py": b"x = " + b"[" * 5000 + b"]" * 5000})
    assert skipped(shelf, tree)["shop/odd.py"] == "minified"


def test_twenty_thousand_names_are_indexed_and_edited(shelf: Shelf) -> None:
    many = {f"shop/d{at % 200}/part{at}.py": b"" for at in range(20_000)}
    tree = shelf.tree(SHOP | many)
    done = shelf.library.index(tree)
    assert (done.files, done.parsed) == (20_000 + len(SHOP), len(set((SHOP | many).values())))
    edited = shelf.tree(SHOP | many | {"shop/d7/part7.py": b"def refund(): pass\n"})
    assert found(shelf, edited, "refund") == [("shop/d7/part7.py", "refund")]
    assert found(shelf, tree, "refund") == []


def test_tree_of_very_many_files_that_share_their_folders_is_compared_where_it_differs(shelf: Shelf) -> None:
    def nested(blob: bytes) -> str:
        """Ten files a folder, and ten times the same folder in each above: a thousand files."""
        name = git("hash-object", "-w", "--stdin", git_dir=shelf.store.path, stdin=blob).decode().strip()
        lines = "".join(f"100644 blob {name}\tpart{at}.py\n" for at in range(10))
        for _ in range(3):
            tree = git("mktree", git_dir=shelf.store.path, stdin=lines.encode()).decode().strip()
            lines = "".join(f"040000 tree {tree}\tfolder{at}\n" for at in range(10))
        return tree

    before, after = nested(b"def refund(): pass\n"), nested(b"def restock(): pass\n")
    assert len(found(shelf, before, "refund")) == 10
    assert len(found(shelf, after, "restock")) == 10
    assert found(shelf, after, "refund") == []


def test_links_are_never_followed(shelf: Shelf) -> None:
    links = {"shop/loop": "loop", "shop/self": ".", "shop/up.py": "../shop/cart.py", "shop/out.py": "/etc/passwd"}
    tree = shelf.tree(SHOP, links)
    assert {path: reason for path, reason in skipped(shelf, tree).items() if path in links} == {
        "shop/up.py": "symbolic link",
        "shop/out.py": "symbolic link",
    }
    with pytest.raises(NotText, match="a symbolic link to"):
        shelf.library.read(tree, "shop/self")


@pytest.mark.parametrize(
    "changed",
    [
        {"shop/prices.py": None, "shop/prices/__init__.py": b"def refund(): pass\n"},
        {"shop": b"def refund(): pass\n"},
        {"shop/money.py": None, "shop/cart.py": None, "a.py": b"def refund(): pass\n"},
        {"shop/money.py": b"\0binary", "z.py": b"def refund(): pass\n"},
        {"shop/pyvenv.cfg": b"", "z.py": b"def refund(): pass\n"},
        {"notes.bin": b"x", "shop/cart.py": b"def refund(): pass\n"},
    ],
)
def test_changed_tree_answers_like_one_that_is_read_anew(
    shelf: Shelf, tmp_path: Path, changed: dict[str, bytes | None]
) -> None:
    def all_of(library: Any, tree: str) -> tuple[object, ...]:
        done = library.index(tree)
        queries = ("refund", "discount of the cart", "load_price_list", "convert")
        return done.files, done.symbols, done.skipped, [library.search(tree, query) for query in queries]

    files: dict[str, bytes] = dict(SHOP)
    for path, content in changed.items():
        files = {one: kept for one, kept in files.items() if one != path and not one.startswith(f"{path}/")}
        if content is not None:
            files[path] = content
    trees = [shelf.tree(SHOP), shelf.tree(files), shelf.tree(SHOP)]
    fresh = [Shelf(tmp_path / str(at)) for at in range(2)]
    expected = [all_of(one.library, one.tree(of)) for one, of in zip(fresh, (SHOP, files), strict=True)]
    for one in fresh:
        one.library.close()
    assert [all_of(shelf.library, tree) for tree in trees] == [expected[0], expected[1], expected[0]]


@pytest.mark.parametrize("query", ["", "   \n\t", "\0\0", "!!! ??? ---", "1 2 3"])
def test_query_without_words_is_refused_in_words(shelf: Shelf, query: str) -> None:
    with pytest.raises(EmptyQuery, match="describe what to find"):
        shelf.library.search(shelf.tree(SHOP), query)


@pytest.mark.parametrize(
    "query",
    [
        "discount " * 120_000,
        "".join(f"word{at} " for at in range(120_000)) + "discount",
        "discount\n" + "(((" * 330_000,
        "discount\n" + "a.b." * 250_000,
        "discount\n" + '  File "' * 120_000,
        "discount\n" + "`" * 1_000_000,
        "discount\n" + bytes(range(256)).decode("latin-1") * 4000,
        "discount \udcff\ud800 \0",
    ],
)
def test_query_of_a_megabyte_or_of_anything_is_answered_soon(shelf: Shelf, query: str) -> None:
    tree = shelf.tree(SHOP)
    shelf.library.index(tree)
    began = time.process_time()
    places = shelf.library.search(tree, query)
    assert time.process_time() - began < 5
    assert not query.startswith("discount") or places


def test_tree_that_was_never_received_is_told_and_found_once_it_is(shelf: Shelf, tmp_path: Path) -> None:
    elsewhere = Shelf(tmp_path / "elsewhere")
    elsewhere.library.close()
    tree = elsewhere.tree(SHOP)
    shelf.library.search(shelf.tree({"a.py": b"def first(): pass\n"}), "first")
    with pytest.raises(UnknownTree):
        shelf.library.search(tree, "discount")
    lenders = shelf.store.path / "objects" / "info" / "alternates"
    lenders.parent.mkdir(exist_ok=True)
    lenders.write_text(f"{elsewhere.store.path / 'objects'}\n")
    assert found(shelf, tree, "discount")


def test_gits_that_are_killed_are_started_again(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    shelf.library.search(tree, "discount")
    for child in children(os.getpid()):
        os.kill(child, 9)
    edited = shelf.tree(SHOP | {"shop/new.py": b"def refund(): pass\n"})
    assert found(shelf, edited, "refund")[0] == ("shop/new.py", "refund")


def children(process: int) -> Iterator[int]:
    """The gits among the processes that this one has started."""
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        for child in listed.read_text().split():
            if "cat-file" in Path(f"/proc/{child}/cmdline").read_text():
                yield int(child)


def test_index_of_another_version_is_made_anew(shelf: Shelf) -> None:
    import sqlite3

    tree = shelf.tree(SHOP)
    before = shelf.library.search(tree, "discount")
    shelf.library.close()
    with sqlite3.connect(shelf.folder / "index.sqlite") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    shelf.library = open_library(shelf.folder)
    assert shelf.library.search(tree, "discount") == before


def test_store_is_received_into_while_it_is_read(shelf: Shelf) -> None:
    steps = shelf.library.preparing(shelf.tree({f"shop/part{at}.py": b"x = %d\n" % at for at in range(200)}))
    next(steps)
    tree = shelf.tree({"shop/part7.py": b"def refund(): pass\n"})
    assert found(shelf, tree, "refund") == [("shop/part7.py", "refund")]
    assert list(steps)
    assert found(shelf, tree, "refund") == [("shop/part7.py", "refund")]
    assert ObjectStore(objects(shelf.folder)).files(tree)
