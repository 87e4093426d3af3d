"""A word of the user moves what it names to the front."""

from loopcutter_host.repair.named import raised
from loopcutter_host.repair.source import Source

SOURCE = Source("shop/cart.py", "def total():\n    return 1\n\n\ndef weight():\n    return 2\n")


def test_a_named_function_comes_before_all_others() -> None:
    heats = raised({2: 1.0, 6: 0.1}, "shop/cart.py", SOURCE, ("please look at weight() first",))

    assert max(heats, key=lambda line: heats[line]) == 6


def test_a_named_file_comes_before_others_and_keeps_its_own_order() -> None:
    heats = raised({2: 1.0, 6: 0.1}, "shop/cart.py", SOURCE, ("it is in cart.py.",))

    assert heats[2] > heats[6] > 1


def test_without_a_name_everything_stays() -> None:
    assert raised({2: 1.0, 6: 0.1}, "shop/cart.py", SOURCE, ("hurry up",)) == {2: 1.0, 6: 0.1}
