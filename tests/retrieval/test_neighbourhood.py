"""What surrounds a symbol."""

from collections.abc import Sequence

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.errors import UnknownSymbol
from loopcutter_retrieval.place import Place

FILES = SHOP | {
    "shop/gift.py": b"""from shop.cart import Cart
from shop import prices


class GiftCart(Cart):
    def total(self):
        return super().total() + 2


class Wrapped(GiftCart):
    def total(self):
        return prices.discount(self.items)


class Till:
    def total(self):
        return 0
""",
}


def named(places: Sequence[Place]) -> list[str]:
    return [place.symbol for place in places]


def test_method_has_callers_callees_overrides_and_tests(shelf: Shelf) -> None:
    found = shelf.library.neighbours(shelf.tree(FILES), "Cart.total")
    assert (found.symbol.path, found.symbol.symbol) == ("shop/cart.py", "Cart.total")
    assert set(named(found.callees)) == {"rounded", "Cart.subtotal", "discount"}
    assert {place.symbol: place.why for place in found.overrides} == {
        "GiftCart.total": "overrides it",
        "Wrapped.total": "overrides it",
    }
    assert [place.path for place in found.tests] == ["tests/test_cart.py"]
    assert found.left_out == 0


def test_method_in_the_middle_overrides_and_is_overridden(shelf: Shelf) -> None:
    found = shelf.library.neighbours(shelf.tree(FILES), "GiftCart.total")
    assert {place.symbol: place.why for place in found.overrides} == {
        "Cart.total": "overridden by it",
        "Wrapped.total": "overrides it",
    }


def test_class_has_bases_and_derived_classes(shelf: Shelf) -> None:
    found = shelf.library.neighbours(shelf.tree(FILES), "GiftCart")
    assert (named(found.bases), named(found.derived)) == (["Cart"], ["Wrapped"])


def test_tests_are_found_through_a_caller_when_none_calls_the_symbol_itself(shelf: Shelf) -> None:
    found = shelf.library.neighbours(shelf.tree(FILES), "discount")
    assert named(found.callers) == ["Cart.total", "Wrapped.total"]
    assert {place.symbol: place.why for place in found.tests} == {
        "test_total_takes_discount_off": "calls Cart.total, which calls it"
    }


def test_many_callers_are_cut_and_counted(shelf: Shelf) -> None:
    many = {
        f"shop/use{at:03}.py": b"from shop.prices import discount\n\ndef f():\n    discount([])\n" for at in range(60)
    }
    found = shelf.library.neighbours(shelf.tree(SHOP | many), "discount", ["callers"])
    assert (len(found.callers), found.left_out) == (25, 36)


def test_others_of_the_name_are_told(shelf: Shelf) -> None:
    found = shelf.library.neighbours(shelf.tree(FILES), "total")
    assert "shop/gift.py::Till.total" in found.also
    with pytest.raises(UnknownSymbol):
        shelf.library.neighbours(shelf.tree(FILES), "totals")
