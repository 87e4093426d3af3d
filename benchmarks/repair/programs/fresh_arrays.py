"""Fresh programs about lists and points: written by somebody who had not read the templates."""

from programs.draws import fenwick_calls, square
from programs.program import Program, numbers

PROGRAMS = (
    Program(
        "fenwick_tree",
        """
        class Fenwick:
            def __init__(self, size):
                self.sums = [0] * (size + 1)

            def add(self, place, amount):
                place += 1
                while place < len(self.sums):
                    self.sums[place] += amount
                    place += place & -place

            def total(self, count):
                result = 0
                while count > 0:
                    result += self.sums[count]
                    count -= count & -count
                return result

            def between(self, first, last):
                return self.total(last + 1) - self.total(first)


        def fenwick_tree(values, calls):
            tree = Fenwick(len(values))
            for place, value in enumerate(values):
                tree.add(place, value)
            answers = []
            for kind, one, other in calls:
                if kind == "add":
                    tree.add(one, other)
                else:
                    answers.append(tree.between(one, other))
            return answers
        """,
        (
            ([4], [("sum", 0, 0)]),
            ([1, 2, 3, 4, 5], [("sum", 0, 4), ("sum", 1, 3)]),
            ([0, 0, 0], [("add", 1, 5), ("sum", 0, 2), ("sum", 2, 2)]),
            ([2, -1, 7, 3, 0, 6, 1, 8], [("sum", 0, 7), ("add", 3, 4), ("sum", 2, 5), ("sum", 3, 3)]),
            ([1, 1], []),
        ),
        fenwick_calls,
        ("self.total(last + 1) - self.total(first)", "self.total(last) - self.total(first)"),
    ),
    Program(
        "running_medians",
        """
        from heapq import heappop, heappush


        def running_medians(values):
            low, high, medians = [], [], []
            for value in values:
                heappush(low, -value)
                heappush(high, -heappop(low))
                if len(high) > len(low):
                    heappush(low, -heappop(high))
                if len(low) > len(high):
                    medians.append(-low[0])
                else:
                    medians.append((high[0] - low[0]) / 2)
            return medians
        """,
        (([],), ([5],), ([0, 0, 0],), ([1, 2, 3, 4],), ([5, 1, 9, -2, 7],), ([3, 3, -8],)),
        lambda dice: (numbers(dice),),
        ("heappush(high, -heappop(low))", "heappush(high, -low[0])"),
    ),
    Program(
        "largest_rectangle",
        """
        def largest_rectangle(heights):
            best = 0
            stack = []
            for i in range(len(heights) + 1):
                now = heights[i] if i < len(heights) else 0
                while stack and heights[stack[-1]] >= now:
                    height = heights[stack.pop()]
                    width = i - stack[-1] - 1 if stack else i
                    best = max(best, height * width)
                stack.append(i)
            return best
        """,
        (([],), ([3],), ([2, 1, 5, 6, 2, 3],), ([1, 2, 3],), ([3, 2, 1],), ([2, 0, 2],), ([4, 4, 4],)),
        lambda dice: (numbers(dice, low=0),),
        ("width = i - stack[-1] - 1 if stack else i", "width = i - stack[-1] if stack else i"),
    ),
    Program(
        "three_sums",
        """
        def three_sums(values, goal):
            values = sorted(values)
            found = []
            for i, first in enumerate(values):
                if i > 0 and first == values[i - 1]:
                    continue
                low, high = i + 1, len(values) - 1
                while low < high:
                    total = first + values[low] + values[high]
                    if total < goal:
                        low += 1
                    elif total > goal:
                        high -= 1
                    else:
                        found.append((first, values[low], values[high]))
                        low += 1
                        while low < high and values[low] == values[low - 1]:
                            low += 1
            return found
        """,
        (
            ([], 0),
            ([1, 2, 3], 6),
            ([-1, 0, 1, 2, -1, -4], 0),
            ([0, 0, 0, 0], 0),
            ([1, 1, 2, 2, 3, 3], 6),
            ([5, -5, 3], 0),
        ),
        lambda dice: (numbers(dice, 9, -4, dice.choice([-4, -3, 4])), dice.choice([-12, -11, *range(-4, 5)])),
        ("if i > 0 and first == values[i - 1]:", "if first == values[i - 1]:"),
    ),
    Program(
        "cycle_sort",
        """
        def cycle_sort(values):
            writes = 0
            for start in range(len(values) - 1):
                item = values[start]
                while True:
                    place = start
                    for other in range(start + 1, len(values)):
                        if values[other] < item:
                            place += 1
                    if place == start:
                        break
                    while item == values[place]:
                        place += 1
                    values[place], item = item, values[place]
                    writes += 1
                if values[start] != item:
                    values[start] = item
                    writes += 1
            return values, writes
        """,
        (
            ([],),
            ([1, 2, 3],),
            ([2, 1],),
            ([3, 1, 2],),
            ([5, 4, 3, 2, 1],),
            ([2, 2, 1, 1],),
            ([6, 6, 6, -2],),
            ([9, 0, 9, 3],),
        ),
        lambda dice: (numbers(dice),),
        (
            "            while item == values[place]:\n                place += 1\n",
            "            if item == values[place]:\n                place += 1\n",
        ),
    ),
    Program(
        "rotate_list",
        """
        class Link:
            def __init__(self, value, following=None):
                self.value = value
                self.following = following


        def rotate(head, steps):
            if head is None:
                return None
            size = 1
            tail = head
            while tail.following:
                tail = tail.following
                size += 1
            tail.following = head
            for _ in range(size - steps % size):
                tail = tail.following
            head = tail.following
            tail.following = None
            return head


        def rotate_list(values, steps):
            head = None
            for value in reversed(values):
                head = Link(value, head)
            head = rotate(head, steps)
            result = []
            while head:
                result.append(head.value)
                head = head.following
            return result
        """,
        (([], 3), ([1], 1), ([1, 2, 3, 4, 5], 2), ([1, 2, 3], 0), ([1, 2, 3], 4), ([7, 8], 2)),
        lambda dice: (numbers(dice), dice.randint(0, 15)),
        ("    size = 1\n", "    size = 0\n"),
    ),
    Program(
        "rotate_image",
        """
        def rotate_image(grid):
            size = len(grid)
            for layer in range(size // 2):
                last = size - 1 - layer
                for i in range(layer, last):
                    offset = i - layer
                    top = grid[layer][i]
                    grid[layer][i] = grid[last - offset][layer]
                    grid[last - offset][layer] = grid[last][last - offset]
                    grid[last][last - offset] = grid[i][last]
                    grid[i][last] = top
            return grid
        """,
        (
            ([],),
            ([[1]],),
            ([[1, 2], [3, 4]],),
            ([[1, 2, 3], [4, 5, 6], [7, 8, 9]],),
            ([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]],),
        ),
        square,
        ("            offset = i - layer\n", "            offset = i\n"),
    ),
    Program(
        "convex_hull",
        """
        def cross(o, a, b):
            return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


        def half(points):
            chain = []
            for point in points:
                while len(chain) >= 2 and cross(chain[-2], chain[-1], point) <= 0:
                    chain.pop()
                chain.append(point)
            return chain


        def convex_hull(points):
            points = sorted(set(points))
            if len(points) < 3:
                return points
            lower = half(points)
            upper = half(reversed(points))
            return lower[:-1] + upper[:-1]
        """,
        (
            ([],),
            ([(1, 1), (0, 0)],),
            ([(0, 0), (4, 0), (0, 4), (1, 1)],),
            ([(0, 0), (2, 0), (2, 2), (0, 2), (1, 1), (0, 0)],),
            ([(0, 0), (1, 0), (2, 0), (1, 3)],),
            ([(3, 1), (0, 0), (5, 5), (1, 4), (2, 2)],),
        ),
        lambda dice: ([(dice.randint(-4, 4), dice.randint(-4, 4)) for _ in range(dice.randint(0, 9))],),
        ("return lower[:-1] + upper[:-1]", "return lower[:-1] + upper"),
    ),
)
