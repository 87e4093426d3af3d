"""The index file: what is added is found again, by content, whatever happens to the file."""

import sqlite3
from pathlib import Path

import pytest

from loopcutter_retrieval import postings, record
from loopcutter_retrieval.errors import IndexBroken, IndexUnusable
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.language import Import
from loopcutter_retrieval.python import Python

SOURCE = b"from shop import prices\n\n\nclass Cart(Base):\n    def total(self):\n        return prices.discount()\n"
CONTENT = ("a" * 40, "python")


def fill(index: Index) -> None:
    index.add([record.read(CONTENT, SOURCE, {"python": Python()})])


def test_what_is_added_is_not_missing_any_more(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    other = ("b" * 40, "python")
    assert index.missing([CONTENT, other, CONTENT]) == [CONTENT, other]
    fill(index)
    assert index.missing([CONTENT, other]) == [other]
    assert index.missing([("a" * 40, "text")]) == [("a" * 40, "text")]
    index.close()


def test_two_servers_add_the_same_content_once(tmp_path: Path) -> None:
    one, other = Index(tmp_path / "index"), Index(tmp_path / "index")
    fill(one)
    fill(other)
    assert one.count() == other.count() == (1, 3)
    one.close()
    other.close()


def test_names_that_were_looked_up_are_known_wherever_any_server_adds_them_later(tmp_path: Path) -> None:
    one, other = Index(tmp_path / "index"), Index(tmp_path / "index")
    everything = range(1, 1000)
    assert one.named(["total", "discount"], everything) == []
    fill(other)
    assert [found.name for found in one.named(["total"], everything)] == ["Cart.total"]
    added = (("c" * 40, "python"), b"def total():\n    pass\n")
    other.add([record.read(*added, {"python": Python()})])
    assert [found.name for found in one.named(["total"], everything)] == ["Cart.total", "total"]
    assert [found.name for found in one.named(["total"], {2})] == ["total"]
    one.close()
    other.close()


def test_everything_reads_back_as_it_was_written(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    fill(index)
    known = index.contents([CONTENT])[CONTENT]
    written = postings.of(Python().outline(SOURCE))
    assert known.postings.terms.tolist() == written.terms.tolist()
    assert known.postings.counts.tolist() == written.counts.tolist()
    assert known.postings.sizes.tolist() == written.sizes.tolist()
    assert index.imports([known.id]) == {known.id: (Import("prices", "shop.prices"),)}
    total = index.definitions([(known.id, 2)])[0]
    assert (total.name, total.kind, total.first, total.last, total.calls) == (
        "Cart.total", "method", 5, 6, ("prices.discount",)
    )  # fmt: skip
    assert index.named(["total"], {known.id}) == [total]
    assert index.named(["total"], set()) == []
    assert index.defined_in(known.id)[1].bases == ("Base",)
    assert index.spelt_like("TOT", {known.id}) == ["Cart.total"]
    assert index.spelt_like("tot", set()) == []
    index.close()


def test_index_of_another_version_is_made_anew(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    fill(index)
    index.close()
    with sqlite3.connect(tmp_path / "index") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    index = Index(tmp_path / "index")
    assert index.count() == (0, 0)
    index.close()


def test_file_that_is_no_database_is_told_as_broken(tmp_path: Path) -> None:
    (tmp_path / "index").write_bytes(b"this is not a database" * 1000)
    with pytest.raises(IndexBroken, match=r"is damaged .* delete it"):
        Index(tmp_path / "index")


def test_damaged_row_is_told_as_broken(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    fill(index)
    with sqlite3.connect(tmp_path / "index") as connection:
        connection.execute("UPDATE contents SET terms = x'00'")
    connection.close()
    with pytest.raises(IndexBroken):
        index.contents([CONTENT])
    index.close()


def test_folder_that_is_in_the_way_is_told_as_unusable(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    with pytest.raises(IndexUnusable, match="can't be used"):
        Index(tmp_path / "index")
