"""Fresh programs that sort and look up: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program, numbers


def sorted_numbers(dice: random.Random) -> list[int]:
    return sorted(numbers(dice, 10, -20, 20))


def lookup(dice: random.Random) -> Any:
    values = sorted_numbers(dice)
    wanted = dice.choice(values) if values and dice.random() < 0.7 else dice.randint(-20, 20)
    return (values, wanted)


PROGRAMS = (
    Program(
        "comb_sort",
        """
        def comb_sort(arr):
            arr = list(arr)
            gap = len(arr)
            swapped = True
            while gap > 1 or swapped:
                gap = max(1, gap * 10 // 13)
                swapped = False
                for i in range(len(arr) - gap):
                    if arr[i] > arr[i + gap]:
                        arr[i], arr[i + gap] = arr[i + gap], arr[i]
                        swapped = True
            return arr
        """,
        (
            ([],),
            ([7],),
            ([2, 1],),
            ([1, 2, 3, 4],),
            ([4, 3, 2, 1],),
            ([5, 1, 4, 2, 8, 0, 2],),
            ([1, 2, 4, 3, 5, 6, 7, 8],),
            ([0, -3, 9, 9, -3, 1],),
        ),
        lambda dice: (numbers(dice, 10),),
        ("gap > 1 or swapped", "gap > 1 and swapped"),
    ),
    Program(
        "cocktail_sort",
        """
        def cocktail_sort(arr):
            \"\"\"Bubble sort that goes to and fro.\"\"\"
            arr = list(arr)
            low = 0
            high = len(arr) - 1
            while low < high:
                for i in range(low, high):
                    if arr[i] > arr[i + 1]:
                        arr[i], arr[i + 1] = arr[i + 1], arr[i]
                high -= 1
                for i in range(high, low, -1):
                    if arr[i - 1] > arr[i]:
                        arr[i - 1], arr[i] = arr[i], arr[i - 1]
                low += 1
            return arr
        """,
        (
            ([],),
            ([3],),
            ([2, 1],),
            ([3, 1, 2],),
            ([1, 2, 3, 4, 5],),
            ([5, 4, 3, 2, 1],),
            ([2, 3, 4, 5, 1],),
            ([6, -2, 6, 0, 3, -7],),
        ),
        lambda dice: (numbers(dice),),
        ("range(high, low, -1)", "range(high, low + 1, -1)"),
    ),
    Program(
        "counting_sort",
        """
        def counting_sort(values):
            if not values:
                return []
            low = min(values)
            high = max(values)
            counts = [0] * (high - low + 1)
            for value in values:
                counts[value - low] += 1
            result = []
            for value in range(low, high + 1):
                result.extend([value] * counts[value - low])
            return result
        """,
        (
            ([],),
            ([0],),
            ([0, 1, 2],),
            ([3, 1, 2],),
            ([4, 4, 1, 4],),
            ([-2, 5, 0, -2],),
            ([9, 8, 7, 0],),
        ),
        lambda dice: (numbers(dice),),
        ("counts[value - low])", "counts[value])"),
    ),
    Program(
        "gnome_sort",
        """
        def gnome_sort(arr):
            arr = list(arr)
            at = 0
            while at < len(arr):
                if at == 0 or arr[at - 1] <= arr[at]:
                    at += 1
                else:
                    arr[at - 1], arr[at] = arr[at], arr[at - 1]
                    at -= 1
            return arr
        """,
        (
            ([],),
            ([1],),
            ([1, 1],),
            ([2, 1],),
            ([1, 2, 3],),
            ([3, 1, 2],),
            ([4, 0, -5, 4, 2],),
        ),
        lambda dice: (numbers(dice),),
        ("if at == 0 or arr[at - 1] <= arr[at]:", "if arr[at - 1] <= arr[at]:"),
    ),
    Program(
        "interpolation_search",
        """
        def interpolation_search(values, wanted):
            \"\"\"Where the wanted number stands among sorted values, or -1.\"\"\"
            low = 0
            high = len(values) - 1
            while low <= high and values[low] <= wanted <= values[high]:
                if values[low] == values[high]:
                    return low
                span = values[high] - values[low]
                at = low + (wanted - values[low]) * (high - low) // span
                if values[at] == wanted:
                    return at
                if values[at] < wanted:
                    low = at + 1
                else:
                    high = at - 1
            return -1
        """,
        (
            ([], 1),
            ([5], 5),
            ([5], 6),
            ([1, 2, 3, 4, 5], 4),
            ([1, 3, 9, 27, 81], 9),
            ([1, 3, 9, 27, 81], 80),
            ([-10, -8, 0, 1, 2, 3, 90], 3),
            ([0, 10, 20, 30], 0),
        ),
        lookup,
        ("at = low + (wanted - values[low])", "at = (wanted - values[low])"),
    ),
    Program(
        "intersect_sorted",
        """
        def intersect_sorted(first, second):
            \"\"\"What two sorted lists have in common, as often as both have it.\"\"\"
            common = []
            i = j = 0
            while i < len(first) and j < len(second):
                if first[i] < second[j]:
                    i += 1
                elif first[i] > second[j]:
                    j += 1
                else:
                    common.append(first[i])
                    i += 1
                    j += 1
            return common
        """,
        (
            ([], []),
            ([1, 2], []),
            ([1, 2, 3], [2, 3, 4]),
            ([1, 3, 5], [2, 4, 6]),
            ([1, 1, 2], [1, 2, 2]),
            ([2, 2, 2], [2, 2]),
            ([-1, 0, 7], [-1, 0, 7]),
        ),
        lambda dice: (sorted(numbers(dice, 8, 0, 6)), sorted(numbers(dice, 8, 0, 6))),
        ("            i += 1\n            j += 1\n", "            i += 1\n"),
    ),
)
