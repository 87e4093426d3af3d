"""Programs of dynamic programming and backtracking."""

from programs.program import Program, numbers, word

PROGRAMS = (
    Program(
        "rod_cutting",
        """
        def rod_cutting(prices, length):
            best = [0] * (length + 1)
            for size in range(1, length + 1):
                for cut in range(1, min(size, len(prices)) + 1):
                    best[size] = max(best[size], prices[cut - 1] + best[size - cut])
            return best[length]
        """,
        (([1, 5, 8, 9], 4), ([2], 3), ([1, 5, 8, 9], 0), ([3, 5], 3), ([], 2), ([1, 5, 8, 9, 10, 17, 17, 20], 8)),
        lambda dice: (numbers(dice, 6, 0), dice.randint(0, 8)),
        ("prices[cut - 1] + best[size - cut]", "prices[cut - 1] + best[size - 1]"),
    ),
    Program(
        "fewest_coins",
        """
        def fewest_coins(coins, amount):
            fewest = [0] + [None] * amount
            for total in range(1, amount + 1):
                for coin in coins:
                    if coin <= total and fewest[total - coin] is not None:
                        count = fewest[total - coin] + 1
                        if fewest[total] is None or count < fewest[total]:
                            fewest[total] = count
            return fewest[amount]
        """,
        (([1, 2, 5], 11), ([2], 3), ([1], 0), ([5, 10], 5), ([1, 3, 4], 6), ([7, 3], 13)),
        lambda dice: (sorted(dice.sample(range(1, 9), dice.randint(1, 4))), dice.randint(0, 20)),
        ("fewest[total - coin] is not None", "fewest[total - coin]"),
    ),
    Program(
        "word_break",
        """
        def word_break(text, words):
            reachable = [True] + [False] * len(text)
            for end in range(1, len(text) + 1):
                for word in words:
                    start = end - len(word)
                    if start >= 0 and reachable[start] and text[start:end] == word:
                        reachable[end] = True
            return reachable[-1]
        """,
        (
            ("leetcode", ["leet", "code"]),
            ("applepenapple", ["apple", "pen"]),
            ("catsandog", ["cats", "dog", "sand", "and", "cat"]),
            ("", ["a"]),
            ("ab", ["b"]),
            ("aaa", ["aa"]),
        ),
        lambda dice: (word(dice, "ab", 8), [word(dice, "ab", 3) or "a" for _ in range(dice.randint(1, 3))]),
        ("if start >= 0 and reachable[start] and", "if start >= 0 and"),
    ),
    Program(
        "longest_palindrome",
        """
        def longest_palindrome(text):
            best = ""
            for centre in range(len(text)):
                for right in (centre, centre + 1):
                    left = centre
                    while left >= 0 and right < len(text) and text[left] == text[right]:
                        if right - left + 1 > len(best):
                            best = text[left : right + 1]
                        left -= 1
                        right += 1
            return best
        """,
        (("",), ("a",), ("babad",), ("cbbd",), ("abcba",), ("aacabdkacaa",)),
        lambda dice: (word(dice, "ab", 10),),
        ("while left >= 0 and right", "while left > 0 and right"),
    ),
    Program(
        "grid_paths",
        """
        def grid_paths(grid):
            height, width = len(grid), len(grid[0])
            ways = [[0] * width for _ in range(height)]
            for row in range(height):
                for column in range(width):
                    if grid[row][column] == 1:
                        continue
                    if row == 0 and column == 0:
                        ways[row][column] = 1
                        continue
                    above = ways[row - 1][column] if row > 0 else 0
                    before = ways[row][column - 1] if column > 0 else 0
                    ways[row][column] = above + before
            return ways[height - 1][width - 1]
        """,
        (
            ([[0]],),
            ([[1]],),
            ([[0, 0], [0, 0]],),
            ([[0, 0, 0], [0, 1, 0], [0, 0, 0]],),
            ([[0, 1], [1, 0]],),
            ([[0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]],),
        ),
        lambda dice: (
            [[int(dice.random() < 0.25) for _ in range(width)] for _ in range(dice.randint(1, 4))]
            if (width := dice.randint(1, 4))
            else [],
        ),
        ("if column > 0 else 0", "if column > 1 else 0"),
    ),
    Program(
        "matrix_chain",
        """
        def matrix_chain(sizes):
            count = len(sizes) - 1
            cost = [[0] * count for _ in range(count)]
            for span in range(1, count):
                for first in range(count - span):
                    last = first + span
                    cost[first][last] = min(
                        cost[first][cut] + cost[cut + 1][last] + sizes[first] * sizes[cut + 1] * sizes[last + 1]
                        for cut in range(first, last)
                    )
            return cost[0][count - 1]
        """,
        (([10, 20],), ([10, 30, 5],), ([10, 30, 5, 60],), ([40, 20, 30, 10, 30],), ([1, 2, 3, 4, 5],)),
        lambda dice: ([dice.randint(1, 9) for _ in range(dice.randint(2, 6))],),
        ("sizes[first] * sizes[cut + 1] * sizes[last + 1]", "sizes[first] * sizes[cut] * sizes[last + 1]"),
    ),
    Program(
        "eight_queens",
        """
        def eight_queens(size):
            def place(row, columns, rising, falling):
                if row == size:
                    return 1
                count = 0
                for column in range(size):
                    if column in columns or row + column in rising or row - column in falling:
                        continue
                    count += place(
                        row + 1, columns | {column}, rising | {row + column}, falling | {row - column}
                    )
                return count

            return place(0, frozenset(), frozenset(), frozenset())
        """,
        ((1,), (2,), (4,), (5,), (6,)),
        lambda dice: (dice.randint(0, 6),),
        ("falling | {row - column}", "falling | {row + column}"),
    ),
    Program(
        "combinations_of_sum",
        """
        def combinations_of_sum(numbers, target):
            found = []

            def extend(start, chosen, left):
                if left == 0:
                    found.append(list(chosen))
                    return
                for position in range(start, len(numbers)):
                    number = numbers[position]
                    if number > left:
                        break
                    chosen.append(number)
                    extend(position, chosen, left - number)
                    chosen.pop()

            numbers = sorted(numbers)
            extend(0, [], target)
            return found
        """,
        (([2, 3, 6, 7], 7), ([2, 3, 5], 8), ([2], 1), ([1], 2), ([5, 3], 0), ([4, 2, 8], 8)),
        lambda dice: (dice.sample(range(2, 10), dice.randint(1, 4)), dice.randint(0, 12)),
        ("found.append(list(chosen))", "found.append(chosen)"),
    ),
)
