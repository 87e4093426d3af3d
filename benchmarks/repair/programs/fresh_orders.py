"""Fresh programs about what is put in order: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program, numbers


def sorted_grid(dice: random.Random) -> Any:
    rows, cols = dice.randint(1, 4), dice.randint(1, 4)
    grid = [[0] * cols for _ in range(rows)]
    for r in range(rows):
        for c in range(cols):
            low = max(grid[r - 1][c] if r else 0, grid[r][c - 1] if c else 0)
            grid[r][c] = low + dice.randint(1, 3)
    wanted = dice.choice(dice.choice(grid)) if dice.random() < 0.7 else dice.randint(0, 20)
    return (grid, wanted)


def activities(dice: random.Random) -> Any:
    starts = [dice.randint(0, 12) for _ in range(dice.randint(0, 7))]
    return ([(start, start + dice.randint(1, 6)) for start in starts],)


def jobs(dice: random.Random) -> Any:
    return ([("abcdefgh"[at], dice.randint(1, 4), dice.randint(1, 50)) for at in range(dice.randint(0, 7))],)


PROGRAMS = (
    Program(
        "bubble_sort",
        """
        def bubble_sort(arr):
            arr = list(arr)
            n = len(arr)
            swapped = True
            while swapped:
                swapped = False
                for i in range(1, n):
                    if arr[i - 1] > arr[i]:
                        arr[i - 1], arr[i] = arr[i], arr[i - 1]
                        swapped = True
                n -= 1
            return arr
        """,
        (
            ([],),
            ([1],),
            ([2, 1],),
            ([3, 2, 1],),
            ([1, 2, 3, 4],),
            ([5, 1, 4, 2, 8],),
            ([2, 2, 1, 1, 0],),
            ([-3, 7, -9, 0, 7, 4],),
        ),
        lambda dice: (numbers(dice),),
        ("                swapped = True\n", ""),
    ),
    Program(
        "pancake_sort",
        """
        def flip(stack, k):
            \"\"\"Reverse the first k pancakes.\"\"\"
            stack[:k] = stack[:k][::-1]


        def pancake_sort(stack):
            \"\"\"Sort by prefix reversals only; return the sorted stack and the sizes of the flips made.\"\"\"
            stack = list(stack)
            flips = []
            for size in range(len(stack), 1, -1):
                biggest = stack.index(max(stack[:size]))
                if biggest == size - 1:
                    continue
                if biggest > 0:
                    flip(stack, biggest + 1)
                    flips.append(biggest + 1)
                flip(stack, size)
                flips.append(size)
            return stack, flips
        """,
        (
            ([],),
            ([4],),
            ([1, 2, 3],),
            ([3, 2, 1],),
            ([2, 3, 1],),
            ([3, 6, 2, 1, 5, 4],),
            ([5, 5, 1],),
            ([0, -1, 7, 2],),
        ),
        lambda dice: (numbers(dice, 7),),
        ("flip(stack, biggest + 1)", "flip(stack, biggest)"),
    ),
    Program(
        "select_activities",
        """
        def select_activities(activities):
            \"\"\"As many (start, end) activities as one person can do.\"\"\"
            chosen = []
            free_at = None
            for start, end in sorted(activities, key=lambda activity: activity[1]):
                if free_at is None or start >= free_at:
                    chosen.append((start, end))
                    free_at = end
            return chosen
        """,
        (
            ([],),
            ([(0, 1)],),
            ([(0, 6), (1, 2), (3, 4)],),
            ([(1, 2), (2, 3), (3, 4)],),
            ([(1, 4), (3, 5), (0, 6), (5, 7), (8, 9), (5, 9)],),
            ([(0, 10), (1, 11), (2, 12)],),
            ([(5, 6), (1, 3), (2, 5)],),
        ),
        activities,
        ("key=lambda activity: activity[1]", "key=lambda activity: activity[0]"),
    ),
    Program(
        "job_sequence",
        """
        def job_sequence(jobs):
            \"\"\"Jobs are (name, deadline, profit), each taking one slot; the names in the order of work.\"\"\"
            last = max((deadline for _, deadline, _ in jobs), default=0)
            slots = [None] * (last + 1)
            for name, deadline, profit in sorted(jobs, key=lambda job: -job[2]):
                for slot in range(deadline, 0, -1):
                    if slots[slot] is None:
                        slots[slot] = name
                        break
            return [name for name in slots if name is not None]
        """,
        (
            ([],),
            ([("a", 1, 10)],),
            ([("a", 2, 100), ("b", 1, 19), ("c", 2, 27), ("d", 1, 25), ("e", 3, 15)],),
            ([("a", 1, 5), ("b", 1, 9)],),
            ([("a", 4, 20), ("b", 1, 10), ("c", 1, 40), ("d", 1, 30)],),
            ([("a", 3, 1), ("b", 3, 2), ("c", 3, 3)],),
        ),
        jobs,
        ("                break\n", ""),
    ),
    Program(
        "next_greater",
        """
        def next_greater(nums):
            \"\"\"For each number, the next one to its right that is greater, or -1.\"\"\"
            answer = [-1] * len(nums)
            stack = []
            for i, num in enumerate(nums):
                while stack and nums[stack[-1]] < num:
                    answer[stack.pop()] = num
                stack.append(i)
            return answer
        """,
        (
            ([],),
            ([1],),
            ([4, 5, 2, 25],),
            ([13, 7, 6, 12],),
            ([3, 2, 1],),
            ([1, 2, 3],),
            ([2, 2, 3],),
            ([5, 1, 2, 6, 0],),
        ),
        lambda dice: (numbers(dice, 9, 0, 9),),
        ("while stack and nums[stack[-1]] < num:", "if stack and nums[stack[-1]] < num:"),
    ),
    Program(
        "saddleback",
        """
        def saddleback(grid, wanted):
            \"\"\"Where the wanted number stands in a grid whose rows and columns all rise.\"\"\"
            row = 0
            col = len(grid[0]) - 1
            while row < len(grid) and col >= 0:
                here = grid[row][col]
                if here == wanted:
                    return (row, col)
                if here > wanted:
                    col -= 1
                else:
                    row += 1
            return None
        """,
        (
            ([[1]], 1),
            ([[1]], 2),
            ([[1, 4, 7], [2, 5, 8], [3, 6, 9]], 6),
            ([[1, 4, 7], [2, 5, 8], [3, 6, 9]], 3),
            ([[1, 4, 7], [2, 5, 8], [3, 6, 9]], 10),
            ([[1, 4, 7], [2, 5, 8], [3, 6, 9]], 0),
            ([[1, 3, 5, 9]], 1),
            ([[2], [5], [7]], 7),
        ),
        sorted_grid,
        ("col >= 0", "col > 0"),
    ),
    Program(
        "cartesian_product",
        """
        def cartesian_product(*pools):
            result = [[]]
            for pool in pools:
                longer = []
                for row in result:
                    for item in pool:
                        longer.append(row + [item])
                result = longer
            return result
        """,
        (
            (),
            ([1, 2],),
            ([1, 2], [3, 4]),
            ("ab", "cd", "e"),
            ([1], [], [2]),
            ([0, 1], [0, 1], [0, 1]),
        ),
        lambda dice: tuple(numbers(dice, 3) for _ in range(dice.randint(0, 4))),
        ("result = [[]]", "result = []"),
    ),
)
