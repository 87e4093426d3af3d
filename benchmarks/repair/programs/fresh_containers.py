"""Fresh programs of data structures: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program, numbers, word


def table_calls(dice: random.Random) -> Any:
    size = dice.randint(2, 6)
    keys = dice.sample(range(20), size - 1)
    calls: list[Any] = []
    for _ in range(dice.randint(0, 8)):
        if dice.random() < 0.6:
            calls.append(("put", dice.choice(keys), dice.randint(1, 9)))
        else:
            calls.append(("get", dice.choice([*keys, dice.randint(0, 19)])))
    return (size, calls)


def search_tree(keys: list[int]) -> Any:
    if not keys:
        return None
    half = len(keys) // 2
    return (search_tree(keys[:half]), keys[half], search_tree(keys[half + 1 :]))


def network(dice: random.Random) -> Any:
    count = dice.randint(1, 7)
    ends = [tuple(dice.sample((node, dice.randrange(node)), 2)) for node in range(1, count)]
    if ends and dice.random() < 0.7:
        ends[dice.randrange(len(ends))] = (dice.randrange(count), dice.randrange(count))
    return (count, dice.sample(ends, len(ends)))


def coded(dice: random.Random) -> Any:
    tree: Any = "a"
    for letter in "bcd"[: dice.randint(1, 3)]:
        tree = (tree, letter) if dice.random() < 0.5 else (letter, tree)
    bits, node = "", tree
    for _ in range(dice.randint(0, 9)):
        bit = dice.choice("01")
        bits, node = bits + bit, node[int(bit)]
        node = tree if isinstance(node, str) else node
    return (tree, bits)


PROGRAMS = (
    Program(
        "hash_table",
        """
        def hash_table(size, calls):
            \"\"\"What the "get" calls find in a table with linear probing, which is never quite full.\"\"\"
            slots = [None] * size
            found = []
            for name, key, *value in calls:
                slot = key % size
                while slots[slot] is not None and slots[slot][0] != key:
                    slot = (slot + 1) % size
                if name == "put":
                    slots[slot] = (key, value[0])
                elif slots[slot] is None:
                    found.append(None)
                else:
                    found.append(slots[slot][1])
            return found
        """,
        (
            (3, []),
            (3, [("get", 4)]),
            (3, [("put", 4, 1), ("get", 4)]),
            (4, [("put", 1, 5), ("put", 5, 6), ("get", 5), ("get", 1), ("get", 9)]),
            (4, [("put", 3, 7), ("put", 7, 8), ("get", 7)]),
            (3, [("put", 2, 1), ("put", 2, 9), ("get", 2)]),
            (3, [("put", 2, 1), ("get", 5)]),
        ),
        table_calls,
        ("slot = (slot + 1) % size", "slot = slot + 1"),
    ),
    Program(
        "lfu_cache",
        """
        def lfu_cache(capacity, requests):
            \"\"\"Which requests hit a cache that drops the key used least, of several the one unused for longest.\"\"\"
            uses = {}
            last = {}
            hits = []
            for time, key in enumerate(requests):
                hits.append(key in uses)
                if key not in uses and len(uses) == capacity:
                    victim = min(uses, key=lambda each: (uses[each], last[each]))
                    del uses[victim]
                uses[key] = uses.get(key, 0) + 1
                last[key] = time
            return hits
        """,
        (
            (1, ""),
            (1, "aab"),
            (2, "abab"),
            (2, "abcab"),
            (2, "aabca"),
            (3, "aabbcdabc"),
            (2, "abbacb"),
        ),
        lambda dice: (dice.randint(1, 3), word(dice, "abcd", 12)),
        ("(uses[each], last[each])", "(last[each], uses[each])"),
    ),
    Program(
        "odd_even_list",
        """
        class Node:
            def __init__(self, value, following):
                self.value = value
                self.following = following


        def odd_even_list(values):
            \"\"\"Relink a list: first the nodes at odd places, then those at even ones.\"\"\"
            head = None
            for value in reversed(values):
                head = Node(value, head)
            if head is None:
                return []
            odd = head
            evens = even = head.following
            while even is not None and even.following is not None:
                odd.following = even.following
                odd = odd.following
                even.following = odd.following
                even = even.following
            odd.following = evens
            result = []
            while head is not None:
                result.append(head.value)
                head = head.following
            return result
        """,
        (
            ([],),
            ([1],),
            ([1, 2],),
            ([1, 2, 3],),
            ([1, 2, 3, 4],),
            ([2, 1, 3, 5, 6, 4, 7],),
            ([5, 5, 0, 0, 1],),
        ),
        lambda dice: (numbers(dice),),
        ("odd.following = evens", "odd.following = even"),
    ),
    Program(
        "tree_floor",
        """
        def tree_floor(tree, wanted):
            \"\"\"The greatest key not above the wanted one; a node of the search tree is (left, key, right).\"\"\"
            best = None
            while tree is not None:
                left, key, right = tree
                if key == wanted:
                    return key
                if key > wanted:
                    tree = left
                else:
                    best = key
                    tree = right
            return best
        """,
        (
            (None, 3),
            ((None, 5, None), 5),
            ((None, 5, None), 4),
            (((None, 2, None), 5, (None, 8, None)), 6),
            (((None, 2, None), 5, (None, 8, None)), 9),
            (((None, 2, (None, 4, None)), 5, ((None, 7, None), 8, None)), 3),
            (((None, 2, (None, 4, None)), 5, ((None, 7, None), 8, None)), 1),
        ),
        lambda dice: (search_tree(sorted(dice.sample(range(20), dice.randint(0, 8)))), dice.randint(0, 19)),
        ("return best", "return key"),
    ),
    Program(
        "text_buffer",
        """
        def text_buffer(keys):
            \"\"\"What is written when < and > move the cursor, - rubs out the letter before it.\"\"\"
            before = []
            after = []
            for key in keys:
                if key == "<":
                    if before:
                        after.append(before.pop())
                elif key == ">":
                    if after:
                        before.append(after.pop())
                elif key == "-":
                    if before:
                        before.pop()
                else:
                    before.append(key)
            return "".join(before) + "".join(reversed(after))
        """,
        (
            ("",),
            ("abc",),
            ("ab-c",),
            ("ac<b",),
            ("cd<<ab",),
            ("-<>a",),
            ("ab<<<x>>>y",),
        ),
        lambda dice: (word(dice, "abc<<>-", 12),),
        ('"".join(reversed(after))', '"".join(after)'),
    ),
    Program(
        "is_tree",
        """
        def find(parent, node):
            while parent[node] != node:
                node = parent[node]
            return node


        def is_tree(count, edges):
            \"\"\"Whether the edges make one tree of the nodes 0 to count - 1.\"\"\"
            parent = list(range(count))
            for one, other in edges:
                if find(parent, one) == find(parent, other):
                    return False
                parent[find(parent, one)] = find(parent, other)
            return len(edges) == count - 1
        """,
        (
            (1, []),
            (2, []),
            (2, [(0, 1)]),
            (3, [(0, 1), (0, 2)]),
            (4, [(0, 1), (1, 2), (2, 0)]),
            (4, [(0, 1), (0, 2), (1, 2)]),
            (4, [(0, 1), (1, 2), (2, 3), (3, 0)]),
            (5, [(0, 1), (2, 1), (3, 4), (1, 3)]),
        ),
        network,
        ("parent[find(parent, one)] =", "parent[one] ="),
    ),
    Program(
        "huffman_decode",
        """
        def huffman_decode(tree, bits):
            \"\"\"Read the bits off a code tree; a node is a pair, a leaf is a letter.\"\"\"
            letters = []
            node = tree
            for bit in bits:
                node = node[int(bit)]
                if isinstance(node, str):
                    letters.append(node)
                    node = tree
            return "".join(letters)
        """,
        (
            (("a", "b"), ""),
            (("a", "b"), "1"),
            (("a", "b"), "0110"),
            (("a", ("b", "c")), "10"),
            (("a", ("b", "c")), "01011"),
            ((("a", "b"), ("c", "d")), "00011011"),
        ),
        coded,
        ("            node = tree\n", ""),
    ),
)
