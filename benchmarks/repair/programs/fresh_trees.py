"""Fresh programs about graphs and trees: written by somebody who had not read the templates."""

from programs.draws import ancestors, euler_edges, flow_network, tree, undirected
from programs.program import Program

PROGRAMS = (
    Program(
        "articulation_points",
        """
        def articulation_points(graph):
            order = {}
            low = {}
            cuts = set()

            def explore(node, parent):
                order[node] = low[node] = len(order)
                children = 0
                for neighbour in graph[node]:
                    if neighbour == parent:
                        continue
                    if neighbour in order:
                        low[node] = min(low[node], order[neighbour])
                    else:
                        children += 1
                        explore(neighbour, node)
                        low[node] = min(low[node], low[neighbour])
                        if parent is not None and low[neighbour] >= order[node]:
                            cuts.add(node)
                if parent is None and children > 1:
                    cuts.add(node)

            for node in graph:
                if node not in order:
                    explore(node, None)
            return sorted(cuts)
        """,
        (
            ({"a": ["b"], "b": ["a", "c"], "c": ["b"]},),
            ({"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"]},),
            ({"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b", "d"], "d": ["c"]},),
            ({"a": []},),
            ({"a": ["b", "c"], "b": ["a"], "c": ["a"]},),
            (
                {
                    "a": ["b"],
                    "b": ["a", "c", "d"],
                    "c": ["b", "d"],
                    "d": ["b", "c", "e"],
                    "e": ["d", "f"],
                    "f": ["e"],
                },
            ),
        ),
        lambda dice: (undirected(dice),),
        ("low[neighbour] >= order[node]", "low[neighbour] > order[node]"),
    ),
    Program(
        "euler_circuit",
        """
        from collections import defaultdict


        def euler_circuit(edges, start):
            around = defaultdict(list)
            for one, other in edges:
                around[one].append(other)
                around[other].append(one)
            stack = [start]
            circuit = []
            while stack:
                here = stack[-1]
                if around[here]:
                    there = around[here].pop()
                    around[there].remove(here)
                    stack.append(there)
                else:
                    circuit.append(stack.pop())
            return circuit[::-1]
        """,
        (
            ([], 0),
            ([(0, 1), (1, 2), (2, 0)], 0),
            ([(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 2)], 2),
            ([(0, 1)], 0),
            ([(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)], 0),
        ),
        euler_edges,
        ("            around[there].remove(here)\n", ""),
    ),
    Program(
        "max_flow",
        """
        from collections import deque


        def augmenting_path(capacity, source, sink):
            parent = {source: None}
            queue = deque([source])
            while queue:
                u = queue.popleft()
                for v, room in enumerate(capacity[u]):
                    if room > 0 and v not in parent:
                        parent[v] = u
                        queue.append(v)
            return parent if sink in parent else None


        def max_flow(capacity, source, sink):
            capacity = [row[:] for row in capacity]
            total = 0
            while True:
                parent = augmenting_path(capacity, source, sink)
                if parent is None:
                    return total
                bottleneck = float("inf")
                v = sink
                while v != source:
                    bottleneck = min(bottleneck, capacity[parent[v]][v])
                    v = parent[v]
                v = sink
                while v != source:
                    u = parent[v]
                    capacity[u][v] -= bottleneck
                    capacity[v][u] += bottleneck
                    v = u
                total += bottleneck
        """,
        (
            ([[0, 5], [0, 0]], 0, 1),
            ([[0, 3, 2, 0], [0, 0, 0, 4], [0, 0, 0, 5], [0, 0, 0, 0]], 0, 3),
            ([[0, 0], [3, 0]], 0, 1),
            (
                [
                    [0, 1, 1, 0, 0, 0],
                    [0, 0, 0, 1, 1, 0],
                    [0, 0, 0, 0, 1, 0],
                    [0, 0, 0, 0, 0, 1],
                    [0, 0, 0, 0, 0, 0],
                    [0, 0, 0, 0, 0, 0],
                ],
                0,
                5,
            ),
            (
                [
                    [0, 1, 1, 0, 0, 0],
                    [0, 0, 0, 1, 1, 0],
                    [0, 0, 0, 1, 0, 0],
                    [0, 0, 0, 0, 0, 1],
                    [0, 0, 0, 0, 0, 1],
                    [0, 0, 0, 0, 0, 0],
                ],
                0,
                5,
            ),
        ),
        flow_network,
        ("            capacity[v][u] += bottleneck\n", ""),
    ),
    Program(
        "tree_set",
        """
        class Node:
            def __init__(self, key):
                self.key, self.left, self.right = key, None, None


        def add(node, key):
            if node is None:
                return Node(key)
            if key < node.key:
                node.left = add(node.left, key)
            elif key > node.key:
                node.right = add(node.right, key)
            return node


        def drop(node, key):
            if node is None:
                return None
            if key < node.key:
                node.left = drop(node.left, key)
            elif key > node.key:
                node.right = drop(node.right, key)
            elif node.left is None:
                return node.right
            elif node.right is None:
                return node.left
            else:
                heir = node.right
                while heir.left is not None:
                    heir = heir.left
                node.key = heir.key
                node.right = drop(node.right, heir.key)
            return node


        def in_order(node):
            return in_order(node.left) + [node.key] + in_order(node.right) if node else []


        def tree_set(calls):
            root = None
            for name, key in calls:
                root = add(root, key) if name == "add" else drop(root, key)
            return in_order(root)
        """,
        (
            ([],),
            ([("add", 3), ("add", 1), ("add", 2)],),
            ([("add", 3), ("add", 1), ("drop", 3)],),
            ([("add", 3), ("add", 1), ("add", 5), ("drop", 3)],),
            ([("add", 4), ("add", 2), ("add", 8), ("add", 6), ("add", 9), ("drop", 4)],),
            ([("drop", 1), ("add", 1), ("add", 1), ("drop", 1)],),
        ),
        lambda dice: ([(dice.choice(["add", "add", "drop"]), dice.randint(0, 9)) for _ in range(dice.randint(0, 40))],),
        ("node.right = drop(node.right, heir.key)", "node.right = drop(heir, heir.key)"),
    ),
    Program(
        "lowest_common_ancestor",
        """
        def contains(tree, value):
            if tree is None:
                return False
            left, here, right = tree
            return here == value or contains(left, value) or contains(right, value)


        def lowest_common_ancestor(tree, one, other):
            left, here, right = tree
            if here in (one, other):
                return here
            one_left = contains(left, one)
            other_left = contains(left, other)
            if one_left != other_left:
                return here
            return lowest_common_ancestor(left if one_left else right, one, other)
        """,
        (
            ((None, 1, None), 1, 1),
            (((None, 1, None), 2, (None, 3, None)), 1, 3),
            ((((None, 1, None), 2, (None, 3, None)), 4, (None, 5, None)), 1, 3),
            ((((None, 1, None), 2, (None, 3, None)), 4, (None, 5, None)), 3, 2),
            ((((None, 1, None), 2, None), 4, ((None, 5, None), 6, (None, 7, None))), 5, 7),
            ((((None, 1, None), 2, None), 4, ((None, 5, None), 6, (None, 7, None))), 2, 7),
        ),
        ancestors,
        ("if here in (one, other):", "if here == one:"),
    ),
    Program(
        "tree_diameter",
        """
        class Node:
            def __init__(self, left, value, right):
                self.left, self.value, self.right = left, value, right


        def build(nested):
            if nested is None:
                return None
            left, value, right = nested
            return Node(build(left), value, build(right))


        def tree_diameter(nested):
            longest = 0

            def height(node):
                nonlocal longest
                if node is None:
                    return 0
                left = height(node.left)
                right = height(node.right)
                longest = max(longest, left + right)
                return 1 + max(left, right)

            height(build(nested))
            return longest
        """,
        (
            (None,),
            ((None, 1, None),),
            (((None, 1, None), 2, (None, 3, None)),),
            ((((None, 1, None), 2, None), 3, None),),
            ((((None, 1, (None, 8, None)), 2, ((None, 4, None), 5, None)), 3, None),),
            ((((None, 1, None), 2, None), 3, (None, 4, ((None, 6, None), 5, None))),),
        ),
        lambda dice: (tree(dice, 5),),
        ("longest = max(longest, left + right)", "longest = left + right"),
    ),
)
