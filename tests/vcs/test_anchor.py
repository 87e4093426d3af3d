from dataclasses import dataclass

import pytest

from loopcutter_vcs.anchor import place
from loopcutter_vcs.errors import PlaceAmbiguous, PlaceNotFound

CART = """class Cart:
    def total(self):
        return sum(self.prices)

    def count(self):
        return len(self.prices)
"""


@dataclass(frozen=True)
class Edited:
    how: str
    line: int
    text: str


def edited(text: str, search: str, replacement: str, near_line: int | None = None) -> Edited:
    found = place("cart.py", text, search, replacement, near_line)
    return Edited(found.how, found.line, text[: found.start] + found.text + text[found.end :])


def test_exact_text_is_replaced_where_it_stands() -> None:
    done = edited(CART, "sum(self.prices)", "0")
    assert done == Edited("exact", 3, CART.replace("sum(self.prices)", "0"))


def test_the_next_line_is_not_glued_to_a_replacement_without_its_newline() -> None:
    done = edited(CART, "        return sum(self.prices)\n", "        return 0")
    assert done.text == CART.replace("sum(self.prices)", "0")


def test_text_that_occurs_twice_is_refused_with_its_lines() -> None:
    with pytest.raises(PlaceAmbiguous, match=r"occurs 2 times in cart\.py, at lines 3, 6: quote more lines"):
        edited(CART, "self.prices", "0")


@pytest.mark.parametrize(("near", "line"), [(1, 3), (4, 3), (5, 6), (99, 6)])
def test_near_line_chooses_between_occurrences(near: int, line: int) -> None:
    assert edited(CART, "self.prices", "0", near).line == line


def test_near_line_half_way_between_two_occurrences_does_not_choose() -> None:
    with pytest.raises(PlaceAmbiguous):
        edited("x\n\nx\n", "x", "y", 2)


def test_trailing_blanks_do_not_matter_and_stay_in_lines_that_do_not_change() -> None:
    text = "def f():  \n    a = 1\t\n    b = 2\n"
    done = edited(text, "def f():\n    a = 1\n    b = 2\n", "def f():\n    a = 1\n    b = 3\n")
    assert done == Edited("whitespace", 1, "def f():  \n    a = 1\t\n    b = 3\n")


def test_blank_lines_around_the_search_text_do_not_matter() -> None:
    done = edited(
        CART,
        "\n\n    def count(self):\n        return len(self.prices)\n\n\n",
        "    def count(self):\n        return 0\n",
    )
    assert done == Edited("whitespace", 5, CART.replace("len(self.prices)", "0"))


def test_another_indentation_is_found_and_the_replacement_gets_that_of_the_file() -> None:
    done = edited(CART, "def count(self):\n    return len(self.prices)", "def count(self):\n    # all\n    return 0")
    assert done == Edited("indentation", 5, CART.replace("return len(self.prices)", "# all\n        return 0"))


def test_a_deeper_quotation_is_moved_to_the_left() -> None:
    done = edited("if a:\n  b()\n", "    if a:\n      b()\n", "    if a:\n      c()\n")
    assert done == Edited("indentation", 1, "if a:\n  c()\n")


def test_lines_that_differ_in_depth_among_each_other_are_no_match_by_indentation() -> None:
    with pytest.raises(PlaceNotFound):
        edited("if a:\n    b()\nc()\n", "if z:\n    q()\n    r()\n", "x\n")


def test_a_nearly_right_quotation_is_found_by_similarity() -> None:
    done = edited(
        CART, "    def total(self, ):\n        return sum( self.prices )", "    def total(self, ):\n        return 0"
    )
    assert done.how.startswith("fuzzy 0.9")
    assert (done.line, done.text) == (2, CART.replace("sum(self.prices)", "0"))


def test_lines_the_edit_keeps_stay_as_the_file_has_them_not_as_they_were_quoted() -> None:
    text = "alpha = compute(1, 2, 3)  # the first\nbeta = compute(4, 5, 6)\n"
    search = "alpha = compute(1, 2, 3)  # the frist\nbeta = compute(4, 5, 6)\n"
    done = edited(text, search, search.replace("4, 5, 6", "7"))
    assert done.text == "alpha = compute(1, 2, 3)  # the first\nbeta = compute(7)\n"


def test_a_line_that_says_more_than_was_quoted_is_not_overwritten_by_similarity() -> None:
    text = "def f():\n    keep = this_long_line_is_the_same + and_this_as_well\n    total =  price * (1 + tax)\n"
    search = "def f():\n    keep = this_long_line_is_the_same + and_this_as_well\n    total = price\n"
    with pytest.raises(PlaceNotFound):
        edited(text, search, search.replace("total = price", "total = 0"))


def test_two_equally_similar_places_are_refused() -> None:
    text = "value = compute(first, 1)\n" * 2
    with pytest.raises(PlaceAmbiguous, match="at lines 1, 2"):
        edited(text, "value = compute(frist, 1)\n", "x\n")


def test_near_line_chooses_between_similar_places() -> None:
    text = "value = compute(first, 1)\n\n\nvalue = compute(first, 2)\n"
    assert edited(text, "value = compute(frist, 3)\n", "x\n", 4).text == "value = compute(first, 1)\n\n\nx\n"


def test_text_that_is_not_there_is_refused_with_the_most_similar_lines() -> None:
    with pytest.raises(PlaceNotFound) as refusal:
        edited(CART, "    def count(this):\n        return this.number_of_prices()", "x")
    assert "the most similar lines start at line 5, quote them exactly:\n    def count(self):" in str(refusal.value)


@pytest.mark.parametrize("text", ["", "\n", "one\n"])
def test_text_unlike_anything_in_the_file_is_refused(text: str) -> None:
    with pytest.raises(PlaceNotFound, match=r"does not occur in cart\.py"):
        edited(text, "import numpy\nimport pandas", "x")


@pytest.mark.parametrize("search", ["", "  \n\t\n"])
def test_empty_search_text_is_refused(search: str) -> None:
    with pytest.raises(PlaceNotFound, match="is empty"):
        edited(CART, search, "x")


def test_a_file_with_windows_line_ends_keeps_them() -> None:
    text = CART.replace("\n", "\r\n")
    done = edited(
        text, "    def count(self):\n        return len(self.prices)\n", "    def count(self):\n        return 0\n"
    )
    assert done == Edited("exact", 5, text.replace("len(self.prices)", "0"))


def test_windows_line_ends_are_kept_when_the_place_is_found_by_indentation() -> None:
    text = CART.replace("\n", "\r\n")
    done = edited(text, "def count(self):\n    return len(self.prices)", "def count(self):\n    # all\n    return 0")
    assert done.text == text.replace("return len(self.prices)", "# all\r\n        return 0")


def test_a_file_that_does_not_end_in_a_newline_still_does_not() -> None:
    assert edited("a = 1\nb = 2  ", "a = 1\nb = 2\n", "a = 1\nb = 2\nc = 3\n").text == "a = 1\nb = 2  \nc = 3"


def test_lines_can_be_deleted_by_similarity_of_whitespace() -> None:
    assert edited("a\nb \nc\n", "a\nb\n", "").text == "c\n"


def test_form_feeds_do_not_count_as_line_ends() -> None:
    assert edited("a\x0c\nb\nc = 1 \n", "b\nc = 1\n", "b\nc = 2\n").line == 2


def test_a_long_file_is_searched_in_reasonable_time() -> None:
    text = "".join(f"def function_{number}(argument):\n    return argument + {number}\n" for number in range(10_000))
    done = edited(
        text, "def function_7777(arg):\n    return argument + 7777\n", "def function_7777(arg):\n    return 0\n", 15555
    )
    assert done.line == 15555
