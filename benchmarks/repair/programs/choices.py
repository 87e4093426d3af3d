"""Programs about numbers, graphs and choices, written later than the others, by somebody who had read the templates."""

from programs.program import Program, graph, numbers, word

PROGRAMS = (
    Program(
        "josephus",
        """
        def josephus(people, step):
            circle = list(range(people))
            at = 0
            while len(circle) > 1:
                at = (at + step - 1) % len(circle)
                circle.pop(at)
            return circle[0]
        """,
        ((7, 3), (1, 4), (5, 2), (6, 1), (10, 4), (2, 5)),
        lambda dice: (dice.randint(1, 15), dice.randint(1, 9)),
        ("at = (at + step - 1) % len(circle)", "at = (at + step) % len(circle)"),
    ),
    Program(
        "collatz_longest",
        """
        def collatz_longest(limit):
            best, record = 1, 0
            for start in range(1, limit + 1):
                steps = 0
                number = start
                while number != 1:
                    number = number // 2 if number % 2 == 0 else 3 * number + 1
                    steps += 1
                if steps > record:
                    best, record = start, steps
            return best
        """,
        ((1,), (3,), (6,), (10,), (20,)),
        lambda dice: (dice.randint(1, 60),),
        ("best, record = start, steps", "best, record = number, steps"),
    ),
    Program(
        "gray_codes",
        """
        def gray_codes(bits):
            if bits == 0:
                return [""]
            shorter = gray_codes(bits - 1)
            return ["0" + each for each in shorter] + ["1" + each for each in reversed(shorter)]
        """,
        ((0,), (1,), (2,), (3,)),
        lambda dice: (dice.randint(0, 6),),
        ('["1" + each for each in reversed(shorter)]', '["1" + each for each in shorter]'),
    ),
    Program(
        "binary_digits_gap",
        """
        def binary_digits_gap(number):
            longest = 0
            last = None
            position = 0
            while number > 0:
                if number % 2 == 1:
                    if last is not None:
                        longest = max(longest, position - last)
                    last = position
                number //= 2
                position += 1
            return longest
        """,
        ((22,), (5,), (6,), (8,), (0,), (73,)),
        lambda dice: (dice.randint(0, 999),),
        ("if last is not None:", "if last:"),
    ),
    Program(
        "floyd_warshall",
        """
        def floyd_warshall(size, edges):
            far = 9999
            distance = [[0 if i == j else far for j in range(size)] for i in range(size)]
            for start, end, length in edges:
                distance[start][end] = min(distance[start][end], length)
            for middle in range(size):
                for start in range(size):
                    for end in range(size):
                        through = distance[start][middle] + distance[middle][end]
                        distance[start][end] = min(distance[start][end], through)
            return distance
        """,
        (
            (3, [(0, 1, 4), (1, 2, 1), (0, 2, 9)]),
            (1, []),
            (4, [(0, 1, 1), (1, 2, 1), (2, 3, 1), (3, 0, 1)]),
            (2, [(0, 1, 5), (0, 1, 3)]),
            (3, [(2, 1, 1), (1, 0, 2)]),
        ),
        lambda dice: (
            (size := dice.randint(1, 5)),
            [(dice.randrange(size), dice.randrange(size), dice.randint(1, 9)) for _ in range(dice.randint(0, 9))],
        ),
        (
            "through = distance[start][middle] + distance[middle][end]",
            "through = distance[start][middle] + distance[end][middle]",
        ),
    ),
    Program(
        "longest_route",
        """
        def longest_route(graph):
            known = {}

            def longest_from(node):
                if node not in known:
                    known[node] = max([1 + longest_from(each) for each in graph[node]], default=0)
                return known[node]

            return max([longest_from(node) for node in graph], default=0)
        """,
        (
            ({},),
            ({"a": []},),
            ({"a": ["b", "c"], "b": ["c"], "c": []},),
            ({"a": ["b"], "b": ["d"], "c": ["d"], "d": ["e"], "e": []},),
        ),
        lambda dice: (
            {
                node: sorted(dice.sample("abcdefg"[place + 1 :], min(2, 6 - place)))
                for place, node in enumerate("abcdefg")
            },
        ),
        ("max([1 + longest_from(each) for each", "max([longest_from(each) for each"),
    ),
    Program(
        "matched_pairs",
        """
        def matched_pairs(choices):
            taken = {}

            def find(person, tried):
                for job in choices[person]:
                    if job in tried:
                        continue
                    tried.add(job)
                    if job not in taken or find(taken[job], tried):
                        taken[job] = person
                        return True
                return False

            return sum(find(person, set()) for person in choices)
        """,
        (
            ({"a": ["x"], "b": ["x", "y"]},),
            ({"a": ["x", "y"], "b": ["x"], "c": ["y"]},),
            ({"a": ["x", "y"], "b": ["x"]},),
            ({},),
            ({"a": [], "b": ["z"]},),
            ({"a": ["x", "y"], "b": ["x", "z"], "c": ["x"]},),
        ),
        lambda dice: (
            {person: sorted(dice.sample("wxyz", dice.randint(0, 3))) for person in "abcde"[: dice.randint(0, 5)]},
        ),
        ("find(taken[job], tried)", "find(person, tried)"),
    ),
    Program(
        "round_trip",
        """
        def round_trip(graph):
            count = {node: len(to) for node, to in graph.items()}
            for to in graph.values():
                for node in to:
                    count[node] -= 1
            return all(each == 0 for each in count.values())
        """,
        (
            ({"a": ["b"], "b": ["a"]},),
            ({"a": ["b"], "b": []},),
            ({},),
            ({"a": ["b", "c"], "b": ["a"], "c": []},),
            ({"a": ["b"], "b": ["c"], "c": ["a"]},),
        ),
        lambda dice: (graph(dice),),
        ("all(each == 0 for", "any(each == 0 for"),
    ),
    Program(
        "common_substring",
        """
        def common_substring(one, other):
            best = ""
            lengths = [0] * (len(other) + 1)
            for i, letter in enumerate(one):
                previous = 0
                for j in range(len(other)):
                    above = lengths[j + 1]
                    lengths[j + 1] = previous + 1 if letter == other[j] else 0
                    previous = above
                    if lengths[j + 1] > len(best):
                        best = one[i - lengths[j + 1] + 1 : i + 1]
            return best
        """,
        (("abcdef", "zbcdf"), ("", "a"), ("abc", "xyz"), ("aab", "aaab"), ("banana", "anana"), ("xyxy", "yxyx")),
        lambda dice: (word(dice), word(dice)),
        ("previous = above", "previous = lengths[j + 1]"),
    ),
    Program(
        "even_split",
        """
        def even_split(values):
            total = sum(values)
            if total % 2 == 1:
                return False
            reachable = {0}
            for value in values:
                reachable |= {value + each for each in reachable}
            return total // 2 in reachable
        """,
        (([1, 5, 11, 5],), ([1, 2, 3, 5],), ([],), ([2, 2, 3],), ([3, 3],), ([4],), ([1, 1, 4],)),
        lambda dice: ([dice.randint(1, 9) for _ in range(dice.randint(0, 7))],),
        ("reachable |= {value + each", "reachable = {value + each"),
    ),
    Program(
        "ways_to_climb",
        """
        def ways_to_climb(stairs, steps):
            ways = [1] + [0] * stairs
            for stair in range(1, stairs + 1):
                for step in steps:
                    if step <= stair:
                        ways[stair] += ways[stair - step]
            return ways[stairs]
        """,
        ((4, [1, 2]), (0, [1]), (5, [2]), (6, [1, 3, 5]), (3, [5]), (3, [3])),
        lambda dice: (dice.randint(0, 12), sorted(dice.sample(range(1, 6), dice.randint(1, 3)))),
        ("if step <= stair:", "if step < stair:"),
    ),
    Program(
        "best_bracketing",
        """
        def best_bracketing(prices):
            lowest = float("inf")
            profit = 0
            for price in prices:
                lowest = min(lowest, price)
                profit = max(profit, price - lowest)
            return profit
        """,
        (([7, 1, 5, 3, 6, 4],), ([5, 4, 1],), ([],), ([2, 9],), ([3, 8, 1, 4],)),
        lambda dice: (numbers(dice, low=0),),
        ("profit = max(profit, price - lowest)", "profit = price - lowest"),
    ),
    Program(
        "selection_sort",
        """
        def selection_sort(values):
            values = list(values)
            for place in range(len(values)):
                least = place
                for other in range(place + 1, len(values)):
                    if values[other] < values[least]:
                        least = other
                values[place], values[least] = values[least], values[place]
            return values
        """,
        (([3, 1, 2],), ([],), ([5],), ([2, 2, 1],), ([9, 8, 7, 6],), ([1, 3, 2, 4],)),
        lambda dice: (numbers(dice),),
        ("if values[other] < values[least]:", "if values[other] < values[place]:"),
    ),
)
