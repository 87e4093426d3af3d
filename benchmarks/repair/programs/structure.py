"""Programs around data structures, driven by lists of operations."""

import random
from typing import Any

from programs.program import Program, numbers

PROGRAMS = (
    Program(
        "lru_cache",
        """
        class Cache:
            def __init__(self, capacity):
                self.capacity = capacity
                self.items = {}

            def get(self, key):
                if key not in self.items:
                    return None
                value = self.items.pop(key)
                self.items[key] = value
                return value

            def put(self, key, value):
                if key in self.items:
                    self.items.pop(key)
                elif len(self.items) >= self.capacity:
                    oldest = next(iter(self.items))
                    del self.items[oldest]
                self.items[key] = value


        def lru_cache(capacity, operations):
            cache = Cache(capacity)
            answers = []
            for name, *arguments in operations:
                answers.append(getattr(cache, name)(*arguments))
            return answers, list(cache.items.items())
        """,
        (
            (1, [("put", "a", 1), ("get", "a"), ("put", "b", 2), ("get", "a")]),
            (2, [("put", "a", 1), ("put", "b", 2), ("get", "a"), ("put", "c", 3), ("get", "b"), ("get", "a")]),
            (2, [("get", "x")]),
            (2, [("put", "a", 1), ("put", "a", 2), ("put", "b", 3), ("get", "a")]),
            (3, [("put", "a", 1), ("put", "b", 2), ("put", "c", 3), ("put", "a", 4), ("put", "d", 5)]),
        ),
        lambda dice: (dice.randint(1, 3), _puts_and_gets(dice)),
        ("self.items[key] = value\n        return value", "return value"),
    ),
    Program(
        "heap_operations",
        """
        class Heap:
            def __init__(self):
                self.values = []

            def push(self, value):
                self.values.append(value)
                child = len(self.values) - 1
                while child > 0:
                    parent = (child - 1) // 2
                    if self.values[parent] <= self.values[child]:
                        break
                    self.values[parent], self.values[child] = self.values[child], self.values[parent]
                    child = parent

            def pop(self):
                last = self.values.pop()
                if not self.values:
                    return last
                first, self.values[0] = self.values[0], last
                parent = 0
                while 2 * parent + 1 < len(self.values):
                    child = 2 * parent + 1
                    if child + 1 < len(self.values) and self.values[child + 1] < self.values[child]:
                        child += 1
                    if self.values[parent] <= self.values[child]:
                        break
                    self.values[parent], self.values[child] = self.values[child], self.values[parent]
                    parent = child
                return first


        def heap_operations(values):
            heap = Heap()
            for value in values:
                heap.push(value)
            return [heap.pop() for _ in values]
        """,
        (([],), ([1],), ([3, 1, 2],), ([5, 4, 3, 2, 1],), ([2, 2, 1],), ([7, -1, 4, 9, 0, 3, 8],)),
        lambda dice: (numbers(dice, 12),),
        ("parent = 0\n", "parent = 1\n"),
    ),
    Program(
        "tree_after",
        """
        class Node:
            def __init__(self, key):
                self.key = key
                self.left = None
                self.right = None


        def insert(node, key):
            if node is None:
                return Node(key)
            if key < node.key:
                node.left = insert(node.left, key)
            elif key > node.key:
                node.right = insert(node.right, key)
            return node


        def delete(node, key):
            if node is None:
                return None
            if key < node.key:
                node.left = delete(node.left, key)
            elif key > node.key:
                node.right = delete(node.right, key)
            elif node.left is None:
                return node.right
            elif node.right is None:
                return node.left
            else:
                following = node.right
                while following.left is not None:
                    following = following.left
                node.key = following.key
                node.right = delete(node.right, following.key)
            return node


        def in_order(node):
            return in_order(node.left) + [node.key] + in_order(node.right) if node else []


        def tree_after(inserted, deleted):
            root = None
            for key in inserted:
                root = insert(root, key)
            for key in deleted:
                root = delete(root, key)
            return in_order(root)
        """,
        (
            ([], []),
            ([2, 1, 3], [2]),
            ([5, 3, 8, 7, 9], [5]),
            ([1, 2, 3], [1]),
            ([3, 2, 1], [2, 3]),
            ([4, 2, 6, 5, 7], [9, 6]),
        ),
        lambda dice: (numbers(dice, 8), numbers(dice, 4)),
        ("node.right = delete(node.right, following.key)", "node.right = delete(node.right, key)"),
    ),
    Program(
        "prefix_words",
        """
        class Trie:
            def __init__(self):
                self.children = {}
                self.is_word = False

            def add(self, word):
                node = self
                for letter in word:
                    node = node.children.setdefault(letter, Trie())
                node.is_word = True

            def words(self, prefix=""):
                if self.is_word:
                    yield prefix
                for letter in sorted(self.children):
                    yield from self.children[letter].words(prefix + letter)


        def prefix_words(words, prefix):
            root = Trie()
            for word in words:
                root.add(word)
            node = root
            for letter in prefix:
                if letter not in node.children:
                    return []
                node = node.children[letter]
            return list(node.words(prefix))
        """,
        (
            (["car", "cart", "dog"], "car"),
            (["car", "cat"], "x"),
            ([], ""),
            (["a", "ab", "abc"], "ab"),
            (["b", "a"], ""),
            (["tea", "ten", "to"], "te"),
        ),
        lambda dice: (
            ["".join(dice.choices("ab", k=dice.randint(1, 4))) for _ in range(dice.randint(0, 6))],
            dice.choice(["", "a", "b", "ab"]),
        ),
        (".words(prefix + letter)", ".words(letter)"),
    ),
    Program(
        "prefix_sums",
        """
        class Fenwick:
            def __init__(self, size):
                self.sums = [0] * (size + 1)

            def add(self, position, amount):
                position += 1
                while position < len(self.sums):
                    self.sums[position] += amount
                    position += position & -position

            def total(self, end):
                result = 0
                while end > 0:
                    result += self.sums[end]
                    end -= end & -end
                return result


        def prefix_sums(values):
            tree = Fenwick(len(values))
            for position, value in enumerate(values):
                tree.add(position, value)
            return [tree.total(end) for end in range(len(values) + 1)]
        """,
        (([],), ([5],), ([1, 2, 3],), ([4, -4, 4, 1],), ([1] * 9,), ([3, 1, 4, 1, 5, 9, 2, 6],)),
        lambda dice: (numbers(dice, 12),),
        ("position += position & -position", "position += position & position"),
    ),
    Program(
        "ring_buffer",
        """
        class Ring:
            def __init__(self, size):
                self.slots = [None] * size
                self.head = 0
                self.count = 0

            def push(self, value):
                if self.count == len(self.slots):
                    self.head = (self.head + 1) % len(self.slots)
                    self.count -= 1
                self.slots[(self.head + self.count) % len(self.slots)] = value
                self.count += 1

            def values(self):
                return [self.slots[(self.head + offset) % len(self.slots)] for offset in range(self.count)]


        def ring_buffer(size, values):
            ring = Ring(size)
            seen = []
            for value in values:
                ring.push(value)
                seen.append(ring.values())
            return seen
        """,
        ((1, [1, 2]), (2, [1, 2, 3]), (3, []), (3, [5]), (3, [1, 2, 3, 4, 5]), (4, [9, 8, 7, 6, 5, 4])),
        lambda dice: (dice.randint(1, 4), numbers(dice)),
        ("self.count -= 1\n", "pass\n"),
    ),
    Program(
        "minimum_stack",
        """
        def minimum_stack(operations):
            stack, smallest, answers = [], [], []
            for operation in operations:
                if operation == "pop":
                    if stack and stack.pop() == smallest[-1]:
                        smallest.pop()
                elif operation == "min":
                    answers.append(smallest[-1] if smallest else None)
                else:
                    stack.append(operation)
                    if not smallest or operation <= smallest[-1]:
                        smallest.append(operation)
            return answers
        """,
        (
            ([3, "min", 1, "min"],),
            (["min", "pop"],),
            ([1, 1, "pop", "min"],),
            ([2, 3, "pop", "min", "pop", "min"],),
            ([5, 2, 4, "pop", "pop", "min"],),
        ),
        lambda dice: ([dice.choice(["pop", "min", *range(4)]) for _ in range(dice.randint(0, 12))],),
        ("operation <= smallest[-1]", "operation < smallest[-1]"),
    ),
)


def _puts_and_gets(dice: random.Random) -> list[tuple[Any, ...]]:
    return [
        ("put", dice.choice("abcd"), dice.randint(0, 9)) if dice.random() < 0.6 else ("get", dice.choice("abcd"))
        for _ in range(dice.randint(0, 10))
    ]
