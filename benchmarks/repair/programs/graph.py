"""Programs on graphs and grids."""

from programs.program import Program, graph

_GRID = [[1, 1, 0], [0, 1, 0], [1, 0, 1]]

PROGRAMS = (
    Program(
        "is_bipartite",
        """
        def is_bipartite(neighbours):
            colour = {}
            for start in neighbours:
                if start in colour:
                    continue
                colour[start] = 0
                waiting = [start]
                while waiting:
                    node = waiting.pop()
                    for other in neighbours[node]:
                        if other not in colour:
                            colour[other] = 1 - colour[node]
                            waiting.append(other)
                        elif colour[other] == colour[node]:
                            return False
            return True
        """,
        (
            ({},),
            ({"a": ["b"], "b": ["a"]},),
            ({"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"]},),
            ({"a": [], "b": ["c"], "c": ["b"]},),
            ({"a": ["b", "d"], "b": ["a", "c"], "c": ["b", "d"], "d": ["a", "c"]},),
            ({"z": [], "a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"]},),
        ),
        lambda dice: (graph(dice),),
        ("colour[other] = 1 - colour[node]", "colour[other] = 1"),
    ),
    Program(
        "components",
        """
        def components(nodes, edges):
            parent = {node: node for node in nodes}

            def root(node):
                while parent[node] != node:
                    parent[node] = parent[parent[node]]
                    node = parent[node]
                return node

            for one, other in edges:
                parent[root(one)] = root(other)
            groups = {}
            for node in nodes:
                groups.setdefault(root(node), []).append(node)
            return sorted(groups.values())
        """,
        (
            ([], []),
            ([1, 2, 3], []),
            ([1, 2, 3], [(1, 2)]),
            ([1, 2, 3], [(1, 2), (1, 3)]),
            ([1, 2, 3, 4], [(1, 2), (3, 4), (2, 3)]),
            ([1, 2, 3, 4, 5], [(5, 1), (4, 2), (1, 3)]),
        ),
        lambda dice: (
            list(range(count := dice.randint(1, 8))),
            [(dice.randrange(count), dice.randrange(count)) for _ in range(dice.randint(0, 8))],
        ),
        ("parent[root(one)] = root(other)", "parent[one] = root(other)"),
    ),
    Program(
        "cheapest_path",
        """
        import heapq


        def cheapest_path(graph, start, goal):
            waiting = [(0, start)]
            done = set()
            while waiting:
                cost, node = heapq.heappop(waiting)
                if node == goal:
                    return cost
                if node in done:
                    continue
                done.add(node)
                for other, length in graph.get(node, {}).items():
                    if other not in done:
                        heapq.heappush(waiting, (cost + length, other))
            return None
        """,
        (
            ({"a": {"b": 4, "c": 1}, "c": {"b": 2}}, "a", "b"),
            ({"a": {"b": 1}, "b": {"c": 2}, "c": {}}, "a", "c"),
            ({"a": {}}, "a", "a"),
            ({"a": {}, "b": {}}, "a", "b"),
            ({"a": {"b": 7, "c": 3}, "b": {"d": 1}, "c": {"b": 1, "d": 9}, "d": {}}, "a", "d"),
        ),
        lambda dice: (graph(dice, weighted=True), "a", dice.choice("abcdef")),
        ("(cost + length, other)", "(length, other)"),
    ),
    Program(
        "strong_components",
        """
        def strong_components(graph):
            number, low, stack, found = {}, {}, [], []

            def visit(node):
                number[node] = low[node] = len(number)
                stack.append(node)
                for other in graph[node]:
                    if other not in number:
                        visit(other)
                        low[node] = min(low[node], low[other])
                    elif other in stack:
                        low[node] = min(low[node], number[other])
                if low[node] == number[node]:
                    component = []
                    while not component or component[-1] != node:
                        component.append(stack.pop())
                    found.append(sorted(component))

            for node in graph:
                if node not in number:
                    visit(node)
            return sorted(found)
        """,
        (
            ({},),
            ({"a": []},),
            ({"a": ["b"], "b": ["a"]},),
            ({"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": []},),
            ({"a": ["b"], "b": [], "c": ["b", "d"], "d": ["c"]},),
            ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["b"]},),
        ),
        lambda dice: (graph(dice),),
        ("elif other in stack:", "else:"),
    ),
    Program(
        "bridges",
        """
        def bridges(neighbours):
            order, low, found = {}, {}, []

            def visit(node, parent):
                order[node] = low[node] = len(order)
                for other in neighbours[node]:
                    if other == parent:
                        continue
                    if other in order:
                        low[node] = min(low[node], order[other])
                    else:
                        visit(other, node)
                        low[node] = min(low[node], low[other])
                        if low[other] > order[node]:
                            found.append((node, other))

            for node in neighbours:
                if node not in order:
                    visit(node, None)
            return sorted(found)
        """,
        (
            ({},),
            ({1: [2], 2: [1]},),
            ({1: [2, 3], 2: [1, 3], 3: [1, 2]},),
            ({1: [2, 3], 2: [1, 3], 3: [1, 2, 4], 4: [3]},),
            ({1: [2], 2: [1, 3], 3: [2, 4], 4: [3]},),
        ),
        lambda dice: (_both_ways(graph(dice)),),
        ("if low[other] > order[node]:", "if low[other] >= order[node]:"),
    ),
    Program(
        "count_islands",
        """
        def count_islands(grid):
            seen = set()

            def spread(row, column):
                if not (0 <= row < len(grid) and 0 <= column < len(grid[0])):
                    return
                if grid[row][column] == 0 or (row, column) in seen:
                    return
                seen.add((row, column))
                for down, right in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                    spread(row + down, column + right)

            islands = 0
            for row in range(len(grid)):
                for column in range(len(grid[0])):
                    if grid[row][column] == 1 and (row, column) not in seen:
                        islands += 1
                        spread(row, column)
            return islands
        """,
        (([],), ([[1]],), ([[0]],), (_GRID,), ([[1, 0, 1, 0, 1]],), ([[1, 1], [1, 1], [0, 0], [1, 0]],)),
        lambda dice: ([[dice.randint(0, 1) for _ in range(4)] for _ in range(dice.randint(1, 4))],),
        ("spread(row + down, column + right)", "spread(row + down, column)"),
    ),
    Program(
        "game_of_life",
        """
        def game_of_life(grid):
            height, width = len(grid), len(grid[0])

            def alive(row, column):
                total = 0
                for y in range(max(0, row - 1), min(height, row + 2)):
                    for x in range(max(0, column - 1), min(width, column + 2)):
                        if (y, x) != (row, column):
                            total += grid[y][x]
                return total

            following = []
            for row in range(height):
                line = []
                for column in range(width):
                    around = alive(row, column)
                    line.append(int(around == 3 or (around == 2 and grid[row][column] == 1)))
                following.append(line)
            return following
        """,
        (
            ([[0]],),
            ([[1]],),
            ([[0, 1, 0], [0, 1, 0], [0, 1, 0]],),
            ([[1, 1], [1, 0]],),
            ([[1, 1, 1], [1, 1, 1], [1, 1, 1]],),
            (_GRID,),
        ),
        lambda dice: ([[dice.randint(0, 1) for _ in range(4)] for _ in range(dice.randint(1, 4))],),
        ("min(width, column + 2)", "min(width, column + 1)"),
    ),
    Program(
        "knight_moves",
        """
        from collections import deque


        def knight_moves(size, start, goal):
            waiting = deque([(start, 0)])
            seen = {start}
            while waiting:
                (row, column), steps = waiting.popleft()
                if (row, column) == goal:
                    return steps
                for down, right in ((1, 2), (2, 1), (-1, 2), (-2, 1), (1, -2), (2, -1), (-1, -2), (-2, -1)):
                    field = row + down, column + right
                    if 0 <= field[0] < size and 0 <= field[1] < size and field not in seen:
                        seen.add(field)
                        waiting.append((field, steps + 1))
            return -1
        """,
        (
            (8, (0, 0), (0, 0)),
            (8, (0, 0), (1, 2)),
            (3, (0, 0), (1, 1)),
            (8, (0, 0), (7, 7)),
            (5, (2, 2), (4, 4)),
            (4, (0, 0), (0, 3)),
        ),
        lambda dice: (
            size := dice.randint(1, 5),
            (dice.randrange(size), dice.randrange(size)),
            (dice.randrange(size), dice.randrange(size)),
        ),
        ("waiting.popleft()", "waiting.pop()"),
    ),
)


def _both_ways(edges: dict[str, list[str]]) -> dict[str, list[str]]:
    return {
        node: sorted({other for other in edges if other != node and (other in edges[node] or node in edges[other])})
        for node in edges
    }
