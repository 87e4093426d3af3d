"""Fresh programs about graphs and boards: written by somebody who had not read the templates."""

from programs.program import Program, graph


def undirected(dice):
    """Node → its neighbours, both ways."""
    nodes = dice.randint(1, 7)
    near = {node: [] for node in range(nodes)}
    for a in range(nodes):
        for b in range(a + 1, nodes):
            if dice.random() < 0.3:
                near[a].append(b)
                near[b].append(a)
    return near


def tree_and_one(dice):
    """The edges of a tree, and one more edge, shuffled."""
    size = dice.randint(3, 8)
    edges = [[dice.randint(1, node - 1), node] for node in range(2, size + 1)]
    spare = [[a, b] for a in range(1, size + 1) for b in range(a + 1, size + 1) if [a, b] not in edges]
    edges.append(dice.choice(spare))
    dice.shuffle(edges)
    return edges


def letter_board(dice):
    """A board and a word that may be on it."""
    rows, columns = dice.randint(1, 4), dice.randint(1, 4)
    board = [[dice.choice("abc") for _ in range(columns)] for _ in range(rows)]
    return (board, "".join(dice.choice("abc") for _ in range(dice.randint(1, 5))))


PROGRAMS = (
    Program(
        "redundant_edge",
        """
        def redundant_edge(edges):
            parent = {}

            def find(x):
                parent.setdefault(x, x)
                while parent[x] != x:
                    x = parent[x]
                return x

            for a, b in edges:
                ra, rb = find(a), find(b)
                if ra == rb:
                    return [a, b]
                parent[ra] = rb
            return None
        """,
        (
            ([[1, 2], [1, 3], [2, 3]],),
            ([[1, 2], [2, 3], [3, 4], [1, 4], [1, 5]],),
            ([[1, 2]],),
            ([[3, 4], [1, 2], [2, 4], [2, 3]],),
            ([[1, 4], [1, 2], [1, 3], [4, 3], [2, 5]],),
        ),
        lambda dice: (tree_and_one(dice),),
        ("parent[ra] = rb", "parent[a] = rb"),
    ),
    Program(
        "rotting",
        """
        from collections import deque


        def rotting(grid):
            rows, cols = len(grid), len(grid[0])
            queue = deque()
            fresh = 0
            for r in range(rows):
                for c in range(cols):
                    if grid[r][c] == 2:
                        queue.append((r, c, 0))
                    elif grid[r][c] == 1:
                        fresh += 1
            minutes = 0
            while queue:
                r, c, minutes = queue.popleft()
                for nr, nc in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
                    if 0 <= nr < rows and 0 <= nc < cols and grid[nr][nc] == 1:
                        grid[nr][nc] = 2
                        fresh -= 1
                        queue.append((nr, nc, minutes + 1))
            return -1 if fresh else minutes
        """,
        (
            ([[2, 1, 1], [1, 1, 0], [0, 1, 1]],),
            ([[2, 1, 1], [0, 1, 1], [1, 0, 1]],),
            ([[0]],),
            ([[2, 0, 1]],),
            ([[1, 2]],),
            ([[2, 1, 1, 1, 1]],),
        ),
        lambda dice: (
            (lambda cols: [[dice.choice((0, 1, 1, 1, 2)) for _ in range(cols)] for _ in range(dice.randint(1, 4))])(
                dice.randint(1, 5)
            ),
        ),
        ("if 0 <= nr < rows and 0 <= nc < cols and", "if nr < rows and nc < cols and"),
    ),
    Program(
        "weak_points",
        """
        def weak_points(neighbours):
            found, low, cuts = {}, {}, set()

            def visit(node, parent):
                found[node] = low[node] = len(found)
                children = 0
                for other in neighbours[node]:
                    if other == parent:
                        continue
                    if other in found:
                        low[node] = min(low[node], found[other])
                    else:
                        children += 1
                        visit(other, node)
                        low[node] = min(low[node], low[other])
                        if parent is not None and low[other] >= found[node]:
                            cuts.add(node)
                if parent is None and children > 1:
                    cuts.add(node)

            for start in neighbours:
                if start not in found:
                    visit(start, None)
            return sorted(cuts)
        """,
        (
            ({0: [1], 1: [0, 2], 2: [1]},),
            ({0: []},),
            ({0: [1, 2], 1: [0, 2], 2: [0, 1]},),
            ({0: [1], 1: [0, 2, 3], 2: [1, 3], 3: [1, 2]},),
            ({0: [1, 2], 1: [0, 2], 2: [0, 1, 3, 4], 3: [2, 4], 4: [2, 3]},),
            ({0: [1, 2], 1: [0], 2: [0]},),
        ),
        lambda dice: (undirected(dice),),
        ("low[other] >= found[node]", "low[other] > found[node]"),
    ),
    Program(
        "widest_route",
        """
        from heapq import heappop, heappush


        def widest_route(roads, source, target):
            queue = [(-1000, source)]
            done = set()
            while queue:
                width, town = heappop(queue)
                width = -width
                if town == target:
                    return width
                if town in done:
                    continue
                done.add(town)
                for neighbour, lanes in roads[town].items():
                    heappush(queue, (-min(width, lanes), neighbour))
            return 0
        """,
        (
            ({"a": {"b": 5, "c": 2}, "b": {"c": 4}, "c": {}}, "a", "c"),
            ({"a": {}}, "a", "a"),
            ({"a": {}, "b": {}}, "a", "b"),
            ({"a": {"b": 3}, "b": {"c": 7}, "c": {}}, "a", "c"),
            ({"a": {"b": 1, "c": 9}, "b": {"d": 9}, "c": {"d": 8, "b": 6}, "d": {}}, "a", "d"),
        ),
        lambda dice: (lambda roads: (roads, dice.choice(sorted(roads)), dice.choice(sorted(roads))))(
            graph(dice, 7, weighted=True)
        ),
        ("(-min(width, lanes), neighbour)", "(min(width, lanes), neighbour)"),
    ),
    Program(
        "word_ladder",
        """
        from collections import deque


        def one_apart(a, b):
            return len(a) == len(b) and sum(x != y for x, y in zip(a, b)) == 1


        def word_ladder(start, goal, words):
            queue = deque([(start, 1)])
            unseen = set(words) - {start}
            while queue:
                current, length = queue.popleft()
                if current == goal:
                    return length
                for nxt in sorted(w for w in unseen if one_apart(current, w)):
                    unseen.discard(nxt)
                    queue.append((nxt, length + 1))
            return 0
        """,
        (
            ("hit", "cog", ["hot", "dot", "dog", "lot", "log", "cog"]),
            ("hit", "cog", ["hot", "dot", "dog"]),
            ("a", "a", []),
            ("aa", "bb", ["ab", "bb"]),
            ("aaa", "abc", ["aac", "abc", "aba", "caa", "cac", "cbc"]),
            ("aa", "ab", ["ab", "ac", "ca", "cb", "cc", "bc"]),
            ("aa", "ba", ["ba", "ca", "da", "db", "bb"]),
        ),
        lambda dice: (lambda words: (words[0], dice.choice(words), words[1:]))(
            sorted(
                {dice.choice("abc") + dice.choice("abc") + dice.choice("abc") for _ in range(dice.randint(2, 14))}
                | {"abc", "bca"}
            )
        ),
        ("queue.popleft()", "queue.pop()"),
    ),
    Program(
        "word_search",
        """
        def word_search(board, word):
            rows, cols = len(board), len(board[0])

            def look(r, c, k):
                if k == len(word):
                    return True
                if not (0 <= r < rows and 0 <= c < cols) or board[r][c] != word[k]:
                    return False
                board[r][c] = None
                found = any(look(r + dr, c + dc, k + 1) for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)))
                board[r][c] = word[k]
                return found

            return any(look(r, c, 0) for r in range(rows) for c in range(cols))
        """,
        (
            ([["a", "b"], ["c", "d"]], "abdc"),
            ([["a", "b"], ["c", "d"]], "ad"),
            ([["a"]], "aa"),
            ([["a", "a", "b"]], "aab"),
            ([["b", "a", "a"]], "aab"),
            ([["a", "b", "a"], ["c", "a", "b"]], "abac"),
            ([["a", "a", "c"], ["b", "b", "c"]], "abbc"),
        ),
        letter_board,
        ("        board[r][c] = word[k]\n", ""),
    ),
)
