"""Diffs by class and function, and without comments and formatting."""

import pytest
from support.desk import SHOP, Desk, replace

from loopcutter_vcs.symbols import normal_form, symbols_of

pytestmark = pytest.mark.anyio

CART = SHOP["shop/cart.py"].encode()


def changes(new: bytes, old: bytes = CART) -> list[tuple[str, str]]:
    return [(found.change, found.symbol) for found in symbols_of("a.py", old, new)]


def test_of_nested_symbols_the_innermost_is_named() -> None:
    assert changes(CART.replace(b"sum(self.prices)", b"0")) == [("changed", "Cart.total")]


def test_what_only_looks_different_is_no_change() -> None:
    assert changes(CART.replace(b"return sum(self.prices)", b"return  sum( self.prices )  # all of them")) == []


def test_added_and_removed_symbols_and_changed_signatures_are_named() -> None:
    new = CART.replace(b"def total(self)", b"def total(self, rate)").replace(b"def empty", b"def is_empty")
    assert sorted(changes(new)) == [
        ("added", "Cart.is_empty"),
        ("changed", "Cart.total"),
        ("removed", "Cart.empty"),
    ]


def test_both_halves_of_a_property_count() -> None:
    old = b"class A:\n @property\n def x(self): return 1\n @x.setter\n def x(self, v): self.v = v\n"
    assert changes(old.replace(b"self.v = v", b"self.v = 2"), old) == [("changed", "A.x")]


@pytest.mark.parametrize("content", [b"def broken(:\n", b"\0"])
def test_what_does_not_parse_has_no_symbols(content: bytes) -> None:
    assert symbols_of("a.py", content, CART) == []
    assert symbols_of("a.txt", CART, b"") == []


def test_the_normal_form_is_without_comments_and_formatting() -> None:
    one = b"# a word\nx = { 'a' : 1 }   # why\n\n\ndef f( a ):\n\treturn (a)\n"
    other = b'x = {"a": 1}\ndef f(a):\n    return a'
    assert normal_form("a.py", one) == normal_form("a.py", other)
    assert normal_form("a.js", b"  // a word\n\n\tf();\n") == normal_form("a.js", b"f();")


async def test_a_diff_names_symbols_and_can_be_normalised(vcs: Desk) -> None:
    workspace = await vcs.open()
    await vcs.edit(workspace, replace("shop/cart.py", "        return sum(self.prices)", "        return  0  # none"))
    result = await vcs.client.call_tool("diff", {"workspace": workspace, "normalised": True})
    facts = result.structured_content or {}
    assert facts["symbols"] == [{"path": "shop/cart.py", "symbol": "Cart.total", "change": "changed"}]
    changed = [line for line in facts["unified"].splitlines() if line[0] in "-+"]
    assert changed[2:] == ["-        return sum(self.prices)", "+        return 0"]
    [said] = result.content
    assert said.type == "text"
    assert said.text.endswith("\nchanged: Cart.total (shop/cart.py)")
