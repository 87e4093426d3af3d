"""Fresh programs about graphs: written by somebody who had not read the templates."""

import itertools
import random
from typing import Any

from programs.program import Program, graph


def journey(dice: random.Random) -> Any:
    edges: Any = graph(dice)
    nodes = sorted(edges)
    return (edges, dice.choice(nodes), dice.choice(nodes))


def layers(dice: random.Random) -> Any:
    steps = ["a", "bcd", "efg", "h"]
    edges: dict[str, list[str]] = {"h": []}
    for here, ahead in itertools.pairwise(steps):
        for node in here:
            edges[node] = sorted(dice.sample(ahead, dice.randint(0, len(ahead))))
    return (edges, "a", dice.choice("efghhh"))


def roads(dice: random.Random) -> dict[str, list[str]]:
    nodes = "abcdefg"[: dice.randint(0, 7)]
    likely = dice.choice((0.3, 0.5, 0.7))
    to: dict[str, list[str]] = {node: [] for node in nodes}
    for i, one in enumerate(nodes):
        for other in nodes[i + 1 :]:
            if dice.random() < likely:
                to[one].append(other)
                to[other].append(one)
    return to


def party(dice: random.Random) -> Any:
    size = dice.randint(1, 5)
    knows = [[dice.randint(0, 1) for _ in range(size)] for _ in range(size)]
    star = dice.randrange(size)
    for person in range(size):
        if dice.random() < 0.95:
            knows[person][star] = 1
        knows[star][person] = 0
        knows[person][person] = 0
    return (knows,)


def rooted_tree(dice: random.Random) -> Any:
    nodes = "abcdefgh"[: dice.randint(1, 8)]
    children: dict[str, list[str]] = {node: [] for node in nodes}
    for i, node in enumerate(nodes[1:]):
        children[nodes[dice.randint(0, i)]].append(node)
    return (children, "a")


PROGRAMS = (
    Program(
        "count_shortest_paths",
        """
        from collections import deque


        def count_shortest_paths(graph, start, goal):
            \"\"\"In how many ways the goal can be reached in as few steps as possible.\"\"\"
            distance = {start: 0}
            ways = {start: 1}
            queue = deque([start])
            while queue:
                node = queue.popleft()
                for target in graph[node]:
                    if target not in distance:
                        distance[target] = distance[node] + 1
                        ways[target] = 0
                        queue.append(target)
                    if distance[target] == distance[node] + 1:
                        ways[target] += ways[node]
            return ways.get(goal, 0)
        """,
        (
            ({"a": []}, "a", "a"),
            ({"a": ["b"], "b": ["a"]}, "a", "b"),
            ({"a": ["b"], "b": ["a"], "c": ["a"]}, "a", "c"),
            ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, "a", "d"),
            ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["e"], "e": ["a"]}, "a", "e"),
            ({"a": ["b", "c"], "b": ["c", "d"], "c": ["d"], "d": ["e", "f"], "e": ["f"], "f": []}, "a", "f"),
            ({"a": ["b", "d"], "b": ["c"], "c": ["d"], "d": []}, "a", "d"),
        ),
        layers,
        ("ways[target] += ways[node]", "ways[target] += 1"),
    ),
    Program(
        "k_core",
        """
        def k_core(graph, k):
            \"\"\"The nodes left when those with fewer than k neighbours are taken away again and again.\"\"\"
            alive = set(graph)
            removed = True
            while removed:
                removed = False
                for node in sorted(alive):
                    degree = sum(1 for neighbour in graph[node] if neighbour in alive)
                    if degree < k:
                        alive.remove(node)
                        removed = True
            return sorted(alive)
        """,
        (
            ({}, 2),
            ({"a": []}, 0),
            ({"a": ["b"], "b": ["a"]}, 1),
            ({"a": ["b"], "b": ["a", "c"], "c": ["b"]}, 2),
            ({"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b", "d"], "d": ["c"]}, 2),
            ({"a": ["b", "c", "d"], "b": ["a", "c", "d"], "c": ["a", "b", "d"], "d": ["a", "b", "c"]}, 2),
            ({"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"]}, 3),
        ),
        lambda dice: (roads(dice), dice.randint(0, 4)),
        ("if degree < k:", "if degree <= k:"),
    ),
    Program(
        "iterative_deepening",
        """
        def within(graph, node, goal, limit):
            if node == goal:
                return True
            if limit == 0:
                return False
            return any(within(graph, target, goal, limit - 1) for target in graph[node])


        def iterative_deepening(graph, start, goal):
            \"\"\"The fewest steps from start to goal, or None.\"\"\"
            for limit in range(len(graph)):
                if within(graph, start, goal, limit):
                    return limit
            return None
        """,
        (
            ({"a": []}, "a", "a"),
            ({"a": ["b"], "b": []}, "a", "b"),
            ({"a": ["b"], "b": []}, "b", "a"),
            ({"a": ["b"], "b": ["c"], "c": []}, "a", "c"),
            ({"a": ["b", "d"], "b": ["c"], "c": ["d"], "d": []}, "a", "d"),
            ({"a": ["b"], "b": ["c"], "c": ["a"], "d": []}, "a", "d"),
            ({"a": ["b", "c"], "b": ["a"], "c": ["d"], "d": ["e"], "e": []}, "a", "e"),
        ),
        journey,
        ("goal, limit - 1)", "goal, limit)"),
    ),
    Program(
        "greedy_coloring",
        """
        def greedy_coloring(graph):
            \"\"\"Welsh and Powell: nodes with many neighbours first, each takes the lowest free color.\"\"\"
            colors = {}
            for node in sorted(graph, key=lambda each: (-len(graph[each]), each)):
                taken = {colors[neighbour] for neighbour in graph[node] if neighbour in colors}
                color = 0
                while color in taken:
                    color += 1
                colors[node] = color
            return colors
        """,
        (
            ({},),
            ({"a": []},),
            ({"a": ["b"], "b": ["a"]},),
            ({"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"]},),
            ({"a": ["b", "d"], "b": ["a", "c"], "c": ["b", "d"], "d": ["a", "c"]},),
            ({"a": ["b", "c", "d"], "b": ["a"], "c": ["a"], "d": ["a"]},),
            ({"a": ["b", "c", "d"], "b": ["a", "c", "d"], "c": ["a", "b", "d"], "d": ["a", "b", "c"]},),
        ),
        lambda dice: (roads(dice),),
        ("while color in taken:", "if color in taken:"),
    ),
    Program(
        "celebrity",
        """
        def celebrity(knows):
            \"\"\"Who knows nobody and is known by everybody else, or None.\"\"\"
            candidate = 0
            for person in range(1, len(knows)):
                if knows[candidate][person]:
                    candidate = person
            for person in range(len(knows)):
                if person == candidate:
                    continue
                if knows[candidate][person] or not knows[person][candidate]:
                    return None
            return candidate
        """,
        (
            ([[0]],),
            ([[0, 1], [0, 0]],),
            ([[0, 0], [1, 0]],),
            ([[0, 1], [1, 0]],),
            ([[0, 0], [0, 0]],),
            ([[0, 1, 1], [0, 0, 1], [0, 0, 0]],),
            ([[0, 1, 0], [0, 0, 0], [1, 1, 0]],),
            ([[0, 1, 0], [0, 0, 1], [1, 0, 0]],),
        ),
        party,
        ("if knows[candidate][person]:", "if knows[person][candidate]:"),
    ),
    Program(
        "tree_cover",
        """
        def cover_sizes(tree, node):
            \"\"\"The smallest cover of the edges below a node: without the node, and with it.\"\"\"
            without = 0
            taken = 1
            for child in tree[node]:
                child_without, child_taken = cover_sizes(tree, child)
                without += child_taken
                taken += min(child_without, child_taken)
            return without, taken


        def tree_cover(tree, root):
            return min(cover_sizes(tree, root))
        """,
        (
            ({"a": []}, "a"),
            ({"a": ["b"], "b": []}, "a"),
            ({"a": ["b", "c", "d"], "b": [], "c": [], "d": []}, "a"),
            ({"a": ["b"], "b": ["c"], "c": []}, "a"),
            ({"a": ["b"], "b": ["c"], "c": ["d"], "d": ["e"], "e": []}, "a"),
            ({"a": ["b", "c"], "b": ["d", "e"], "c": ["f"], "d": [], "e": [], "f": []}, "a"),
        ),
        rooted_tree,
        ("taken += min(child_without, child_taken)", "taken += child_taken"),
    ),
)
