"""Slips that the code around them shows, sides, signs, ends and directions: where their mends are."""

import ast

import pytest

from .offered import is_offered, offered

SLIPS = {
    "shifts that reach over a sum": (
        """
        def packed(red, green, blue):
            return red << 16 + green << 8 + blue
        """,
        "red << 16 + green << 8 + blue",
        "(red << 16) + (green << 8) + blue",
    ),
    "a mask that takes in a sum": (
        """
        def odd_ones(numbers, first):
            total = 0
            for number in numbers:
                total = first + total + number & 1
            return total
        """,
        "first + total + number & 1",
        "first + total + (number & 1)",
    ),
    "sums that are factors": (
        """
        def area(left, right, margin, height):
            return left + right + margin * height
        """,
        "left + right + margin * height",
        "(left + right + margin) * height",
    ),
    "more than is left": (
        """
        def portions(stock, size):
            found = []
            while stock > 0:
                taken = size
                found.append(taken)
                stock = stock - taken
            return found
        """,
        "taken = size",
        "taken = min(stock, size)",
    ),
    "what is good for the other player": (
        """
        def value(heap):
            best = -1
            for taken in (1, 2):
                if taken <= heap:
                    best = max(best, value(heap - taken))
            return best
        """,
        "max(best, value(heap - taken))",
        "max(best, -value(heap - taken))",
    ),
    "a turn that is a reflection": (
        """
        def turned(times):
            across, down = 1, 0
            for _ in range(times):
                across, down = down, across
            return across, down
        """,
        "across, down = down, across",
        "across, down = down, -across",
    ),
    "a sum of differences with a sign": (
        """
        def surplus(pairs):
            total = 0
            for one, other in pairs:
                total += one - other
            return total / 2
        """,
        "return total / 2",
        "return abs(total) / 2",
    ),
    "a link that is asked in one direction only": (
        """
        def matched(pairs):
            husband, wife = {}, {}
            for man, woman in pairs:
                if wife.get(man, woman) != woman:
                    return False
                wife[man] = woman
                husband[woman] = man
            return True
        """,
        "wife.get(man, woman) != woman",
        "wife.get(man, woman) != woman or husband.get(woman, man) != man",
    ),
    "a link that is kept in one direction only": (
        """
        def matched(pairs):
            husband, wife = {}, {}
            for man, woman in pairs:
                if wife.get(man, woman) != woman or husband.get(woman, man) != man:
                    return False
                wife[man] = woman
            return True
        """,
        "        wife[man] = woman\n",
        "        wife[man] = woman\n        husband[woman] = man\n",
    ),
    "what held before and is forgotten": (
        """
        def rising(values, place, so_far):
            if place == len(values):
                return so_far
            return rising(values, place + 1, values[place] > values[place - 1])
        """,
        "values[place] > values[place - 1]",
        "so_far and values[place] > values[place - 1]",
    ),
    "a way of which the last step is left": (
        """
        def walks(near, way, goal):
            here = way[-1]
            if here == goal:
                return [way]
            return [walk for there in near[here] for walk in walks(near, [here, there], goal)]
        """,
        "[here, there]",
        "[*way, there]",
    ),
    "each with itself": (
        """
        def nearest(spots):
            return [min(abs(one - two) for j, two in enumerate(spots)) for i, one in enumerate(spots)]
        """,
        "for j, two in enumerate(spots)",
        "for j, two in enumerate(spots) if j != i",
    ),
    "a table that takes an item twice": (
        """
        def ways(coins, total):
            found = [1] + [0] * total
            for coin in coins:
                for place in range(coin, total + 1):
                    found[place] += found[place - coin]
            return found[total]
        """,
        "range(coin, total + 1)",
        "reversed(range(coin, total + 1))",
    ),
    "a table that takes an item once": (
        """
        def ways(coins, total):
            found = [1] + [0] * total
            for coin in coins:
                for place in reversed(range(coin, total + 1)):
                    found[place] += found[place - coin]
            return found[total]
        """,
        "reversed(range(coin, total + 1))",
        "range(coin, total + 1)",
    ),
    "places for what stands at them": (
        """
        def picked(text, order):
            letters = []
            for place in range(len(order)):
                letters.append(text[place])
            return letters
        """,
        "range(len(order))",
        "order",
    ),
    "what stands at places for them": (
        """
        def doubled(values):
            for place in values:
                values[place] = 2 * values[place]
            return values
        """,
        "in values:",
        "in range(len(values)):",
    ),
    "the wrong end of a stack": (
        """
        def closed(text):
            opened, pairs = [], []
            for place, sign in enumerate(text):
                if sign == "(":
                    opened.append(place)
                else:
                    pairs.append((opened.pop(0), place))
            return pairs
        """,
        "opened.pop(0)",
        "opened.pop()",
    ),
    "the wrong end of a queue": (
        """
        from collections import deque

        def nearest(near, start):
            queue = deque([start])
            order = []
            while queue:
                here, free = queue.popleft()
                order.append(here)
                for there, costs in near[here]:
                    if costs:
                        queue.append((there, False))
                    else:
                        queue.append((there, True))
            return order
        """,
        "queue.append((there, True))",
        "queue.appendleft((there, True))",
    ),
    "a call that is put off by a word": (
        """
        def either(words):
            found = one(words)
            while words:
                found = found or one(words)
            return found

        def one(words):
            return words.pop(0) == "yes"
        """,
        "found or one(words)",
        "one(words) or found",
    ),
    "letters that are joined as they are": (
        """
        def same_letters(one, other):
            return "".join(one) == "".join(sorted(other))
        """,
        '"".join(one)',
        '"".join(sorted(one))',
    ),
    "a root that is rounded down": (
        """
        from math import isqrt

        def block(values):
            size = isqrt(len(values))
            return [values[at : at + size] for at in range(0, len(values), size)]
        """,
        "isqrt(len(values))",
        "isqrt(len(values)) + 1",
    ),
    "a term that stands beside the same elsewhere": (
        """
        class Part:
            def least(self):
                return self.delay + min(part.least() for part in self.parts)

            def refresh(self):
                self.known = min(part.known for part in self.parts)
        """,
        "min(part.known for part in self.parts)",
        "self.delay + min(part.known for part in self.parts)",
    ),
}
AMONG = 60


@pytest.mark.parametrize("slip", SLIPS)
def test_the_mend_of_such_a_slip_is_among_the_first(slip: str) -> None:
    assert is_offered(*SLIPS[slip], AMONG)


UNTOUCHED = {
    "a sum in which nothing is shifted": ("def f(a, b, c):\n    return a + b + c\n", "<<"),
    "a loop whose items are not looked up": (
        "def f(order, out):\n    for each in order:\n        out.append(each)\n",
        "range(len(order))",
    ),
    "a table that is made of another": (
        "def f(a, b, n):\n    for i in range(n):\n        a[i] = b[i + 1]\n    return a\n",
        "reversed(range(n))",
    ),
    "a comprehension that uses all it names": (
        "def f(rows, a):\n    return [x + i for i, x in enumerate(rows)]\n",
        "if i != a",
    ),
}


@pytest.mark.parametrize("case", UNTOUCHED)
def test_nothing_is_offered_where_the_code_does_not_speak_for_it(case: str) -> None:
    text, never = UNTOUCHED[case]
    assert not [each for each in map(ast.unparse, offered(text, AMONG)) if never in each]
