import pytest

from till.cart import Cart
from till.catalogue import Catalogue

SHELF = Catalogue.read("""
# code; name; price
tea; Green tea; 4.50
pot; Tea pot; 29.00
""")


def test_an_unknown_code_is_named():
    with pytest.raises(LookupError, match="'mug'"):
        SHELF.find("mug")


def test_quantities_of_the_same_item_add_up():
    cart = Cart()
    cart.add(SHELF.find("tea"), 2)
    cart.add(SHELF.find("pot"))
    cart.add(SHELF.find("tea"))
    assert cart.lines() == [(SHELF.find("tea"), 3), (SHELF.find("pot"), 1)]
    assert cart.subtotal() == 42_50


def test_what_is_removed_is_not_charged():
    cart = Cart()
    cart.add(SHELF.find("tea"), 2)
    cart.remove(SHELF.find("tea"))
    assert cart.subtotal() == 4_50
    cart.remove(SHELF.find("tea"))
    assert cart.lines() == []


def test_more_than_there_is_cannot_be_removed():
    cart = Cart()
    cart.add(SHELF.find("tea"))
    with pytest.raises(ValueError, match="not 2 of Green tea"):
        cart.remove(SHELF.find("tea"), 2)
