"""Two pieces of code that say the same have one normal form."""

import pytest

from loopcutter_loopguard.normal_form import differs_in_meaning, likeness, normal_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x += 1", "x = x + 1"),
        ("return a + b", "return (b+a)  # sum"),
        ("t = f(x)\nreturn t", "return f(x)"),
        ("if a > b:\n    return 1", "if b < a:\n\n        print('here')\n        return 2"),
        ("def f(a: int) -> int:\n    '''Doc.'''\n    return a * 2", "def f(a):\n    return 2 * a"),
        ("for p, q in items:\n    s = s + p * q", "for price, count in items:\n    total = total + count * price"),
        ('x = "a"', "x = 'a'"),
        ("raise ValueError('no')", "raise ValueError('never')"),
    ],
)
def test_dress_makes_no_difference_in_python(one: str, other: str) -> None:
    assert normal_form(one, "a.py") == normal_form(other, "a.py")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("return a - b", "return a + b"),
        ("return a - b", "return b - a"),
        ("return (a + b) * c", "return a + b * c"),
        ("return self.price", "return self.count"),
        ("if x:\n    y()", "if not x:\n    y()"),
        ("f(a, b)", "f(b, a)"),
        ("x = d['a']", "x = d['b']"),
    ],
)
def test_meaning_makes_a_difference_in_python(one: str, other: str) -> None:
    assert normal_form(one, "a.py") != normal_form(other, "a.py")


def test_other_languages_are_compared_by_their_words() -> None:
    assert normal_form("int x = 3; // three", "a.c") == normal_form("int  x = 4;", "a.c")
    assert normal_form("x = a - b;", "a.c") != normal_form("x = a + b;", "a.c")


def test_an_exchanged_operator_is_another_idea_however_alike() -> None:
    one, other = normal_form("return a - b", "a.py"), normal_form("return a + b", "a.py")
    assert likeness(one, other) > 0.7
    assert differs_in_meaning(one, other)


def test_code_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    assert normal_form("def f(:\n  return ((", "a.py")
    assert normal_form("\x00\ud800(", "a.py") is not None
