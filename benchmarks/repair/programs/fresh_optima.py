"""Fresh programs of dynamic programming: written by somebody who had not read the templates."""

from programs.program import Program, numbers, word

PROGRAMS = (
    Program(
        "decode_ways",
        """
        def decode_ways(digits):
            \"\"\"In how many ways digits can be read as letters, 1 for A to 26 for Z.\"\"\"
            ways = [1] + [0] * len(digits)
            for i in range(1, len(digits) + 1):
                if digits[i - 1] != "0":
                    ways[i] += ways[i - 1]
                if i > 1 and "10" <= digits[i - 2 : i] <= "26":
                    ways[i] += ways[i - 2]
            return ways[-1]
        """,
        (
            ("",),
            ("7",),
            ("0",),
            ("12",),
            ("226",),
            ("2101",),
            ("11106",),
            ("3030",),
        ),
        lambda dice: (word(dice, "012267", 8),),
        ("ways[i] += ways[i - 2]", "ways[i] += ways[i - 1]"),
    ),
    Program(
        "distinct_subsequences",
        """
        def distinct_subsequences(text, target):
            \"\"\"In how many ways the target is left when letters of the text are crossed out.\"\"\"
            ways = [1] + [0] * len(target)
            for letter in text:
                for j in range(len(target), 0, -1):
                    if target[j - 1] == letter:
                        ways[j] += ways[j - 1]
            return ways[len(target)]
        """,
        (
            ("", ""),
            ("abc", ""),
            ("", "a"),
            ("abc", "ac"),
            ("banana", "ban"),
            ("rabbbit", "rabbit"),
            ("aaaa", "aa"),
            ("ab", "ba"),
        ),
        lambda dice: (word(dice, "ab", 8), word(dice, "ab", 3)),
        ("range(len(target), 0, -1)", "range(1, len(target) + 1)"),
    ),
    Program(
        "minimum_jumps",
        """
        def minimum_jumps(steps):
            \"\"\"The fewest jumps to the last place, each at most as long as its place says, or None.\"\"\"
            jumps = 0
            edge = 0
            farthest = 0
            for at in range(len(steps) - 1):
                farthest = max(farthest, at + steps[at])
                if at == edge:
                    if farthest == at:
                        return None
                    jumps += 1
                    edge = farthest
            return jumps
        """,
        (
            ([0],),
            ([1, 0],),
            ([2, 3, 1, 1, 4],),
            ([1, 1, 1, 1],),
            ([3, 2, 1, 0, 4],),
            ([2, 1],),
            ([1, 2, 0, 0],),
            ([0, 1],),
        ),
        lambda dice: (numbers(dice, 8, 0, 3),),
        ("range(len(steps) - 1)", "range(len(steps))"),
    ),
    Program(
        "shortest_supersequence",
        """
        def shortest_supersequence(a, b):
            \"\"\"The shortest text in which both texts can be read from left to right.\"\"\"
            if not a or not b:
                return a + b
            if a[0] == b[0]:
                return a[0] + shortest_supersequence(a[1:], b[1:])
            first = a[0] + shortest_supersequence(a[1:], b)
            second = b[0] + shortest_supersequence(a, b[1:])
            return first if len(first) <= len(second) else second
        """,
        (
            ("", ""),
            ("ab", ""),
            ("ab", "cd"),
            ("abc", "abc"),
            ("abac", "cab"),
            ("geek", "eke"),
            ("xy", "yx"),
        ),
        lambda dice: (word(dice, "abcd", 6), word(dice, "abcd", 6)),
        ("(a[1:], b[1:])", "(a[1:], b)"),
    ),
    Program(
        "optimal_search_tree",
        """
        def tree_cost(weights, low, high):
            if low >= high:
                return 0
            below = min(
                tree_cost(weights, low, root) + tree_cost(weights, root + 1, high)
                for root in range(low, high)
            )
            return below + sum(weights[low:high])


        def optimal_search_tree(weights):
            \"\"\"The least sum of weight times depth over all search trees on these keys; the root has depth 1.\"\"\"
            return tree_cost(weights, 0, len(weights))
        """,
        (
            ([],),
            ([5],),
            ([1, 2],),
            ([34, 8, 50],),
            ([1, 1, 1, 1, 1],),
            ([9, 1, 1, 1],),
            ([4, 2, 6, 3],),
        ),
        lambda dice: (numbers(dice, 6, 1, 20),),
        ("sum(weights[low:high])", "sum(weights[low:])"),
    ),
    Program(
        "wiggle_length",
        """
        def wiggle_length(values):
            \"\"\"The longest subsequence that goes up and down by turns.\"\"\"
            if not values:
                return 0
            up = 1
            down = 1
            for before, after in zip(values, values[1:]):
                if after > before:
                    up = down + 1
                elif after < before:
                    down = up + 1
            return max(up, down)
        """,
        (
            ([],),
            ([3],),
            ([2, 2],),
            ([1, 2],),
            ([1, 7, 4, 9, 2, 5],),
            ([1, 17, 5, 10, 13, 15, 10, 5, 16, 8],),
            ([1, 2, 3, 4],),
            ([9, 4, 6],),
        ),
        lambda dice: (numbers(dice),),
        ("up = down + 1", "up = up + 1"),
    ),
    Program(
        "palindrome_count",
        """
        def palindrome_count(text):
            \"\"\"How many substrings read the same backwards.\"\"\"
            count = 0
            for center in range(len(text)):
                for left, right in ((center, center), (center, center + 1)):
                    while left >= 0 and right < len(text) and text[left] == text[right]:
                        count += 1
                        left -= 1
                        right += 1
            return count
        """,
        (
            ("",),
            ("a",),
            ("abc",),
            ("aa",),
            ("aba",),
            ("abba",),
            ("abacaba",),
        ),
        lambda dice: (word(dice, "ab"),),
        ("(center, center + 1)", "(center - 1, center + 1)"),
    ),
)
