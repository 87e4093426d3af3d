import pytest

from loopcutter_vcs.errors import EditRefused, PlaceAmbiguous, PlaceNotFound
from loopcutter_vcs.symbol import replaced

CART = '''import functools


class Cart:
    limit = 3

    @property
    @functools.cache
    def empty(self):
        return not self.prices

    async def total(self):
        """Sum of
        everything.
        """
        return sum(self.prices)

    class Line:
        def total(self): return 1


def rounded(amount):
    def half(x):
        return x / 2
    return half(amount)  # the end


if True:
    def rarely():
        pass
'''


def edited(symbol: str, source: str, near_line: int | None = None, text: str = CART) -> str:
    return replaced("cart.py", text.encode(), symbol, source, near_line)[0].decode()


def test_a_function_is_replaced_whole() -> None:
    done, line = replaced("cart.py", CART.encode(), "rounded", "def rounded(amount):\n    return amount\n")
    old = "def rounded(amount):\n    def half(x):\n        return x / 2\n    return half(amount)  # the end"
    assert (done.decode(), line) == (CART.replace(old, "def rounded(amount):\n    return amount"), 22)


@pytest.mark.parametrize("indentation", ["", "    ", "  ", "\t"])
def test_a_method_gets_the_indentation_of_its_place(indentation: str) -> None:
    source = "".join(f"{indentation}{line}\n" for line in ["async def total(self):", "    return 0"])
    old = CART[CART.index("    async def total") : CART.index("\n\n    class Line")]
    assert edited("Cart.total", f"\n{source}\n") == CART.replace(old, "    async def total(self):\n        return 0")


def test_decorators_stay_when_the_source_has_none() -> None:
    assert edited("Cart.empty", "def empty(self):\n    return True") == CART.replace("not self.prices", "True")


def test_decorators_are_replaced_when_the_source_has_some() -> None:
    done = edited("Cart.empty", "@property\ndef empty(self):\n    return not self.prices")
    assert done == CART.replace("    @functools.cache\n", "")


def test_a_class_is_replaced_whole() -> None:
    assert edited("Cart.Line", "class Line:\n    pass") == CART.replace(
        "    class Line:\n        def total(self): return 1", "    class Line:\n        pass"
    )


def test_functions_inside_functions_and_statements_are_found() -> None:
    assert "x * 2" in edited("rounded.half", "def half(x):\n    return x * 2")
    assert "    def rarely():\n        return 1\n" in edited("rarely", "def rarely():\n    return 1")


def test_the_last_part_of_a_name_will_do_when_it_is_unique() -> None:
    assert "return True" in edited("empty", "def empty(self):\n    return True")


def test_the_last_part_of_a_name_is_refused_when_several_end_in_it() -> None:
    with pytest.raises(PlaceAmbiguous, match=r"Cart.total at line 12, Cart.Line.total at line 19\): give near_line"):
        edited("total", "def total(self):\n    return 1")


def test_near_line_chooses_between_definitions_of_one_name() -> None:
    text = "class A:\n    @property\n    def x(self): ...\n    @x.setter\n    def x(self, v): ...\n"
    done = edited("A.x", "def x(self, v):\n    pass", 5, text)
    assert done == "class A:\n    @property\n    def x(self): ...\n    @x.setter\n    def x(self, v):\n        pass\n"


def test_an_unknown_name_is_refused_with_similar_ones() -> None:
    with pytest.raises(PlaceNotFound, match=r"has no Cart.totl: it has Cart.total"):
        edited("Cart.totl", "def totl(self): ...")


def test_source_that_defines_something_else_is_refused() -> None:
    with pytest.raises(EditRefused, match="does not define total: give its whole definition"):
        edited("Cart.total", "return 1")


def test_a_docstring_moves_with_its_function_but_other_long_strings_do_not() -> None:
    source = 'def rarely():\n    """One\n    two"""\n    return """\n  raw\n"""'
    done = edited("rarely", source)
    assert done.endswith('    def rarely():\n        """One\n        two"""\n        return """\n  raw\n"""\n')


def test_source_in_the_right_indentation_is_taken_as_it_is() -> None:
    source = '    async def total(self):\n        return """\n        eight\n    four\nnone"""'
    assert source in edited("Cart.total", source)


def test_windows_line_ends_are_kept() -> None:
    done = edited("rarely", "def rarely():\n    return 1", text=CART.replace("\n", "\r\n"))
    assert done.count("\n") == done.count("\r\n")


def test_a_file_with_errors_elsewhere_can_be_edited() -> None:
    text = "def good():\n    return 1\n\n\ndef bad(:\n    pass\n"
    assert edited("good", "def good():\n    return 2", text=text) == text.replace("return 1", "return 2")


def test_a_definition_that_shares_its_line_is_refused() -> None:
    with pytest.raises(EditRefused, match="shares its line with other code"):
        edited("f", "def f(): pass", text="x = 1; def f(): pass\n")
