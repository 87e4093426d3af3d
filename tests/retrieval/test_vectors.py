"""Vectors add to the ranking while they are there, and nothing depends on them."""

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.library import Library
from loopcutter_retrieval.opening import objects, open_library
from loopcutter_retrieval.readers import languages
from loopcutter_retrieval.vectors import NoVectors, VectorProcess
from loopcutter_snapshots import ObjectStore

TEXTS = 16
"""Symbols of the shop that have a text."""
ANEW = ", begun anew: the process that keeps them crashed, or could not read what an earlier one had kept"
OTHERWISE = "erases folders with everything below"
FILES = SHOP | {"shop/store.py": b"def rmtree(directory):\n    shutil.rmdir(directory)\n"}


@pytest.fixture
def vectors(tmp_path: Path) -> VectorProcess:
    return VectorProcess(tmp_path)


@pytest.fixture
def library(shelf: Shelf, vectors: VectorProcess) -> Iterator[Library]:
    library = Library(ObjectStore(objects(shelf.folder)), shelf.folder / "index.sqlite", languages(), vectors)
    yield library
    library.close()


def found(library: Library, tree: str, query: str) -> dict[str, str]:
    return {place.symbol: place.why for place in library.search(tree, query)}


def test_vectors_find_what_exact_words_miss(shelf: Shelf, library: Library, vectors: VectorProcess) -> None:
    tree = shelf.tree(FILES)
    assert vectors.status() == "not started"
    library.index(tree)
    assert vectors.settle() == TEXTS
    assert vectors.status() == f"on, {TEXTS} texts"
    assert found(shelf.library, tree, OTHERWISE).get("rmtree") is None
    assert "similar wording" in found(library, tree, OTHERWISE)["rmtree"]


def test_killed_process_costs_no_answer_and_comes_back(shelf: Shelf, library: Library, vectors: VectorProcess) -> None:
    tree = shelf.tree(FILES)
    library.index(tree)
    vectors.settle()
    os.kill(vectors.pid, signal.SIGKILL)
    assert "load_price_list" in found(library, tree, "load a price list")
    assert vectors.settle() == TEXTS


def test_damaged_folder_costs_no_answer_and_is_made_anew(
    shelf: Shelf, library: Library, vectors: VectorProcess
) -> None:
    tree = shelf.tree(FILES)
    (shelf.folder / "vectors").mkdir()
    (shelf.folder / "vectors" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    library.index(tree)
    assert "load_price_list" in found(library, tree, "load a price list")
    vectors.settle()  # finds the process dead, begins anew
    assert vectors.settle() == TEXTS


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param("UPDATE migrations SET hash = 'of another version'", ANEW, id="other migrations"),
        pytest.param("DROP TABLE collections", ANEW, id="other tables"),
        pytest.param(
            "INSERT INTO migrations SELECT dir, version + 1000, filename, sql, hash FROM migrations",
            "",
            id="more migrations, which chroma can read",
        ),
    ],
)
def test_folder_of_another_version_of_chroma_costs_no_answer(
    shelf: Shelf, library: Library, vectors: VectorProcess, change: str, told: str
) -> None:
    tree = shelf.tree(FILES)
    earlier = VectorProcess(shelf.folder)
    earlier.refresh()
    earlier.settle()
    earlier.close()
    with closing(sqlite3.connect(shelf.folder / "vectors" / "chroma.sqlite3")) as kept:
        kept.execute(change)
        kept.commit()
    library.index(tree)
    assert "load_price_list" in found(library, tree, "load a price list")
    vectors.settle()  # should the process be dead, this finds out and begins anew
    assert vectors.settle() == TEXTS
    assert vectors.status() == f"on, {TEXTS} texts{told}"
    assert "similar wording" in found(library, tree, OTHERWISE)["rmtree"]


def test_vectors_of_another_embedding_are_dropped(shelf: Shelf, library: Library, vectors: VectorProcess) -> None:
    (shelf.folder / "vectors").mkdir()
    program = "import sys, chromadb; chromadb.PersistentClient(sys.argv[1]).create_collection('grams-256-60')"
    subprocess.run([sys.executable, "-W", "ignore", "-c", program, str(shelf.folder / "vectors")], check=True)
    library.index(shelf.tree(FILES))
    vectors.settle()
    vectors.close()
    with closing(sqlite3.connect(shelf.folder / "vectors" / "chroma.sqlite3")) as kept:
        assert kept.execute("SELECT name FROM collections").fetchall() == [("trained-128-60",)]


def test_second_server_on_the_same_folder_does_without(shelf: Shelf, vectors: VectorProcess) -> None:
    with (shelf.folder / "vectors.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        vectors.refresh()
        assert vectors.settle() == 0
    assert vectors.status() == "off: another server fills them"
    vectors.close()


def test_without_vectors_all_is_answered(shelf: Shelf) -> None:
    library = open_library(shelf.folder)
    assert library.index(shelf.tree(SHOP)).files == 6
    assert library.status().vectors == NoVectors().status() == "off"
    library.close()
