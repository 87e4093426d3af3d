"""Names that a function forgets, and changes of one place by another name: where the mends are."""

import pytest

from .offered import is_offered

SLIPS = {
    "a count that nothing reads": (
        """
        def halved(number):
            times = 0
            while number % 2 == 0:
                number //= 2
                times += 1
            return number
        """,
        "return number",
        "return number << times",
        60,
    ),
    "a place that never moves": (
        """
        def merged(left, right):
            one = other = 0
            found = []
            while one < len(left) and other < len(right):
                if left[one] <= right[other]:
                    found.append(left[one])
                    one += 1
                else:
                    found.append(right[other])
                    one += 1
            return found
        """,
        "found.append(right[other])\n            one += 1",
        "found.append(right[other])\n            other += 1",
        60,
    ),
    "an item made of another": (
        """
        def ways(edges, start):
            number = {start: 1}
            for here, there in edges:
                number.setdefault(there, 0)
                if number[here]:
                    number[there] += 1
            return number
        """,
        "number[there] += 1",
        "number[there] += number[here]",
        40,
    ),
    "two names in each other's place": (
        """
        def even(low, high):
            return low * (2 * low - high)
        """,
        "2 * low - high",
        "2 * high - low",
        40,
    ),
    "what is never marked as seen": (
        """
        def rounds(number):
            seen = set()
            while number not in seen:
                number = number * 2 % 7
            return number
        """,
        "number = number * 2 % 7",
        "seen.add(number)\n        number = number * 2 % 7",
        40,
    ),
    "the end instead of the front": (
        """
        def used(names, name):
            names.remove(name)
            names.append(name)
            return names
        """,
        "names.append(name)",
        "names.insert(0, name)",
        40,
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_the_mend_is_among_the_first(slip: str) -> None:
    assert is_offered(*SLIPS[slip])
