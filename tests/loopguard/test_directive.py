"""What a directive quotes: a short line as it is, of a whole function only how it begins."""

from loopcutter_loopguard.directive import tried
from loopcutter_loopguard.edit import Change, Edit

WHOLE = """@cached
def total(self, prices: list[int]) -> int:
    result = 0
    for price in prices:
        result += price
    return result
"""


def test_of_a_whole_function_the_signature_is_quoted_and_not_its_body() -> None:
    said = tried(Edit((Change("shop/cart.py", "", WHOLE, symbol="Cart.total"),)))
    assert said == ("Cart.total in shop/cart.py → `def total(self, prices: list[int]) -> int` and 5 more lines")
    assert "result" not in said


def test_short_line_is_quoted_as_it_is() -> None:
    said = tried(Edit((Change("shop/cart.py", "    return 1\n", "    return 2\n", line=3),)))
    assert said == "shop/cart.py at `return 1` → `return 2`"


def test_what_is_taken_out_is_said_to_be() -> None:
    assert tried(Edit((Change("a.py", "x = 1\n", ""),))).endswith("→ taken out")
