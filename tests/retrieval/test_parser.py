"""Parsing many files: in processes, whatever becomes of them."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.shelf import Shelf

from loopcutter_retrieval import record
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.place import Indexed
from loopcutter_retrieval.readers import languages

MANY = {f"shop/part{number}.py": b"def part%d():\n    return whole(%d)\n" % (number, number) for number in range(900)}

pytestmark = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: files are parsed in the server itself")


def parsers() -> list[int]:
    """The processes that this one has parsing for it."""
    children = (
        int(child)
        for thread in Path("/proc/self/task").iterdir()
        for child in (thread / "children").read_text().split()
    )
    return [
        child for child in children if b"loopcutter_retrieval.parser" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def rest(steps: Iterator[tuple[int, int] | Indexed]) -> Indexed:
    *_, last = steps
    assert isinstance(last, Indexed)
    return last


def test_many_files_are_parsed_in_processes_that_end_with_the_work(shelf: Shelf) -> None:
    steps = shelf.library.indexing(shelf.tree(MANY))
    assert next(steps) == (64, 900)
    assert parsers()
    assert rest(steps).parsed == 900
    assert parsers() == []


def test_what_the_processes_find_is_what_is_found_here(shelf: Shelf, index: Index) -> None:
    tree = shelf.tree(MANY)
    shelf.library.index(tree)
    corpus = shelf.library.corpus(tree)
    here = {language.name: language for language in languages().values()}
    known = index.contents([(file.blob, "python") for file in corpus.files])
    for file in corpus.files:
        expected = record.read((file.blob, "python"), MANY[file.path], here)
        assert known[file.blob, "python"].postings.terms.tobytes() == expected.arrays[0]
    assert [place.symbol for place in shelf.library.search(tree, "part777", limit=1)] == ["part777"]


def test_killed_process_costs_no_file(shelf: Shelf) -> None:
    steps = shelf.library.indexing(shelf.tree(MANY))
    next(steps)
    for pid in parsers():
        os.kill(pid, signal.SIGKILL)
    done = rest(steps)
    assert (done.files, done.parsed) == (900, 900)


def test_indexing_left_early_leaves_no_process(shelf: Shelf) -> None:
    steps = shelf.library.indexing(shelf.tree(MANY))
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert parsers() == []
