"""Fresh programs about roads and plans: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program, graph


def plan(dice: random.Random) -> tuple[Any, ...]:
    """Tasks with their durations, each waiting for some of the earlier ones."""
    names = "abcdefgh"[: dice.randint(0, 8)]
    waits = {name: dice.sample(names[:i], dice.randint(0, min(i, 3))) for i, name in enumerate(names)}
    order = dice.sample(names, len(names))
    return {name: dice.randint(1, 9) for name in order}, {name: waits[name] for name in order}


def tree(dice: random.Random) -> tuple[Any, ...]:
    """How many nodes a tree has, and its edges."""
    size = dice.randint(1, 9)
    return size, [(dice.randrange(max(0, i - 3), i), i) for i in range(1, size)]


def roads(dice: random.Random) -> tuple[Any, ...]:
    """How many towns are connected, and the roads with their lengths."""
    size, edges = tree(dice)
    edges += [(dice.randrange(size), dice.randrange(size)) for _ in range(dice.randint(0, 8))]
    return size, [(one, other, dice.randint(1, 9)) for one, other in edges]


def walls(dice: random.Random) -> tuple[Any, ...]:
    """A map with walls."""
    height, width = dice.randint(3, 8), dice.randint(3, 8)
    return (["".join(dice.choice("##...") for _ in range(width)) for _ in range(height)],)


PROGRAMS = (
    Program(
        "critical_path",
        """
        def critical_path(durations, waits):
            missing = {task: len(waits[task]) for task in durations}
            starts = dict.fromkeys(durations, 0)
            ready = [task for task in durations if missing[task] == 0]
            longest = 0
            while ready:
                task = ready.pop()
                finish = starts[task] + durations[task]
                longest = max(longest, finish)
                for after in durations:
                    if task in waits[after]:
                        starts[after] = max(starts[after], finish)
                        missing[after] -= 1
                        if missing[after] == 0:
                            ready.append(after)
            return longest
        """,
        (
            ({}, {}),
            ({"dig": 3}, {"dig": []}),
            ({"a": 1, "b": 2, "c": 3}, {"a": [], "b": ["a"], "c": ["b"]}),
            ({"a": 4, "b": 2, "c": 3}, {"a": [], "b": [], "c": []}),
            ({"a": 2, "b": 9, "c": 1}, {"a": [], "b": [], "c": ["a", "b"]}),
            ({"a": 1, "b": 5, "c": 2, "d": 4}, {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]}),
        ),
        plan,
        ("starts[after] = max(starts[after], finish)", "starts[after] = finish"),
    ),
    Program(
        "find_cycle",
        """
        def search(graph, node, path, done):
            if node in path:
                return path[path.index(node):]
            if node in done:
                return []
            path.append(node)
            for after in graph[node]:
                cycle = search(graph, after, path, done)
                if cycle:
                    return cycle
            path.pop()
            done.add(node)
            return []


        def find_cycle(graph):
            done = set()
            for node in graph:
                cycle = search(graph, node, [], done)
                if cycle:
                    return cycle
            return []
        """,
        (
            ({},),
            ({"a": ["a"]},),
            ({"a": ["b"], "b": ["c"], "c": []},),
            ({"a": ["b"], "b": ["c"], "c": ["b"]},),
            ({"a": ["b", "c"], "b": ["c"], "c": []},),
            ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []},),
            ({"x": [], "y": ["x", "z"], "z": ["y"]},),
        ),
        lambda dice: (graph(dice),),
        ("    path.pop()\n", ""),
    ),
    Program(
        "fewest_walls",
        """
        from collections import deque


        def fewest_walls(rows):
            height, width = len(rows), len(rows[0])
            broken = {(0, 0): int(rows[0][0] == "#")}
            done = set()
            queue = deque([(0, 0)])
            while queue:
                place = queue.popleft()
                if place == (height - 1, width - 1):
                    return broken[place]
                if place in done:
                    continue
                done.add(place)
                row, column = place
                for near in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                    if 0 <= near[0] < height and 0 <= near[1] < width:
                        wall = rows[near[0]][near[1]] == "#"
                        total = broken[place] + wall
                        if near not in broken or total < broken[near]:
                            broken[near] = total
                            if wall:
                                queue.append(near)
                            else:
                                queue.appendleft(near)
        """,
        (
            (["."],),
            (["#"],),
            (["..", "##"],),
            ([".#.", ".#.", ".#."],),
            ([".#...", ".#.#.", "...#."],),
            (["....", "###.", "....", ".###", "...."],),
            (["......", "#####.", "......", ".#####", "......"],),
        ),
        walls,
        ("queue.appendleft(near)", "queue.append(near)"),
    ),
    Program(
        "simple_routes",
        """
        def extended(graph, path, goal):
            node = path[-1]
            if node == goal:
                yield "-".join(path)
                return
            for after in graph[node]:
                if after not in path:
                    yield from extended(graph, [*path, after], goal)


        def simple_routes(graph, start, goal):
            return list(extended(graph, [start], goal))
        """,
        (
            ({"a": []}, "a", "a"),
            ({"a": ["b"], "b": []}, "a", "b"),
            ({"a": [], "b": ["a"]}, "a", "b"),
            ({"a": ["b", "c"], "b": ["c"], "c": ["a"]}, "a", "c"),
            ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["a"]}, "a", "d"),
        ),
        lambda dice: (each := graph(dice), dice.choice(list(each)), dice.choice(list(each))),
        ("extended(graph, [*path, after], goal)", "extended(graph, [node, after], goal)"),
    ),
    Program(
        "tree_centers",
        """
        def tree_centers(size, edges):
            near = {node: set() for node in range(size)}
            for one, other in edges:
                near[one].add(other)
                near[other].add(one)
            leaves = [node for node in near if len(near[node]) <= 1]
            left = size
            while left > 2:
                left -= len(leaves)
                following = []
                for leaf in leaves:
                    inner = near[leaf].pop()
                    near[inner].remove(leaf)
                    if len(near[inner]) == 1:
                        following.append(inner)
                leaves = following
            return sorted(leaves)
        """,
        (
            (1, []),
            (2, [(0, 1)]),
            (3, [(0, 1), (1, 2)]),
            (4, [(0, 1), (1, 2), (2, 3)]),
            (4, [(1, 0), (1, 2), (1, 3)]),
            (6, [(3, 0), (3, 1), (3, 2), (3, 4), (5, 4)]),
        ),
        tree,
        ("while left > 2:", "while left >= 2:"),
    ),
    Program(
        "shortest_cables",
        """
        from heapq import heappop, heappush


        def shortest_cables(size, roads):
            near = [[] for _ in range(size)]
            for one, other, length in roads:
                near[one].append((length, other))
                near[other].append((length, one))
            joined = set()
            heap = [(0, 0)]
            total = 0
            while len(joined) < size:
                length, town = heappop(heap)
                if town in joined:
                    continue
                joined.add(town)
                total += length
                for further, other in near[town]:
                    if other not in joined:
                        heappush(heap, (further, other))
            return total
        """,
        (
            (1, []),
            (2, [(0, 1, 5)]),
            (2, [(0, 1, 5), (1, 0, 2)]),
            (3, [(0, 1, 4), (0, 2, 3), (2, 2, 1)]),
            (3, [(0, 1, 1), (1, 2, 2), (0, 2, 3)]),
            (4, [(0, 1, 2), (1, 2, 2), (2, 3, 2), (3, 0, 3)]),
        ),
        roads,
        ("heappush(heap, (further, other))", "heappush(heap, (length + further, other))"),
    ),
    Program(
        "cluster_gap",
        """
        def leader(leaders, node):
            while leaders[node] != node:
                node = leaders[node]
            return node


        def cluster_gap(size, roads, groups):
            leaders = list(range(size))
            left = size
            for one, other, length in sorted(roads, key=lambda road: road[2]):
                first, second = leader(leaders, one), leader(leaders, other)
                if first == second:
                    continue
                if left == groups:
                    return length
                leaders[first] = second
                left -= 1
            return None
        """,
        (
            (1, [], 1),
            (2, [(0, 1, 7)], 2),
            (2, [(0, 1, 7)], 1),
            (3, [(0, 1, 1), (1, 2, 5), (0, 2, 9)], 2),
            (4, [(0, 1, 1), (0, 2, 2), (0, 3, 3)], 2),
            (4, [(0, 1, 1), (2, 3, 2), (0, 2, 3), (1, 3, 4), (0, 3, 8)], 1),
            (5, [(0, 1, 1), (3, 4, 2), (1, 2, 3), (0, 4, 5), (2, 4, 6)], 2),
        ),
        lambda dice: (*roads(dice), dice.randint(1, 3)),
        ("leaders[first] = second", "leaders[one] = second"),
    ),
)
