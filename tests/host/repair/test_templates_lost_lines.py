"""Lines and beginnings that such code mostly has, and where they are among the candidates when they are gone."""

import ast
from textwrap import dedent

import pytest

from .offered import offered

REACHED = """
def reached(near, start):
    seen = {start}
    todo = [start]
    while todo:
        here = todo.pop()
        for there in near[here]:
            if there not in seen:
                seen.add(there)
                todo.append(there)
    return seen
"""
FAR = """
def far(near, start):
    steps = {start: 0}
    todo = [start]
    while todo:
        here = todo.pop(0)
        for there in near[here]:
            if there not in steps:
                steps[there] = steps[here] + 1
                todo.append(there)
    return steps
"""
RUNS = """
def runs(values):
    found, run = [], []
    for value in values:
        if run and run[-1] != value:
            found.append(run)
            run = []
        run.append(value)
    found.append(run)
    return found
"""
DIGITS = """
def added(one, other):
    digits, carry = [], 0
    for x, y in zip(one, other):
        total = x + y + carry
        digits.append(total % 10)
        carry = total // 10
    if carry:
        digits.append(carry)
    return digits
"""
LONGEST = """
def longest(values):
    best = run = 0
    for value in values:
        if value:
            run += 1
        else:
            run = 0
        best = max(best, run)
    return best
"""
ZEROS = """
def without_zeros(values):
    at = 0
    while at < len(values):
        if values[at] == 0:
            values.pop(at)
        else:
            at += 1
    return values
"""
VISIT = """
def visit(near, here, seen):
    seen.add(here)
    for there in near[here]:
        if there not in seen:
            visit(near, there, seen)
    return seen
"""
UNIQUE = """
def unique(values):
    seen, found = set(), []
    for value in values:
        if value not in seen:
            seen.add(value)
            found.append(value)
    return found
"""
NESTED = """
def balanced(text):
    depth = 0
    for letter in text:
        if letter == "(":
            depth += 1
        else:
            depth -= 1
            if depth < 0:
                return False
    return depth == 0
"""
PLACES = """
def places(rank, sizes):
    found = []
    for size in sizes:
        place = rank // size
        rank %= size
        found.append(place)
    return found
"""
BOARD = """
def board(width, height):
    rows = [[0] * width for _ in range(height)]
    rows[0][0] = 1
    return rows
"""
COUNTED = """
def counted(words):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
"""
SPELT = """
def spelt(board, at, word, place):
    if place == len(word):
        return True
    if board[at] != word[place]:
        return False
    board[at] = None
    found = spelt(board, at + 1, word, place + 1)
    board[at] = word[place]
    return found
"""
SPARED = """
def victim(pages, spared, hand):
    while spared[hand]:
        spared[hand] = False
        hand = (hand + 1) % len(pages)
    return hand
"""
ODD_LAST = """
def without(node, unwanted):
    first = last = Node(0)
    while node:
        if node.value != unwanted:
            last.next = node
            last = node
        node = node.next
    last.next = None
    return first.next
"""
STRETCHES = """
def stretches(values):
    first = last = None
    found = []
    for value in values:
        if last is not None and value == last + 1:
            last = value
            continue
        if last is not None:
            found.append((first, last))
        first = last = value
    return found, first, last
"""
DEPTHS = """
def depths(near, root):
    parent, depth, todo = {root: None}, {root: 0}, [root]
    while todo:
        here = todo.pop()
        for there in near[here]:
            parent[there] = here
            depth[there] = depth[here] + 1
            todo.append(there)
        print(here, depth[here])
    return depth
"""
SIZES = """
def measured(near, here, size):
    size[here] = 1
    for there in near[here]:
        measured(near, there, size)
        size[here] += size[there]
"""
GONE = {
    "a start that counts as seen": (REACHED, "seen = {start}", "seen = set()"),
    "a start that is no steps away": (FAR, "{start: 0}", "{}"),
    "a last run": (RUNS, "    found.append(run)\n    return", "    return"),
    "a last digit": (DIGITS, "    if carry:\n        digits.append(carry)\n", ""),
    "a run that ends": (LONGEST, "        else:\n            run = 0\n", ""),
    "a step only where nothing was taken out": (ZEROS, "        else:\n            at += 1\n", "        at += 1\n"),
    "a neighbour that was seen": (
        VISIT,
        "        if there not in seen:\n            visit(near, there, seen)\n",
        "        visit(near, there, seen)\n",
    ),
    "a mark": (UNIQUE, "            seen.add(value)\n", ""),
    "an early answer": (NESTED, "            if depth < 0:\n                return False\n", ""),
    "what remains": (PLACES, "        rank %= size\n", ""),
    "rows of their own": (BOARD, "[[0] * width for _ in range(height)]", "[[0] * width] * height"),
    "a first count": (COUNTED, "counts.get(word, 0)", "counts[word]"),
    "what stood there before": (SPELT, "    board[at] = word[place]\n", ""),
    "a mark that is taken away": (SPARED, "        spared[hand] = False\n", ""),
    "the end of a chain": (ODD_LAST, "    last.next = None\n", ""),
    "what is kept before going on": (
        STRETCHES,
        "            last = value\n            continue\n",
        "            continue\n",
    ),
    "what goes down a tree": (DEPTHS, "            depth[there] = depth[here] + 1\n", ""),
    "what comes up a tree": (SIZES, "        size[here] += size[there]\n", ""),
}
AMONG = 300


@pytest.mark.parametrize("what", GONE)
def test_what_is_gone_is_among_the_first(what: str) -> None:
    right, line, wrong = GONE[what]
    right = dedent(right).lstrip()
    assert right.count(line) == 1
    assert ast.dump(ast.parse(right)) in [ast.dump(each) for each in offered(right.replace(line, wrong), AMONG)]
