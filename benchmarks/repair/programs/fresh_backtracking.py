"""Fresh programs about searches that go back: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program, graph


def undirected(dice: random.Random, most: int = 6, chance: float = 0.45) -> dict[str, Any]:
    nodes = "abcdefgh"[: dice.randint(1, most)]
    around: dict[str, Any] = {node: [] for node in nodes}
    for first in nodes:
        for second in nodes:
            if first < second and dice.random() < chance:
                around[first].append(second)
                around[second].append(first)
    return around


PROGRAMS = (
    Program(
        "heap_permutations",
        """
        def generate(k, items):
            if k <= 1:
                yield tuple(items)
                return
            for i in range(k - 1):
                yield from generate(k - 1, items)
                j = i if k % 2 == 0 else 0
                items[j], items[k - 1] = items[k - 1], items[j]
            yield from generate(k - 1, items)


        def heap_permutations(items):
            \"\"\"All orders of the items, by Heap's method.\"\"\"
            return list(generate(len(items), list(items)))
        """,
        (([],), (["a"],), ([1, 2],), ([1, 2, 3],), ("abcd",), ([0, 0, 1],)),
        lambda dice: (list(range(dice.randint(0, 4))) + [7] * dice.randint(0, 1),),
        ("\n    yield from generate(k - 1, items)", "\n    generate(k - 1, items)"),
    ),
    Program(
        "integer_partitions",
        """
        def partitions(n, largest):
            if n == 0:
                yield []
                return
            for part in range(min(n, largest), 0, -1):
                for rest in partitions(n - part, part):
                    yield [part] + rest


        def integer_partitions(n):
            \"\"\"Ways to write n as a sum of positive parts that never grow.\"\"\"
            return list(partitions(n, n))
        """,
        ((0,), (1,), (2,), (3,), (4,), (5,), (7,)),
        lambda dice: (dice.randint(0, 10),),
        ("partitions(n - part, part)", "partitions(n - part, largest)"),
    ),
    Program(
        "color_map",
        """
        def color_map(graph, k):
            \"\"\"The first way to give each node one of k colors, no two neighbours alike, or None.\"\"\"
            nodes = sorted(graph)
            colors = {}

            def place(at):
                if at == len(nodes):
                    return True
                node = nodes[at]
                for color in range(k):
                    if all(colors.get(near) != color for near in graph[node]):
                        colors[node] = color
                        if place(at + 1):
                            return True
                        del colors[node]
                return False

            return colors if place(0) else None
        """,
        (
            ({}, 1),
            ({"a": []}, 1),
            ({"a": ["b"], "b": ["a"]}, 1),
            ({"a": ["b"], "b": ["a"]}, 2),
            ({"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"]}, 2),
            ({"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"]}, 3),
            ({"a": ["d"], "b": ["c"], "c": ["b", "d"], "d": ["a", "c"]}, 2),
            ({"a": ["d"], "b": ["e"], "c": ["d", "e"], "d": ["a", "c", "e"], "e": ["b", "c", "d"]}, 3),
        ),
        lambda dice: (undirected(dice), dice.randint(1, 3)),
        ("                del colors[node]\n", ""),
    ),
    Program(
        "hamiltonian_path",
        """
        def extend(graph, path):
            if len(path) == len(graph):
                return path
            for node in graph[path[-1]]:
                if node not in path:
                    longer = extend(graph, path + [node])
                    if longer is not None:
                        return longer
            return None


        def hamiltonian_path(graph):
            \"\"\"A path that visits each node once, or None.\"\"\"
            for start in sorted(graph):
                path = extend(graph, [start])
                if path is not None:
                    return path
            return None
        """,
        (
            ({},),
            ({"a": []},),
            ({"a": [], "b": ["a"]},),
            ({"a": ["b"], "b": ["c"], "c": []},),
            ({"a": ["b", "c", "d"], "b": ["a"], "c": ["a"], "d": ["a"]},),
            ({"a": ["b", "c"], "b": ["a"], "c": ["b", "d"], "d": ["a"]},),
            ({"a": ["b", "c"], "b": ["c"], "c": ["b", "d"], "d": []},),
        ),
        lambda dice: (graph(dice, 6),),
        ("if node not in path:", "if node != path[-1]:"),
    ),
    Program(
        "maximal_cliques",
        """
        def expand(graph, clique, candidates, done, found):
            if not candidates and not done:
                found.append(sorted(clique))
                return
            for node in sorted(candidates):
                near = set(graph[node])
                expand(graph, clique | {node}, candidates & near, done & near, found)
                candidates = candidates - {node}
                done = done | {node}


        def maximal_cliques(graph):
            \"\"\"Bron and Kerbosch: all cliques that cannot grow.\"\"\"
            found = []
            expand(graph, set(), set(graph), set(), found)
            return sorted(found)
        """,
        (
            ({"a": []},),
            ({"a": ["b"], "b": ["a"]},),
            ({"a": ["b"], "b": ["a", "c"], "c": ["b"]},),
            ({"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"]},),
            ({"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b", "d"], "d": ["c"]},),
            ({"a": [], "b": [], "c": []},),
            ({"a": ["b", "d"], "b": ["a", "c"], "c": ["b", "d"], "d": ["a", "c"]},),
        ),
        lambda dice: (undirected(dice, 6, 0.5),),
        ("candidates & near, done & near, found)", "candidates & near, done, found)"),
    ),
    Program(
        "water_jugs",
        """
        from collections import deque


        def water_jugs(big, small, goal):
            \"\"\"Fewest steps until one of two jugs holds the goal, or -1.\"\"\"
            queue = deque([(0, 0, 0)])
            seen = {(0, 0)}
            while queue:
                a, b, steps = queue.popleft()
                if a == goal or b == goal:
                    return steps
                to_b = min(a, small - b)
                to_a = min(b, big - a)
                for state in [
                    (big, b), (a, small), (0, b), (a, 0),
                    (a - to_b, b + to_b), (a + to_a, b - to_a),
                ]:
                    if state not in seen:
                        seen.add(state)
                        queue.append(state + (steps + 1,))
            return -1
        """,
        ((5, 3, 4), (3, 5, 4), (4, 2, 3), (2, 1, 0), (7, 4, 6), (9, 4, 6), (3, 3, 3), (5, 2, 1)),
        lambda dice: (dice.randint(1, 11), dice.randint(1, 9), dice.randint(0, 11)),
        ("queue.popleft()", "queue.pop()"),
    ),
)
