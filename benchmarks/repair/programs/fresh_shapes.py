"""Fresh programs about figures, pictures and ranges: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program, numbers


def points(dice: random.Random, least: int, most: int) -> list[tuple[int, int]]:
    """Some different points."""
    some = [(dice.randint(-20, 20), dice.randint(-20, 20)) for _ in range(dice.randint(least, most))]
    return list(dict.fromkeys(some))


def range_calls(dice: random.Random) -> tuple[Any, ...]:
    """How many values there are, and what to do with ranges of them."""
    size = dice.randint(1, 9)
    calls: list[Any] = []
    for _ in range(dice.randint(0, 12)):
        low, high = sorted(dice.sample(range(size + 1), 2))
        calls.append(("add", low, high, dice.randint(-9, 9)) if dice.random() < 0.5 else ("most", low, high, 0))
    return size, calls


def picture(dice: random.Random) -> tuple[Any, ...]:
    """A picture in few colors, a place in it and a new color."""
    height, width = dice.randint(1, 5), dice.randint(1, 5)
    rows = [[dice.choice([0, 0, 0, 1]) for _ in range(width)] for _ in range(height)]
    return rows, dice.randrange(height), dice.randrange(width), dice.choice([0, 1, 7])


PROGRAMS = (
    Program(
        "polygon_area",
        """
        def polygon_area(corners):
            doubled = 0
            for i, (x, y) in enumerate(corners):
                next_x, next_y = corners[(i + 1) % len(corners)]
                doubled += x * next_y - next_x * y
            return abs(doubled) / 2
        """,
        (
            ([],),
            ([(1, 1), (4, 5)],),
            ([(0, 0), (2, 0), (0, 3)],),
            ([(0, 0), (0, 4), (4, 4), (4, 0)],),
            ([(1, 1), (3, 1), (3, 2), (1, 2)],),
            ([(-1, 0), (0, -1), (1, 0), (0, 1)],),
        ),
        lambda dice: (points(dice, 0, 6),),
        ("return abs(doubled) / 2", "return doubled / 2"),
    ),
    Program(
        "closest_pair",
        """
        def distance(one, other):
            return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


        def closest(points):
            if len(points) < 2:
                return float("inf")
            middle = len(points) // 2
            line = points[middle][0]
            best = min(closest(points[:middle]), closest(points[middle:]))
            strip = sorted((each for each in points if (each[0] - line) ** 2 < best), key=lambda each: each[1])
            for i, one in enumerate(strip):
                for other in strip[i + 1 :]:
                    if (other[1] - one[1]) ** 2 >= best:
                        break
                    best = min(best, distance(one, other))
            return best


        def closest_pair(points):
            return closest(sorted(points))
        """,
        (
            ([(0, 0), (3, 4)],),
            ([(0, 0), (5, 0), (1, 0)],),
            ([(2, 2), (2, 2), (9, 9)],),
            ([(0, 0), (4, 9), (5, 0), (6, 9)],),
            ([(0, 0), (9, 9), (10, 20), (11, 9), (20, 0), (19, 30)],),
            ([(-5, 3), (-4, -8), (0, 2), (1, -7), (6, 6), (7, 0)],),
        ),
        lambda dice: (points(dice, 2, 12),),
        ("key=lambda each: each[1])", "key=lambda each: each[0])"),
    ),
    Program(
        "range_most",
        """
        class Node:
            def __init__(self, low, high):
                self.low, self.high = low, high
                self.most = self.pending = 0
                self.halves = []
                if high - low > 1:
                    middle = (low + high) // 2
                    self.halves = [Node(low, middle), Node(middle, high)]

            def add(self, low, high, amount):
                if high <= self.low or self.high <= low:
                    return
                if low <= self.low and self.high <= high:
                    self.most += amount
                    self.pending += amount
                    return
                for half in self.halves:
                    half.add(low, high, amount)
                self.most = self.pending + max(half.most for half in self.halves)

            def ask(self, low, high):
                if high <= self.low or self.high <= low:
                    return float("-inf")
                if low <= self.low and self.high <= high:
                    return self.most
                return self.pending + max(half.ask(low, high) for half in self.halves)


        def range_most(size, calls):
            root = Node(0, size)
            answers = []
            for kind, low, high, amount in calls:
                if kind == "add":
                    root.add(low, high, amount)
                else:
                    answers.append(root.ask(low, high))
            return answers
        """,
        (
            (1, []),
            (3, [("most", 0, 3, 0)]),
            (4, [("add", 0, 2, 5), ("most", 0, 4, 0), ("most", 2, 4, 0)]),
            (5, [("add", 1, 4, 3), ("add", 2, 3, 4), ("most", 0, 5, 0), ("most", 3, 5, 0)]),
            (4, [("add", 0, 4, 2), ("add", 1, 2, 3), ("most", 0, 4, 0)]),
            (8, [("add", 0, 8, -1), ("add", 4, 8, -2), ("add", 5, 6, 9), ("most", 4, 8, 0)]),
        ),
        range_calls,
        ("self.most = self.pending + max(", "self.most = max("),
    ),
    Program(
        "flood_fill",
        """
        def flood_fill(rows, row, column, color):
            old = rows[row][column]
            if old == color:
                return rows
            waiting = [(row, column)]
            while waiting:
                row, column = waiting.pop()
                if 0 <= row < len(rows) and 0 <= column < len(rows[0]) and rows[row][column] == old:
                    rows[row][column] = color
                    waiting += [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]
            return rows
        """,
        (
            ([[0]], 0, 0, 5),
            ([[1, 1], [1, 1]], 1, 1, 1),
            ([[1, 1, 0], [1, 0, 0], [0, 0, 1]], 0, 0, 2),
            ([[0, 1, 0], [0, 1, 0]], 0, 0, 3),
            ([[0, 0, 0], [1, 1, 1], [0, 0, 0]], 2, 1, 9),
            ([[1, 1, 1], [1, 0, 1], [1, 1, 1]], 1, 1, 4),
        ),
        picture,
        ("and 0 <= column < len(rows[0]) and", "and column < len(rows[0]) and"),
    ),
    Program(
        "split_evenly",
        """
        def parts_needed(values, limit):
            parts, total = 1, 0
            for value in values:
                if total + value > limit:
                    parts += 1
                    total = 0
                total += value
            return parts


        def split_evenly(values, parts):
            low, high = max(values), sum(values)
            while low < high:
                middle = (low + high) // 2
                if parts_needed(values, middle) <= parts:
                    high = middle
                else:
                    low = middle + 1
            return low
        """,
        (
            ([5], 1),
            ([1, 2, 3], 1),
            ([1, 2, 3], 3),
            ([7, 2, 5, 10, 8], 2),
            ([1, 4, 4], 3),
            ([2, 9, 1], 9),
            ([3, 3, 3, 3], 2),
            ([9, 1, 1, 1], 4),
        ),
        lambda dice: ([dice.randint(0, 9) for _ in range(dice.randint(1, 8))], dice.randint(1, 8)),
        ("low, high = max(values), sum(values)", "low, high = min(values), sum(values)"),
    ),
    Program(
        "most_rooms",
        """
        def most_rooms(meetings):
            events = []
            for start, end in meetings:
                events.append((start, 1))
                events.append((end, -1))
            rooms = most = 0
            for _, change in sorted(events):
                rooms += change
                most = max(most, rooms)
            return most
        """,
        (
            ([],),
            ([(1, 2)],),
            ([(9, 12), (10, 11), (13, 15)],),
            ([(1, 3), (3, 5)],),
            ([(3, 5), (1, 3)],),
            ([(0, 9), (1, 4), (4, 6), (2, 5)],),
            ([(7, 8), (7, 8), (7, 9)],),
        ),
        lambda dice: (
            [(start, start + 1 + abs(more)) for start, more in zip(numbers(dice), numbers(dice), strict=False)],
        ),
        ("for _, change in sorted(events):", "for _, change in sorted(events, key=lambda event: event[0]):"),
    ),
)
