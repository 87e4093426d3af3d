"""What is shown of the files and the symbols of a tree."""

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.errors import NotText, UnknownPath, UnknownSymbol


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
