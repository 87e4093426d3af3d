"""Slips beside what shows how it is meant, and where a loop begins or ends: where their mends are."""

import ast

import pytest

from .offered import is_offered, offered

SLIPS = {
    "a distance with a sign": (
        """
        def near(first, last, most):
            return first.day - last.day <= most
        """,
        "first.day - last.day",
        "abs(first.day - last.day)",
    ),
    "distances that cancel each other out": (
        """
        def distance(ones, others):
            return sum(one - other for one, other in zip(ones, others))
        """,
        "(one - other for",
        "(abs(one - other) for",
    ),
    "a step along the wrong axis": (
        """
        def walked(moves, width):
            across, down = 0, 0
            for move in moves:
                if move == "right":
                    down = min(down + 1, width)
                else:
                    down += 1
            return across, down
        """,
        "down = min(down + 1, width)",
        "across = min(across + 1, width)",
    ),
    "one of two sets that is not narrowed": (
        """
        def counted(rows, wanted, unwanted, allowed):
            return len(rows), check(wanted & allowed, unwanted)
        """,
        "wanted & allowed, unwanted",
        "wanted & allowed, unwanted & allowed",
    ),
    "the smallest of something else": (
        """
        def extent(spots, x):
            high = low = x
            for spot in spots:
                around = (spot - x, spot, spot + x)
                high = max(around)
                low = min(low, x)
            return high, low
        """,
        "min(low, x)",
        "min(around)",
    ),
    "pairs that should be crossed": (
        """
        def turned(one, other):
            return same(one[0], other[0]) and same(one[1], other[1])
        """,
        "same(one[0], other[0]) and same(one[1], other[1])",
        "same(one[0], other[1]) and same(one[1], other[0])",
    ),
    "pairs that should be straight": (
        """
        def equal(one, other):
            return one.row == other.column and one.column == other.row
        """,
        "one.row == other.column and one.column == other.row",
        "one.row == other.row and one.column == other.column",
    ),
    "products across": (
        """
        def area(one, other):
            return one.x * other.x - one.y * other.y
        """,
        "one.x * other.x - one.y * other.y",
        "one.x * other.y - one.y * other.x",
    ),
    "a first item that was paid for": (
        """
        def gained(levels):
            spent = 0
            best = 0
            for level in levels[1:]:
                best = max(best, spent + level)
                spent = max(spent, best - level)
            return best
        """,
        "spent = 0",
        "spent = -levels[0]",
    ),
    "a first item that counts": (
        """
        def lowest(start, levels):
            least = start
            least = 0
            for place in range(1, len(levels)):
                least = min(least, levels[place])
            return least
        """,
        "least = 0",
        "least = levels[0]",
    ),
    "nothing to make more from": (
        """
        def spellings(groups):
            spelled = []
            for group in groups:
                spelled = [start + letter for start in spelled for letter in group]
            return spelled
        """,
        "spelled = []",
        "spelled = ['']",
    ),
    "digits that are not written": (
        """
        def mirrored(ticket):
            if ticket > 9999:
                return None
            return sorted(str(ticket)) == list(reversed(sorted(str(ticket + 1))))
        """,
        "sorted(str(ticket)) ",
        "sorted(str(ticket).zfill(4)) ",
    ),
    "a function that was imported for this": (
        """
        from math import isqrt

        def side(area):
            edge = int(area / 2)
            return edge + 1
        """,
        "int(area / 2)",
        "isqrt(area / 2)",
    ),
    "a rest that is lost at the end": (
        """
        def drained(tanks, size):
            rest = 0
            loads = []
            while tanks:
                amount = rest + (tanks.pop() if tanks else 0)
                loads.append(min(amount, size))
                rest = max(0, amount - size)
            return loads
        """,
        "while tanks:",
        "while tanks or rest:",
    ),
    "an entry that stays after a dead end": (
        """
        def fill(rows, taken):
            if not rows:
                return True
            for seat in rows[0]:
                if seat not in taken:
                    taken[seat] = rows[0]
                    if fill(rows[1:], taken):
                        return True
            return False
        """,
        "                return True\n    return False",
        "                return True\n            del taken[seat]\n    return False",
    ),
    "one place asked for all": (
        """
        def added(shelf, book):
            if book != shelf[-1]:
                return shelf + [book]
            return shelf
        """,
        "book != shelf[-1]",
        "book not in shelf",
    ),
}
AMONG = 60


@pytest.mark.parametrize("slip", SLIPS)
def test_the_mend_of_such_a_slip_is_among_the_first(slip: str) -> None:
    assert is_offered(*SLIPS[slip], AMONG)


UNTOUCHED = {
    "the sign of what is compared with nothing": ("def f(a, b):\n    return a - b > 0\n", "abs(a - b)"),
    "a number that no width goes with": ("def f(n):\n    return sorted(str(n))\n", "zfill"),
    "a rest that is given back": (
        "def f(a):\n    rest = 0\n    while a:\n        rest = rest + a.pop()\n    return rest\n",
        "a or rest",
    ),
    "pairs of different things": (
        "def f(a, b, c, d):\n    return g(a.x, b.x) and g(c.y, d.y)\n",
        "g(a.x, d.y) and g(c.y, b.x)",
    ),
}


@pytest.mark.parametrize("case", UNTOUCHED)
def test_nothing_is_offered_where_the_code_does_not_speak_for_it(case: str) -> None:
    text, never = UNTOUCHED[case]
    assert not [each for each in map(ast.unparse, offered(text, AMONG)) if never in each]
