"""Programs that look for something in sequences."""

from programs.program import Program, numbers, word

PROGRAMS = (
    Program(
        "search_rotated",
        """
        def search_rotated(values, wanted):
            low, high = 0, len(values) - 1
            while low <= high:
                middle = (low + high) // 2
                if values[middle] == wanted:
                    return middle
                if values[low] <= values[middle]:
                    if values[low] <= wanted < values[middle]:
                        high = middle - 1
                    else:
                        low = middle + 1
                elif values[middle] < wanted <= values[high]:
                    low = middle + 1
                else:
                    high = middle - 1
            return -1
        """,
        (
            ([4, 5, 6, 7, 0, 1, 2], 0),
            ([4, 5, 6, 7, 0, 1, 2], 3),
            ([1], 1),
            ([], 5),
            ([3, 1], 1),
            ([5, 1, 2, 3, 4], 5),
            ([2, 3, 4, 5, 1], 3),
        ),
        lambda dice: (
            (values := sorted(dice.sample(range(12), dice.randint(1, 7))))[(cut := dice.randrange(len(values))) :]
            + values[:cut],
            dice.randrange(12),
        ),
        ("if values[low] <= values[middle]:", "if values[low] < values[middle]:"),
    ),
    Program(
        "peak_index",
        """
        def peak_index(values):
            low, high = 0, len(values) - 1
            while low < high:
                middle = (low + high) // 2
                if values[middle] < values[middle + 1]:
                    low = middle + 1
                else:
                    high = middle
            return low
        """,
        (([0, 1, 0],), ([0, 2, 1, 0],), ([3],), ([1, 2, 3, 4, 2],), ([9, 8, 7],), ([1, 5],)),
        lambda dice: (
            sorted(dice.sample(range(20), dice.randint(1, 5)))
            + sorted(dice.sample(range(-9, 0), dice.randint(0, 5)), reverse=True),
        ),
        ("low = middle + 1", "low = middle"),
    ),
    Program(
        "two_sum_sorted",
        """
        def two_sum_sorted(values, target):
            left, right = 0, len(values) - 1
            while left < right:
                total = values[left] + values[right]
                if total == target:
                    return [left, right]
                if total < target:
                    left += 1
                else:
                    right -= 1
            return []
        """,
        (([1, 2, 4, 7], 6), ([1, 2], 3), ([1, 2, 3], 9), ([], 0), ([-2, 0, 5, 8], 6), ([3], 6)),
        lambda dice: (sorted(numbers(dice)), dice.randint(-9, 18)),
        ("while left < right", "while left <= right"),
    ),
    Program(
        "find_pattern",
        """
        def failure_table(pattern):
            table = [0] * len(pattern)
            length = 0
            for position in range(1, len(pattern)):
                while length and pattern[position] != pattern[length]:
                    length = table[length - 1]
                if pattern[position] == pattern[length]:
                    length += 1
                table[position] = length
            return table


        def find_pattern(text, pattern):
            found = []
            table = failure_table(pattern)
            matched = 0
            for position, letter in enumerate(text):
                while matched and letter != pattern[matched]:
                    matched = table[matched - 1]
                if letter == pattern[matched]:
                    matched += 1
                if matched == len(pattern):
                    found.append(position - matched + 1)
                    matched = table[matched - 1]
            return found
        """,
        (("ababab", "ab"), ("aaaa", "aa"), ("abc", "d"), ("", "a"), ("abcabcabd", "abcabd"), ("aabaaabaa", "aabaa")),
        lambda dice: (word(dice, "ab", 14), "a" + word(dice, "ab", 3)),
        (
            "found.append(position - matched + 1)\n            matched = table[matched - 1]",
            "found.append(position - matched + 1)\n            matched = 0",
        ),
    ),
    Program(
        "longest_unique",
        """
        def longest_unique(text):
            seen = {}
            start = best = 0
            for position, letter in enumerate(text):
                if letter in seen and seen[letter] >= start:
                    start = seen[letter] + 1
                seen[letter] = position
                best = max(best, position - start + 1)
            return best
        """,
        (("",), ("a",), ("abcabcbb",), ("bbbb",), ("pwwkew",), ("abba",), ("tmmzuxt",)),
        lambda dice: (word(dice, "abcd", 12),),
        ("if letter in seen and seen[letter] >= start:", "if letter in seen:"),
    ),
    Program(
        "window_maxima",
        """
        from collections import deque


        def window_maxima(values, width):
            waiting = deque()
            maxima = []
            for position, value in enumerate(values):
                while waiting and values[waiting[-1]] <= value:
                    waiting.pop()
                waiting.append(position)
                if waiting[0] <= position - width:
                    waiting.popleft()
                if position >= width - 1:
                    maxima.append(values[waiting[0]])
            return maxima
        """,
        (([1, 3, -1, -3, 5, 3, 6, 7], 3), ([1], 1), ([4, 3, 2, 1], 2), ([1, 2, 3], 3), ([], 2), ([9, 1, 1, 1], 2)),
        lambda dice: (numbers(dice, 12), dice.randint(1, 4)),
        ("if waiting[0] <= position - width:", "if waiting[0] < position - width:"),
    ),
    Program(
        "trapped_water",
        """
        def trapped_water(heights):
            left, right = 0, len(heights) - 1
            left_most = right_most = water = 0
            while left < right:
                if heights[left] <= heights[right]:
                    left_most = max(left_most, heights[left])
                    water += left_most - heights[left]
                    left += 1
                else:
                    right_most = max(right_most, heights[right])
                    water += right_most - heights[right]
                    right -= 1
            return water
        """,
        (([],), ([2],), ([3, 0, 2],), ([0, 1, 0, 2, 1, 0, 1, 3, 2, 1, 2, 1],), ([4, 2, 0, 3, 2, 5],), ([5, 4, 1, 2],)),
        lambda dice: (numbers(dice, 10, 0, 6),),
        ("water += right_most - heights[right]", "water += left_most - heights[right]"),
    ),
    Program(
        "majority",
        """
        def majority(values):
            candidate, lead = None, 0
            for value in values:
                if lead == 0:
                    candidate = value
                lead += 1 if value == candidate else -1
            if values.count(candidate) > len(values) // 2:
                return candidate
            return None
        """,
        (([],), ([1],), ([2, 2, 1, 1, 2],), ([1, 2],), ([3, 3, 4],), ([1, 2, 3, 3, 3, 3],), ([1, 1, 2, 3],)),
        lambda dice: (numbers(dice, 9, 0, 2),),
        ("> len(values) // 2", ">= len(values) // 2"),
    ),
)
