"""What a model is shown of a tree, and that it fits."""

import math
import re

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.budget import tokens
from loopcutter_retrieval.errors import EmptyQuery
from loopcutter_retrieval.mentions import Failure, Frame
from loopcutter_retrieval.place import Context

LONG = b"".join(b"    total += discount(%d)\n" % at for at in range(300))
FILES = SHOP | {
    "shop/sale.py": b"from shop.prices import discount\n\n\ndef sale_discount(total):\n" + LONG + b"    return total\n",
}
ISSUE = "Cart.total takes a wrong discount"


def shown(context: Context) -> list[tuple[str, int, str]]:
    """(path, number, text) of every line that is shown."""
    found, path, number = [], "", 0
    for line in context.text.splitlines():
        if line.startswith("## "):
            path, number = line.removeprefix("## "), 0
        elif match := re.fullmatch(r"( {0,4}\d+|     ) (.*)", line):
            assert match[1].strip() or number, "the first line of several has a number"
            number = int(match[1]) if match[1].strip() else number + 1
            found.append((path, number, match[2]))
        else:
            number = 0
    return found


def test_culprits_are_whole_and_their_surroundings_brief(shelf: Shelf) -> None:
    context = shelf.library.context(shelf.tree(SHOP), "Cart.subtotal is off", 260)
    assert context.whole[0] == "shop/cart.py::Cart.subtotal"
    lines = shown(context)
    assert ("shop/cart.py", 7, "class Cart:") in lines
    assert ("shop/cart.py", 21, "    def subtotal(self):") in lines
    assert ("shop/cart.py", 22, "        return sum(item.price for item in self.items)") in lines


def test_lines_have_the_numbers_and_the_text_they_have_in_the_file_and_come_once(shelf: Shelf) -> None:
    lines = shown(shelf.library.context(shelf.tree(FILES), ISSUE, 1500))
    assert len({(path, number) for path, number, _ in lines}) == len(lines) > 15
    for path, number, text in lines:
        assert FILES[path].decode().splitlines()[number - 1] == text


def test_every_tenth_line_has_its_number(shelf: Shelf) -> None:
    context = shelf.library.context(shelf.tree(FILES), "sale_discount is wrong", 8000)
    assert [int(line[:5]) for line in re.findall(r"^ +\d+ .*discount\(\d+\)$", context.text, re.MULTILINE)][:3] == [
        10,
        20,
        30,
    ]


@pytest.mark.parametrize("budget", [200, 201, 230, 300, 450, 700, 1500, 10_000])
def test_context_never_exceeds_its_budget(shelf: Shelf, budget: int) -> None:
    many = {f"shop/part{at}.py": SHOP["shop/cart.py"].replace(b"Cart", b"Cart%d" % at) for at in range(20)}
    context = shelf.library.context(shelf.tree(FILES | many), ISSUE, budget)
    assert context.tokens == tokens(context.text)
    assert budget // 4 < context.tokens <= budget


def test_what_had_no_room_is_named_and_shown_by_its_signature(shelf: Shelf) -> None:
    sale = b"".join(b"def sale_%d(total):\n" % at + LONG[:1550] + b"    return total\n\n\n" for at in range(9))
    context = shelf.library.context(shelf.tree(SHOP | {"shop/sale.py": sale}), "total of sale is wrong", 2000)
    first, *_ = [one for one in context.left_out if "sale_" in one]
    assert re.fullmatch(r"shop/sale.py::sale_\d lines \d+-\d+, about \d{3} tokens", first)
    assert f"Left out for lack of room: {first}" in context.text
    name, line = re.fullmatch(r"(.*) lines (\d+)-.*", first).groups()  # type: ignore[union-attr]
    assert name in context.signatures
    assert ("shop/sale.py", int(line), f"def {name.partition('::')[2]}(total):") in shown(context)


def test_function_that_would_take_more_than_half_is_cut(shelf: Shelf) -> None:
    context = shelf.library.context(shelf.tree(FILES), "sale_discount is wrong", 3000)
    assert context.cut == ("shop/sale.py::sale_discount",)
    assert "shop/sale.py::sale_discount" not in (*context.whole, *context.signatures)
    numbers = [number for path, number, _ in shown(context) if path == "shop/sale.py"]
    assert numbers[0] == 1
    assert 100 < numbers[-1] < 200


def test_function_is_whole_where_nothing_else_needs_the_room(shelf: Shelf) -> None:
    context = shelf.library.context(shelf.tree(FILES), "sale_discount is wrong", 5000)
    assert "shop/sale.py::sale_discount" in context.whole
    assert context.cut == ()
    assert ("shop/sale.py", 305, "    return total") in shown(context)


def test_long_docstrings_are_shortened_but_for_the_three_most_suspicious(shelf: Shelf) -> None:
    told = b'    """Sale %d.\n\n' + b"    Of many words.\n" * 20 + b'    """\n    return total\n\n\n'
    sale = b"".join(b"def sale_%d(total):\n" % at + told % at for at in range(6))
    context = shelf.library.context(shelf.tree(SHOP | {"shop/sale.py": sale}), "total of sale is wrong", 4000)
    assert {f"shop/sale.py::sale_{at}" for at in range(6)} <= {*context.whole}
    lines = [text for path, _, text in shown(context) if path == "shop/sale.py"]
    assert lines.count("    Of many words.") == 60
    assert [f'    """Sale {at}.' in lines for at in range(6)] == [True] * 6
    assert lines.count("    return total") == 6


def test_short_function_goes_before_a_long_one_that_is_hardly_likelier(shelf: Shelf) -> None:
    likely = b"".join(b"def refund_%d(sale):\n    return sale.refund()\n\n\n" % at for at in range(3))
    short = b"def fee(total):\n    check(refund)\n" + LONG[:108] + b"    return total\n\n\n"
    long = b"def pay(total):\n    check(refund, refund)\n" + LONG[:405] + b"    return total\n"
    tree = shelf.tree({"shop/sale.py": likely + long + b"\n\n" + short})
    best = shelf.library.search(tree, "refund of a sale", 5)
    assert [place.symbol for place in best][3:] == ["pay", "fee"]
    context = shelf.library.context(tree, "refund of a sale", 340)
    assert "shop/sale.py::fee" in context.whole
    assert "shop/sale.py::pay" not in context.whole


def test_who_knows_its_tokenizer_gets_a_context_that_is_counted_by_it(shelf: Shelf) -> None:
    tree = shelf.tree(FILES)
    context = shelf.library.context(tree, ISSUE, 250, tokens_per_character=0.1425)
    assert 125 < context.tokens == math.ceil(tokens(context.text) / 2) <= 250
    assert len(context.text) > 1.5 * len(shelf.library.context(tree, ISSUE, 250).text)


@pytest.mark.parametrize("rate", [5e-324, 1e-9, 4.0])
def test_any_tokenizer_is_believed(shelf: Shelf, rate: float) -> None:
    assert shelf.library.context(shelf.tree(SHOP), ISSUE, 200, tokens_per_character=rate).tokens <= 200


def test_same_question_gives_the_same_context(shelf: Shelf) -> None:
    tree = shelf.tree(FILES)
    assert shelf.library.context(tree, ISSUE, 800) == shelf.library.context(tree, ISSUE, 800)


def test_failing_test_is_shown_and_other_tests_are_not(shelf: Shelf) -> None:
    tree = shelf.tree(FILES)
    failure = Failure("tests/test_cart.py::test_total_takes_discount_off", frames=(Frame("shop/cart.py", 20, "total"),))
    assert not [path for path, _, _ in shown(shelf.library.context(tree, ISSUE, 2000)) if path.startswith("tests/")]
    context = shelf.library.context(tree, ISSUE, 2000, [failure])
    assert ("tests/test_cart.py", 4, "def test_total_takes_discount_off():") in shown(context)
    assert context.whole[0] == "shop/cart.py::Cart.total"


def test_issue_without_words_is_refused_and_one_without_hits_shows_nothing(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP)
    with pytest.raises(EmptyQuery):
        shelf.library.context(tree, "?!", 500)
    assert shelf.library.context(tree, "zzz", 500) == Context("", 0, (), (), (), ())
