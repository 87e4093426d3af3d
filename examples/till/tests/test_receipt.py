from till.cart import Cart
from till.catalogue import Item
from till.receipt import WIDTH, receipt


def printed(*prices):
    cart = Cart()
    for number, price in enumerate(prices, start=1):
        cart.add(Item(f"i{number}", f"Item {number}", price))
    return receipt(cart, "Ada").splitlines()


def test_without_a_discount_only_the_total_is_printed():
    assert printed(4_50, 29_00) == [
        "Item 1                      4.50",
        "Item 2                     29.00",
        "--------------------------------",
        "Total                      33.50",
        "     You were served by Ada     ",
    ]


def test_a_discount_is_shown_with_its_reason():
    assert printed(50_50)[2:5] == [
        "Subtotal                   50.50",
        "5 % off from 50.00         -2.53",
        "Total                      47.97",
    ]


def test_a_discount_at_the_amount_on_the_sign_is_printed():
    assert printed(20_00, 30_00)[3:6] == [
        "Subtotal                   50.00",
        "5 % off from 50.00         -2.50",
        "Total                      47.50",
    ]


def test_long_names_are_cut_to_the_paper():
    cart = Cart()
    cart.add(Item("x", "A very long name that does not fit on it", 1_00), 12)
    assert {len(row) for row in receipt(cart, "Ada").splitlines()} == {WIDTH}
