"""What the library answers, whatever the tree and the query are."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.errors import EmptyQuery, NotText, UnknownPath, UnknownSymbol
from loopcutter_retrieval.mentions import Failure, Frame
from loopcutter_retrieval.opening import open_library
from loopcutter_retrieval.place import Located, Skipped
from loopcutter_snapshots import UnknownTree


def found(shelf: Shelf, tree: str, query: str) -> list[tuple[str, str]]:
    return [(place.path, place.symbol) for place in shelf.library.search(tree, query)]


def why(shelf: Shelf, tree: str, query: str, symbol: str) -> str:
    return next(place.why for place in shelf.library.search(tree, query) if place.symbol == symbol)


def test_words_lead_to_the_function_and_say_so(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    best = shelf.library.search(tree, "price lists can't be loaded from disk")[0]
    assert (best.path, best.symbol, best.kind, best.lines) == (
        "shop/prices.py",
        "load_price_list",
        "function",
        (10, 13),
    )
    assert best.why.startswith("words: ")


def test_quoted_message_leads_to_who_raises_it(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    query = "It says: cannot discount more than 4711 items at once"
    assert found(shelf, tree, query)[0] == ("shop/prices.py", "discount")
    assert "holds the quoted message" in why(shelf, tree, query, "discount")


def test_dotted_name_leads_to_its_symbol(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    assert found(shelf, tree, "Cart.total is off")[0] == ("shop/cart.py", "Cart.total")
    assert "named" in why(shelf, tree, "Cart.total is off", "Cart.total")


def test_stack_trace_leads_to_its_frames_innermost_first(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    trace = '  File "/app/shop/cart.py", line 20, in total\n  File "/app/shop/money.py", line 3, in rounded\nTypeError'
    assert {symbol for _, symbol in found(shelf, tree, trace)[:2]} == {"rounded", "Cart.total"}
    assert why(shelf, tree, trace, "rounded").startswith("frame 1 of the trace")
    assert why(shelf, tree, trace, "Cart.total").startswith("frame 2 of the trace")


def test_neighbours_of_the_best_places_are_named_as_such(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    assert "called by Cart.total" in why(shelf, tree, "Cart.total is off", "rounded")


def test_tests_and_documents_stand_behind_the_code(shelf: Shelf) -> None:
    places = shelf.library.search(shelf.tree(SHOP), "total discount of the cart", limit=50)
    roles = ["(test)" in place.why or "(document)" in place.why for place in places]
    assert set(roles) == {True, False}
    assert roles.index(True) > 2
    assert {"tests/test_cart.py", "README.md"} <= {place.path for place in places}


def test_failing_test_leads_to_what_it_calls(shelf: Shelf) -> None:
    failure = Failure("tests/test_cart.py::test_total_takes_discount_off", "AssertionError", "assert 1 == 0")
    found = shelf.library.locate(shelf.tree(SHOP), "Something is wrong", [failure])
    files, places = found.files, found.places
    assert files[0].path == "shop/cart.py"
    assert places[0].symbol in {"Cart.total", "Cart"}
    assert "called by the test" in {place.symbol: place.why for place in places}["Cart"]


def test_located_files_say_why(shelf: Shelf) -> None:
    failure = Failure("t::t", "ValueError", "bad", (Frame("shop/prices.py", 6, "discount"),))
    found = shelf.library.locate(shelf.tree(SHOP), "Bad discount", [failure])
    files, places = found.files, found.places
    assert files[0].path == "shop/prices.py"
    assert "trace" in files[0].why
    assert places[0].symbol == "discount"


def test_tried_places_are_not_named_again(shelf: Shelf) -> None:
    tree, issue = shelf.tree(SHOP), "Cart.total takes the discount twice"
    first = shelf.library.locate(tree, issue, limit=3)
    best = first.places[0]
    assert (best.path, best.symbol, first.left_out) == ("shop/cart.py", "Cart.total", 0)

    without_symbol = shelf.library.locate(tree, issue, limit=3, tried=[f"{best.path}::{best.symbol}"])
    assert [one.symbol for one in without_symbol.places][:2] == [one.symbol for one in first.places[1:]]
    assert (without_symbol.left_out, without_symbol.paths) == (1, first.paths)

    without_class = shelf.library.locate(tree, issue, tried=[f"{best.path}::Cart"])
    assert not [one for one in without_class.places if one.path == best.path and one.symbol.startswith("Cart")]

    without_file = shelf.library.locate(tree, issue, tried=[best.path])
    assert best.path in first.paths
    assert best.path not in [*without_file.paths, *(one.path for one in (*without_file.files, *without_file.places))]


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


def test_symbol_shows_its_source_and_prefers_the_code_proper(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP | {"tests/fake.py": b"class Cart:\n    def total(self):\n        return 1\n"})
    sources = shelf.library.symbol(tree, "Cart.total")
    assert [source.path for source in sources] == ["shop/cart.py", "tests/fake.py"]
    assert sources[0].source.startswith("    def total(self):\n")
    assert sources[0].lines == (17, 19)


@pytest.mark.parametrize(
    "name", ["total", "Cart.total", "shop.cart.Cart.total", "shop/cart.py::Cart.total", "shop/cart.py::Cart::total()"]
)
def test_symbol_is_found_however_it_is_written(shelf: Shelf, name: str) -> None:
    assert [source.symbol for source in shelf.library.symbol(shelf.tree(SHOP), name)] == ["Cart.total"]


def test_unknown_symbol_names_similar_ones(shelf: Shelf) -> None:
    with pytest.raises(UnknownSymbol, match=r"no 'Cart.Tot'; did you mean Cart.total, Cart.subtotal"):
        shelf.library.symbol(shelf.tree(SHOP), "Cart.Tot")


def test_read_gives_the_lines_asked_for(shelf: Shelf) -> None:
    text = shelf.library.read(shelf.tree(SHOP), "./shop/money.py", 1, 3)
    assert (text.start, text.end, text.total) == (1, 3, 8)
    assert text.text == "def rounded(amount):\n    # half a cent goes up\n    return round(amount, 2)"
    assert shelf.library.read(shelf.tree(SHOP), "shop/money.py", 7, 0).end == 8
    assert shelf.library.read(shelf.tree(SHOP), "shop/money.py", 50, 60).text == ""


def test_long_file_is_cut_and_can_be_read_on(shelf: Shelf) -> None:
    tree = shelf.tree({"long.txt": b"x" * 99 + b"\n", "longer.py": (b"x" * 99 + b"\n") * 5000})
    first = shelf.library.read(tree, "longer.py")
    assert first.end == 2000
    assert first.total == 5000
    assert shelf.library.read(tree, "longer.py", first.end + 1).start == 2001


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("shop/card.py", UnknownPath, "did you mean shop/cart.py"),
        ("cart.py", UnknownPath, "did you mean shop/cart.py"),
        ("../../etc/passwd", UnknownPath, "no file"),
        ("logo.png", NotText, "binary"),
        ("link.py", NotText, "symbolic link"),
    ],
)
def test_unreadable_path_says_what_to_do(shelf: Shelf, path: str, error: type[Exception], words: str) -> None:
    tree = shelf.tree(SHOP | {"logo.png": b"\x89PNG\0"}, {"link.py": "/etc/passwd"})
    with pytest.raises(error, match=words):
        shelf.library.read(tree, path)


def test_long_symbols_are_cut_and_many_are_left_out(shelf: Shelf) -> None:
    body = b"def long():\n" + b"".join(b"    call('%060d')\n" % at for at in range(900))
    tree = shelf.tree({f"shop/part{at}.py": body + b"# %d\n" % at for at in range(8)})
    sources = shelf.library.symbol(tree, "long")
    assert len(sources) == 3
    assert sources[0].source.endswith("\n… 501 more lines")


def test_path_that_is_no_utf8_can_be_found_and_read(shelf: Shelf) -> None:
    tree = shelf.tree({"shop/caf\udce9.py": b"def brew_coffee():\n    pass\n"})
    path, symbol = found(shelf, tree, "brew_coffee")[0]
    assert symbol == "brew_coffee"
    assert shelf.library.read(tree, path).total == 2


@pytest.mark.parametrize("query", ["", "   \n", "!?… 123 ---", "\0\0\0"])
def test_query_without_words_is_refused(shelf: Shelf, query: str) -> None:
    with pytest.raises(EmptyQuery, match="no words"):
        shelf.library.search(shelf.tree(SHOP), query)


@pytest.mark.parametrize("query", ["the and of", "zzzunknownword", "café ☕ 日本語のテキスト", "\ud800 x"])
def test_query_that_meets_nothing_finds_nothing(shelf: Shelf, query: str) -> None:
    assert shelf.library.search(shelf.tree(SHOP), query) == []


def test_huge_and_binary_queries_are_answered(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    assert found(shelf, tree, "discount " * 100_000)[0][1] == "discount"
    binary = bytes(range(256)).decode("latin-1") * 1000
    assert found(shelf, tree, "load_price_list\n" + binary)[0][1] == "load_price_list"
    varied = "load_price_list\n" + " ".join(f"word{at}thing" for at in range(20_000))
    assert found(shelf, tree, varied)[0][1] == "load_price_list"


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
    before = shelf.library.search(tree, "discount")
    other = shelf.tree(SHOP | {"shop/new.py": b"def fresh():\n    pass\n"})
    for path in shelf.folder.glob("index.sqlite*"):
        path.write_bytes(b"garbage" * 1000)
    assert found(shelf, other, "fresh")[0] == ("shop/new.py", "fresh")
    assert shelf.library.search(tree, "discount") == before


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
