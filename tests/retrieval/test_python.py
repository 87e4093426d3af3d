"""What is read out of Python, whole or broken."""

import time

import pytest

from loopcutter_retrieval.language import Import, Outline, Symbol
from loopcutter_retrieval.python import Python

SOURCE = b'''"""The cart."""
import os.path
import numpy as np
from .money import rounded as r, Currency
from . import prices
from shop.all import *

LIMIT = 3  # at most


@register("cart", kind=make())
class Cart(Base, mixins.Loud):
    """What somebody buys.

    More words.
    """

    size = compute()

    async def total(self, items):
        # taken off last
        def inner():
            return helper()
        return self.sum(items) - prices.discount() + a().b().c()


def fail():
    raise ValueError("cannot do this at all")
'''


def read(source: bytes) -> Outline:
    return Python().outline(source)


def symbol(outline: Outline, name: str) -> Symbol:
    return next(symbol for symbol in outline.symbols if symbol.name == name)


def test_definitions_have_dotted_names_kinds_and_lines() -> None:
    assert [(one.name, one.kind, one.first, one.last) for one in read(SOURCE).symbols] == [
        ("", "module", 1, 28),
        ("Cart", "class", 11, 24),
        ("Cart.total", "method", 20, 24),
        ("Cart.total.inner", "function", 22, 23),
        ("fail", "function", 27, 28),
    ]


def test_imports_name_what_they_bring_in() -> None:
    assert read(SOURCE).imports == (
        Import("os.path", "os.path"),
        Import("np", "numpy"),
        Import("r", ".money.rounded"),
        Import("Currency", ".money.Currency"),
        Import("prices", ".prices"),
        Import("*", "shop.all"),
    )


def test_calls_belong_to_whom_makes_them() -> None:
    outline = read(SOURCE)
    called = sorted(symbol(outline, "Cart.total").calls)
    assert called == sorted(("helper", "self.sum", "prices.discount", ".c", ".b", "a"))
    assert sorted(symbol(outline, "Cart").calls) == ["compute", "make", "register"]


def test_calls_are_named_alike_however_they_are_spelt() -> None:
    source = """
def pay():
    cart . total()
    cart.\\
        items()
    cart.lines[  # of a.b
    ].clear()
    größe.messen()
    None.a()
    "x.y".join()
    cart.lines[0].tax().round()
    """.encode()
    names = ("cart.total", "cart.items", ".clear", "größe.messen", ".a", ".join", ".round", ".tax")
    assert symbol(read(source), "pay").calls == names


def test_a_call_within_a_formatted_string_is_a_call() -> None:
    assert read(b"def show(cart):\n    return f'{total(cart)} in all'\n").symbols[1].calls == ("total",)


def test_class_knows_its_bases() -> None:
    assert symbol(read(SOURCE), "Cart").bases == ("Base", "Loud")


def test_text_is_nobody_elses_and_prose_is_told_from_code() -> None:
    outline = read(SOURCE)
    cart, total = symbol(outline, "Cart"), symbol(outline, "Cart.total")
    assert "size = compute()" in cart.code
    assert "discount" not in cart.code
    assert "More words." in cart.prose
    assert "helper" in total.code
    assert total.prose == "# taken off last"
    assert symbol(outline, "Cart.total.inner").code == ""
    assert symbol(outline, "").prose == '"""The cart."""\n# at most'


def test_messages_are_the_literals_of_several_words() -> None:
    assert symbol(read(SOURCE), "fail").messages == ("cannot do this at all",)


def test_broken_file_gives_what_can_be_made_out() -> None:
    outline = read(
        b"def good():\n    pass\n\ndef bad(:\n    x = (\n\nclass Late:\n    def method(self):\n        pass\n"
    )
    assert outline.problem == "syntax errors"
    assert {"good", "bad", "Late", "Late.method"} <= {one.name for one in outline.symbols}


def test_code_in_strings_of_a_broken_file_is_no_definition() -> None:
    outline = read(b'TEMPLATE = """\ndef not_code():\n    pass\n"""\n\ndef real(:\n    pass\n')
    assert "not_code" not in {one.name for one in outline.symbols}


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xff\xfe\x00 nonsense \x80",
        b"name = 'caf\xe9'\ndef f():\n    pass\n",
        b"\xef\xbb\xbfdef f():\n    pass\n",
        b"def f():\r\n    pass\r\n",
        b'print "two"\nexec code in scope\ndef f():\n    pass\n',
    ],
    ids=["empty", "no text", "latin-1", "byte order mark", "CRLF", "Python 2"],
)
def test_odd_bytes_are_no_error(source: bytes) -> None:
    outline = read(source)
    assert outline.symbols[0].kind == "module"
    assert b"def f" not in source or [one.name for one in outline.symbols] == ["", "f"]


@pytest.mark.parametrize(
    "source",
    [
        b"x = " + b"[" * 5000 + b"]" * 5000 + b"\ndef f():\n    pass\n",
        b"(" * 400_000 + b"\ndef f():\n    pass\n",
        b"a" + b".b()" * 50_000 + b"\ndef f():\n    pass\n",
        b"".join(b" " * depth + b"def f():\n" for depth in range(600)),
        b"def f(:\n" * 20_000,
        b"f'{" * 50_000 + b"\ndef f():\n    pass\n",
    ],
    ids=["brackets", "open brackets", "chain", "nested functions", "broken definitions", "f-strings"],
)
def test_hostile_source_is_read_in_seconds(source: bytes) -> None:
    began = time.thread_time()
    outline = read(source)
    assert "f" in {one.name.rpartition(".")[2] for one in outline.symbols}
    assert time.thread_time() - began < 8
