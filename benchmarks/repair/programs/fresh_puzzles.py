"""Fresh programs about puzzles and choices: written by somebody who had not read the templates."""

from programs.draws import board, cities, preferences
from programs.program import Program, graph, numbers, word

PROGRAMS = (
    Program(
        "stable_marriage",
        """
        def stable_marriage(proposers, receivers):
            rank = [{each: place for place, each in enumerate(row)} for row in receivers]
            proposals = [0] * len(proposers)
            engaged = {}
            free = list(range(len(proposers)))
            while free:
                suitor = free.pop()
                choice = proposers[suitor][proposals[suitor]]
                proposals[suitor] += 1
                rival = engaged.get(choice)
                if rival is None:
                    engaged[choice] = suitor
                elif rank[choice][suitor] < rank[choice][rival]:
                    engaged[choice] = suitor
                    free.append(rival)
                else:
                    free.append(suitor)
            return [engaged[each] for each in range(len(receivers))]
        """,
        (
            ([[0]], [[0]]),
            ([[0, 1], [1, 0]], [[0, 1], [1, 0]]),
            ([[0, 1], [0, 1]], [[0, 1], [1, 0]]),
            ([[0, 1], [0, 1]], [[1, 0], [1, 0]]),
            ([[0, 1, 2], [0, 2, 1], [0, 1, 2]], [[1, 0, 2], [2, 1, 0], [0, 2, 1]]),
            ([[1, 0, 2], [1, 2, 0], [0, 1, 2]], [[0, 1, 2], [2, 0, 1], [1, 2, 0]]),
        ),
        preferences,
        ("rank[choice][suitor] < rank[choice][rival]", "rank[choice][suitor] > rank[choice][rival]"),
    ),
    Program(
        "small_sudoku",
        """
        SIZE, BOX = 4, 2


        def allowed(grid, row, col, digit):
            if digit in grid[row]:
                return False
            if any(grid[other][col] == digit for other in range(SIZE)):
                return False
            top, left = row - row % BOX, col - col % BOX
            for r in range(top, top + BOX):
                for c in range(left, left + BOX):
                    if grid[r][c] == digit:
                        return False
            return True


        def solve(grid):
            for row in range(SIZE):
                for col in range(SIZE):
                    if grid[row][col] == 0:
                        for digit in range(1, SIZE + 1):
                            if allowed(grid, row, col, digit):
                                grid[row][col] = digit
                                if solve(grid):
                                    return True
                                grid[row][col] = 0
                        return False
            return True


        def small_sudoku(grid):
            return grid if solve(grid) else None
        """,
        (
            ([[1, 2, 3, 4], [3, 4, 1, 2], [2, 1, 4, 3], [4, 3, 2, 0]],),
            ([[1, 0, 0, 4], [0, 4, 1, 0], [2, 0, 4, 0], [0, 3, 0, 1]],),
            ([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],),
            ([[0, 0, 1, 0], [0, 0, 4, 0], [3, 4, 0, 1], [0, 0, 3, 4]],),
            ([[0, 0, 0, 3], [0, 1, 0, 0], [0, 0, 4, 0], [2, 0, 0, 0]],),
            ([[1, 2, 3, 0], [0, 0, 0, 4], [0, 0, 0, 0], [0, 0, 0, 0]],),
        ),
        board,
        ("                        grid[row][col] = 0\n", ""),
    ),
    Program(
        "word_in_grid",
        """
        def word_in_grid(grid, word):
            def trace(row, col, rest):
                if not rest:
                    return True
                if not (0 <= row < len(grid) and 0 <= col < len(grid[0])):
                    return False
                if grid[row][col] != rest[0]:
                    return False
                letter, grid[row][col] = grid[row][col], None
                found = any(
                    trace(row + down, col + right, rest[1:])
                    for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0))
                )
                grid[row][col] = letter
                return found

            return any(trace(row, col, word) for row in range(len(grid)) for col in range(len(grid[0])))
        """,
        (
            ([["a", "b"], ["c", "d"]], "abdc"),
            ([["a", "b"], ["c", "d"]], "ad"),
            ([["a", "b", "c"]], "ac"),
            ([["a", "a"]], "aaa"),
            ([["c", "a", "t"], ["x", "x", "s"]], "cats"),
            ([["a"], ["b"], ["c"]], "bac"),
            ([["a", "b", "a"], ["b", "c", "b"]], "babcba"),
        ),
        lambda dice: (
            [[dice.choice("abc") for _ in range(width)] for _ in range(dice.randint(1, 3))]
            if (width := dice.randint(1, 4))
            else [],
            word(dice, "abc", 5),
        ),
        (
            "if not (0 <= row < len(grid) and 0 <= col < len(grid[0])):",
            "if not (0 <= row < len(grid) and col < len(grid[0])):",
        ),
    ),
    Program(
        "bipartite_matching",
        """
        def bipartite_matching(wishes):
            taken_by = {}

            def place(person, tried):
                for job in wishes[person]:
                    if job in tried:
                        continue
                    tried.add(job)
                    if job not in taken_by or place(taken_by[job], tried):
                        taken_by[job] = person
                        return True
                return False

            return sum(place(person, set()) for person in wishes)
        """,
        (
            ({},),
            ({"a": ["b"]},),
            ({"a": ["x", "y"], "b": ["x"]},),
            ({"a": ["x"], "b": ["x"]},),
            ({"a": ["x", "y"], "b": ["x", "z"], "c": ["x"], "d": ["y"]},),
            ({"a": [], "b": ["z", "y"], "c": ["z"], "d": ["y", "z"]},),
        ),
        lambda dice: (graph(dice),),
        ("or place(taken_by[job], tried):", "or place(taken_by[job], set()):"),
    ),
    Program(
        "set_partitions",
        """
        def split(items):
            if not items:
                yield []
                return
            first, rest = items[0], items[1:]
            for partition in split(rest):
                for place, block in enumerate(partition):
                    yield partition[:place] + [[first] + block] + partition[place + 1:]
                yield [[first]] + partition


        def set_partitions(items):
            return list(split(items))
        """,
        (([],), (["a"],), (["a", "b"],), ([1, 2, 3],), ([4, 5, 6, 7],)),
        lambda dice: (list(range(dice.randint(0, 6))),),
        ("        yield [[first]] + partition\n", ""),
    ),
    Program(
        "burst_balloons",
        """
        def burst_balloons(values):
            padded = [1, *values, 1]
            size = len(padded)
            best = [[0] * size for _ in range(size)]
            for gap in range(2, size):
                for left in range(size - gap):
                    right = left + gap
                    for last in range(left + 1, right):
                        gain = padded[left] * padded[last] * padded[right]
                        best[left][right] = max(
                            best[left][right],
                            best[left][last] + gain + best[last][right],
                        )
            return best[0][-1]
        """,
        (([],), ([5],), ([3, 1, 5, 8],), ([1, 5],), ([2, 2, 2],), ([7, 9, 8, 0, 7],)),
        lambda dice: (numbers(dice, 7, 0),),
        ("for left in range(size - gap):", "for left in range(1, size - gap):"),
    ),
    Program(
        "egg_drops",
        """
        from functools import lru_cache


        @lru_cache(maxsize=None)
        def egg_drops(eggs, floors):
            if floors <= 1 or eggs == 1:
                return floors
            best = floors
            for floor in range(1, floors + 1):
                broken = egg_drops(eggs - 1, floor - 1)
                intact = egg_drops(eggs, floors - floor)
                best = min(best, 1 + max(broken, intact))
            return best
        """,
        ((1, 5), (2, 1), (2, 0), (2, 6), (2, 10), (3, 14), (4, 20)),
        lambda dice: (dice.randint(1, 4), dice.randint(0, 25)),
        ("1 + max(broken, intact)", "max(broken, intact)"),
    ),
    Program(
        "gas_station",
        """
        def gas_station(gas, cost):
            if sum(gas) < sum(cost):
                return -1
            start = tank = 0
            for station in range(len(gas)):
                tank += gas[station] - cost[station]
                if tank < 0:
                    start = station + 1
                    tank = 0
            return start
        """,
        (
            ([1, 2, 3, 4, 5], [3, 4, 5, 1, 2]),
            ([2, 3, 4], [3, 4, 3]),
            ([5], [4]),
            ([3, 1, 1], [1, 2, 2]),
            ([1, 5, 0, 6], [3, 1, 5, 2]),
            ([0, 4], [2, 1]),
        ),
        lambda dice: (
            [dice.randint(0, 9) for _ in range(size)] if (size := dice.randint(1, 8)) else [],
            [dice.randint(0, 8) for _ in range(size)],
        ),
        ("            tank = 0\n", ""),
    ),
    Program(
        "skyline",
        """
        from heapq import heappop, heappush


        def skyline(buildings):
            events = sorted([(left, -height, right) for left, right, height in buildings]
                            + [(right, 0, 0) for _, right, _ in buildings])
            alive = []
            outline = []
            for x, negative, right in events:
                while alive and alive[0][1] <= x:
                    heappop(alive)
                if negative:
                    heappush(alive, (negative, right))
                height = -alive[0][0] if alive else 0
                if not outline or outline[-1][1] != height:
                    outline.append((x, height))
            return outline
        """,
        (
            ([],),
            ([(0, 4, 3)],),
            ([(0, 2, 3), (4, 5, 1)],),
            ([(0, 4, 3), (1, 3, 5)],),
            ([(0, 2, 3), (2, 4, 3)],),
            ([(2, 9, 10), (3, 7, 15), (5, 12, 12), (15, 20, 10), (19, 24, 8)],),
        ),
        cities,
        ("while alive and alive[0][1] <= x:", "if alive and alive[0][1] <= x:"),
    ),
)
