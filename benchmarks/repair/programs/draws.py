"""Random inputs for the programs of 2026-11-30 that are more than lists of numbers and words."""

import random
from typing import Any

from programs.program import word


def undirected(dice: random.Random, most: int = 7) -> dict[str, Any]:
    """Node → its neighbours, both ways, no loops."""
    nodes = "abcdefgh"[: dice.randint(1, most)]
    around: dict[str, Any] = {node: [] for node in nodes}
    for first in nodes:
        for second in nodes:
            if first < second and dice.random() < 0.35:
                around[first].append(second)
                around[second].append(first)
    return around


def tree(dice: random.Random, depth: int = 4) -> Any:
    """Nested (left, value, right) or None."""
    if depth == 0 or dice.random() < 0.25:
        return None
    return (tree(dice, depth - 1), dice.randint(-9, 9), tree(dice, depth - 1))


def search_tree(dice: random.Random, values: list[int]) -> Any:
    """A nested (left, value, right) with all values once."""
    if not values:
        return None
    at = dice.randrange(len(values))
    return (search_tree(dice, values[:at]), values[at], search_tree(dice, values[at + 1 :]))


def ancestors(dice: random.Random) -> Any:
    values = list(range(dice.randint(1, 12)))
    return (search_tree(dice, values), dice.choice(values), dice.choice(values))


def preferences(dice: random.Random) -> Any:
    size = dice.randint(1, 5)
    rows = [[dice.sample(range(size), size) for _ in range(size)] for _ in range(2)]
    return (rows[0], rows[1])


def flow_network(dice: random.Random) -> Any:
    size = dice.randint(2, 6)
    capacity = [
        [dice.choice([0, 0, dice.randint(1, 9)]) if row != col else 0 for col in range(size)] for row in range(size)
    ]
    if dice.random() < 0.4:  # a net where a first path has to be taken back
        middle = dice.sample(range(1, 5), 4)
        capacity = [[0] * 6 for _ in range(6)]
        for u, v in ((0, 1), (0, 2), (1, 3), (1, 4), (2, 3), (3, 5), (4, 5)):
            names = [0, *middle, 5]
            capacity[names[u]][names[v]] = dice.randint(1, 3)
        size = 6
    return (capacity, 0, size - 1)


def euler_edges(dice: random.Random) -> Any:
    """A closed walk, as edges, none of them twice."""
    edges: list[Any] = []
    walk = [0]
    used: set[Any] = set()
    for _ in range(dice.randint(0, 10)):
        to = dice.randint(0, 5)
        pair = (min(walk[-1], to), max(walk[-1], to))
        if to != walk[-1] and pair not in used:
            used.add(pair)
            edges.append((walk[-1], to))
            walk.append(to)
    dice.shuffle(edges)
    return (edges, 0)


def board(dice: random.Random) -> Any:
    """A four by four sudoku with holes, now and then an impossible one."""
    full = [[1, 2, 3, 4], [3, 4, 1, 2], [2, 1, 4, 3], [4, 3, 2, 1]]
    names = dice.sample([1, 2, 3, 4], 4)
    rows = [[names[each - 1] if dice.random() < 0.4 else 0 for each in row] for row in full]
    if dice.random() < 0.3:
        rows[dice.randint(0, 3)][dice.randint(0, 3)] = dice.randint(1, 4)
    return (rows,)


def formula(dice: random.Random, depth: int = 2) -> str:
    text = ""
    for _ in range(dice.randint(1, 3)):
        if depth and dice.random() < 0.4:
            text += "(" + formula(dice, depth - 1) + ")"
        else:
            text += dice.choice(["H", "O", "Na", "Cl", "C", "Fe"])
        text += dice.choice(["", "2", "3", "12"])
    return text


def nested_runs(dice: random.Random, depth: int = 2) -> str:
    text = ""
    for _ in range(dice.randint(1, 3)):
        if depth and dice.random() < 0.5:
            text += str(dice.choice([1, 2, 3, 10])) + "[" + nested_runs(dice, depth - 1) + "]"
        else:
            text += dice.choice(["a", "b", "xy"])
    return text


def braces(dice: random.Random, depth: int = 2) -> str:
    text = ""
    for _ in range(dice.randint(1, 2)):
        if depth and dice.random() < 0.5:
            text += "{" + ",".join(braces(dice, depth - 1) for _ in range(dice.randint(1, 3))) + "}"
        else:
            text += dice.choice(["a", "b", "xy", ""])
    return text


def packed(dice: random.Random) -> Any:
    """A text of a and b as the numbers that LZW gives."""
    text = word(dice, "ab", 14) + "a"
    table = {"a": 0, "b": 1}
    codes = []
    current = ""
    for letter in text:
        if current + letter in table:
            current += letter
        else:
            codes.append(table[current])
            table[current + letter] = len(table)
            current = letter
    return ([*codes, table[current]], "ab")


def transformed(dice: random.Random) -> Any:
    text = word(dice, "abn", 9) + "$"
    turns = sorted(text[at:] + text[:at] for at in range(len(text)))
    return ("".join(each[-1] for each in turns),)


def lisp(dice: random.Random, depth: int = 3) -> str:
    if depth == 0 or dice.random() < 0.25:
        return str(dice.randint(-9, 99))
    parts = [lisp(dice, depth - 1) for _ in range(dice.randint(1, 3))]
    return "(" + " ".join([dice.choice("+-*"), *parts]) + ")"


def mixed(dice: random.Random) -> Any:
    first, second = word(dice, "ab", 5), word(dice, "ab", 5)
    left, right, both = list(first), list(second), ""
    while left or right:
        both += (left if left and (not right or dice.random() < 0.5) else right).pop(0)
    if dice.random() < 0.3:
        both = both[::-1]
    return (first, second, both)


def spans(dice: random.Random) -> Any:
    starts = [dice.randint(0, 12) for _ in range(dice.randint(0, 7))]
    return ([(start, start + dice.randint(1, 6), dice.randint(1, 9)) for start in starts],)


def cities(dice: random.Random) -> Any:
    starts = [dice.randint(0, 12) for _ in range(dice.randint(0, 6))]
    return ([(start, start + dice.randint(1, 6), dice.randint(1, 6)) for start in starts],)


def fenwick_calls(dice: random.Random) -> Any:
    values = [dice.randint(-9, 9) for _ in range(dice.randint(1, 9))]
    calls: list[Any] = []
    for _ in range(dice.randint(1, 6)):
        first, last = sorted((dice.randrange(len(values)), dice.randrange(len(values))))
        if dice.random() < 0.5:
            calls.append(("add", first, dice.randint(-5, 5)))
        else:
            calls.append(("sum", first, last))
    return (values, calls)


def square(dice: random.Random) -> Any:
    size = dice.randint(0, 6)
    return ([[dice.randint(0, 99) for _ in range(size)] for _ in range(size)],)
