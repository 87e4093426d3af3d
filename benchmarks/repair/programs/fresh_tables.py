"""Fresh programs about values that are kept in tables: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program, numbers


def minima(dice: random.Random) -> Any:
    values = [dice.randint(-9, 20) for _ in range(dice.randint(1, 10))]
    queries = []
    for _ in range(dice.randint(1, 5)):
        first, last = sorted((dice.randrange(len(values)), dice.randrange(len(values))))
        queries.append((first, last))
    return (values, queries)


def matrix(dice: random.Random) -> Any:
    size = dice.randint(1, 5)
    return ([[int(dice.random() < 0.3) for _ in range(size)] for _ in range(size)],)


PROGRAMS = (
    Program(
        "transitive_closure",
        """
        def transitive_closure(adj):
            n = len(adj)
            reach = [row[:] for row in adj]
            for k in range(n):
                for i in range(n):
                    for j in range(n):
                        reach[i][j] = reach[i][j] or (reach[i][k] and reach[k][j])
            return reach
        """,
        (
            ([],),
            ([[0]],),
            ([[0, 1], [0, 0]],),
            ([[0, 1, 0], [0, 0, 1], [0, 0, 0]],),
            ([[0, 0, 1], [1, 0, 0], [0, 1, 0]],),
            ([[0, 0, 0, 1], [0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],),
            ([[1, 0], [0, 1]],),
        ),
        matrix,
        ("(reach[i][k] and reach[k][j])", "(reach[i][k] and reach[j][k])"),
    ),
    Program(
        "max_product",
        """
        def max_product(nums):
            \"\"\"Largest product of a run of neighbouring numbers.\"\"\"
            best = high = low = nums[0]
            for x in nums[1:]:
                choices = (x, high * x, low * x)
                high = max(choices)
                low = min(choices)
                best = max(best, high)
            return best
        """,
        (
            ([2, 3, -2, 4],),
            ([-2, 0, -1],),
            ([-2],),
            ([-2, 3, -4],),
            ([0, 2],),
            ([2, -5, -2, -4, 3],),
            ([-1, -1, -1],),
            ([3, -1, 4],),
        ),
        lambda dice: ([dice.randint(-4, 5) for _ in range(dice.randint(1, 8))],),
        ("low = min(choices)", "low = min(low, x)"),
    ),
    Program(
        "stock_profit",
        """
        def stock_profit(prices, fee):
            \"\"\"Best profit from buying and selling one share any number of times, each sale costing a fee.\"\"\"
            if not prices:
                return 0
            cash = 0
            hold = -prices[0]
            for price in prices[1:]:
                cash = max(cash, hold + price - fee)
                hold = max(hold, cash - price)
            return cash
        """,
        (
            ([], 1),
            ([5], 0),
            ([1, 3, 2, 8, 4, 9], 2),
            ([1, 3, 7, 5, 10, 3], 3),
            ([9, 8, 7, 1], 0),
            ([1, 2, 3], 5),
            ([4, 1, 6, 1, 6], 1),
        ),
        lambda dice: (numbers(dice, 8, 1, 12), dice.randint(0, 3)),
        ("hold = -prices[0]", "hold = 0"),
    ),
    Program(
        "circular_robber",
        """
        def rob_row(houses):
            before, last = 0, 0
            for money in houses:
                before, last = last, max(last, before + money)
            return last


        def circular_robber(houses):
            \"\"\"Most money from a ring of houses when no two neighbours may be robbed.\"\"\"
            if len(houses) == 1:
                return houses[0]
            return max(rob_row(houses[1:]), rob_row(houses[:-1]))
        """,
        (
            ([],),
            ([5],),
            ([2, 3],),
            ([3, 2],),
            ([2, 3, 2],),
            ([1, 2, 3, 1],),
            ([9, 1, 1, 9],),
            ([4, 1, 2, 7, 5, 3, 1],),
            ([1, 2, 8, 1, 9, 3, 7],),
        ),
        lambda dice: (numbers(dice, 9, 0, 12),),
        ("rob_row(houses[1:])", "rob_row(houses[2:])"),
    ),
    Program(
        "longest_bitonic",
        """
        def longest_bitonic(a):
            \"\"\"Length of the longest subsequence that first rises and then falls.\"\"\"
            n = len(a)
            up = [1] * n
            down = [1] * n
            for i in range(n):
                for j in range(i):
                    if a[j] < a[i]:
                        up[i] = max(up[i], up[j] + 1)
            for i in range(n - 1, -1, -1):
                for j in range(i + 1, n):
                    if a[j] < a[i]:
                        down[i] = max(down[i], down[j] + 1)
            return max((up[i] + down[i] - 1 for i in range(n)), default=0)
        """,
        (
            ([],),
            ([1],),
            ([1, 2, 3],),
            ([3, 2, 1],),
            ([1, 11, 2, 10, 4, 5, 2, 1],),
            ([2, 2, 2],),
            ([12, 4, 78, 90, 45, 23],),
            ([0, 8, 4, 12, 2, 10, 6, 14, 1, 9],),
        ),
        lambda dice: (numbers(dice),),
        ("down[i] = max(down[i], down[j] + 1)", "down[i] = max(up[i], down[j] + 1)"),
    ),
    Program(
        "range_minima",
        """
        def range_minima(values, queries):
            \"\"\"The minimum of values[first..last] for each query, from a sparse table.\"\"\"
            n = len(values)
            table = [list(values)]
            width = 1
            while 2 * width <= n:
                row = table[-1]
                table.append([min(row[i], row[i + width]) for i in range(n - 2 * width + 1)])
                width *= 2
            answers = []
            for first, last in queries:
                level = (last - first + 1).bit_length() - 1
                row = table[level]
                answers.append(min(row[first], row[last - (1 << level) + 1]))
            return answers
        """,
        (
            ([5], [(0, 0)]),
            ([3, 1, 2], [(0, 2), (0, 0), (2, 2), (1, 2)]),
            ([7, 2, 3, 0, 5, 10, 3, 12, 18], [(0, 4), (4, 7), (7, 8)]),
            ([1, 2, 3, 4], [(1, 3), (2, 3), (0, 3)]),
            ([4, 3, 2, 1], [(0, 2), (1, 2), (0, 3)]),
            ([-1, -5, 6], []),
        ),
        minima,
        ("row[last - (1 << level) + 1]", "row[last - (1 << level)]"),
    ),
)
