"""Fresh programs about trees and linked nodes: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program, numbers


def nested(dice: random.Random, depth: int = 4, gap: float = 0.3) -> Any:
    """None or [value, left, right]."""
    if depth == 0 or dice.random() < gap:
        return None
    return [dice.randint(0, 5), nested(dice, depth - 1, gap), nested(dice, depth - 1, gap)]


def mirrored(tree: Any) -> Any:
    return None if tree is None else [tree[0], mirrored(tree[2]), mirrored(tree[1])]


def maybe_symmetric(dice: random.Random) -> Any:
    half = nested(dice, 3, 0.25)
    other = mirrored(half) if dice.random() < 0.6 else nested(dice, 3, 0.25)
    return ([dice.randint(0, 5), half, other],)


PROGRAMS = (
    Program(
        "tree_sort",
        """
        class Node:
            def __init__(self, value):
                self.value = value
                self.left = None
                self.right = None


        def insert(root, value):
            if root is None:
                return Node(value)
            if value < root.value:
                root.left = insert(root.left, value)
            else:
                root.right = insert(root.right, value)
            return root


        def in_order(root):
            if root is not None:
                yield from in_order(root.left)
                yield root.value
                yield from in_order(root.right)


        def tree_sort(values):
            root = None
            for value in values:
                root = insert(root, value)
            return list(in_order(root))
        """,
        (([],), ([5],), ([2, 1, 3],), ([1, 2, 3, 4],), ([4, 3, 2, 1],), ([5, 5, 5],), ([6, 2, 8, 1, 4, 7, 9],)),
        lambda dice: (numbers(dice),),
        ("root.right = insert(root.right, value)", "root.right = insert(root.left, value)"),
    ),
    Program(
        "middle_node",
        """
        class Node:
            def __init__(self, data, next=None):
                self.data = data
                self.next = next


        def find_middle(head):
            \"\"\"The middle node of a linked list; of two middle ones, the second.\"\"\"
            slow = fast = head
            while fast is not None and fast.next is not None:
                slow = slow.next
                fast = fast.next.next
            return slow


        def middle_node(items):
            head = None
            for item in reversed(items):
                head = Node(item, head)
            middle = find_middle(head)
            return None if middle is None else middle.data
        """,
        (([],), ([1],), ([1, 2],), ([1, 2, 3],), ([1, 2, 3, 4],), ([9, 8, 7, 6, 5],), ([3, 1, 4, 1, 5, 9],)),
        lambda dice: (numbers(dice),),
        ("while fast is not None and fast.next is not None:", "while fast.next is not None:"),
    ),
    Program(
        "swap_pairs",
        """
        class Node:
            def __init__(self, val, next=None):
                self.val = val
                self.next = next


        def swap(head):
            if head is None or head.next is None:
                return head
            second = head.next
            head.next = swap(second.next)
            second.next = head
            return second


        def swap_pairs(vals):
            \"\"\"Swap every two neighbours of a linked list.\"\"\"
            head = None
            for val in vals[::-1]:
                head = Node(val, head)
            node = swap(head)
            out = []
            while node is not None and len(out) <= len(vals):
                out.append(node.val)
                node = node.next
            return out
        """,
        (([],), ([1],), ([1, 2],), ([1, 2, 3],), ([1, 2, 3, 4],), ([5, 4, 3, 2, 1],), ([7, 7, 8, 8, 9, 9],)),
        lambda dice: (numbers(dice),),
        ("    return second\n", "    return head\n"),
    ),
    Program(
        "root_to_leaf_paths",
        """
        class Tree:
            def __init__(self, value, left, right):
                self.value = value
                self.left = left
                self.right = right


        def build(nested):
            if nested is None:
                return None
            return Tree(nested[0], build(nested[1]), build(nested[2]))


        def paths(tree):
            if tree is None:
                return []
            if tree.left is None and tree.right is None:
                return [[tree.value]]
            return [[tree.value] + path for path in paths(tree.left) + paths(tree.right)]


        def root_to_leaf_paths(nested):
            return paths(build(nested))
        """,
        (
            (None,),
            ([1, None, None],),
            ([1, [2, None, None], [3, None, None]],),
            ([1, [2, None, [5, None, None]], [3, None, None]],),
            ([1, [2, [3, None, None], None], None],),
            ([1, None, [2, [4, None, None], [5, None, None]]],),
        ),
        lambda dice: (nested(dice),),
        ("if tree.left is None and tree.right is None:", "if tree.left is None or tree.right is None:"),
    ),
    Program(
        "balanced_tree",
        """
        def check(tree):
            \"\"\"Height of a tree [value, left, right], or -1 if it is not balanced.\"\"\"
            if tree is None:
                return 0
            left = check(tree[1])
            right = check(tree[2])
            if left < 0 or right < 0 or abs(left - right) > 1:
                return -1
            return 1 + max(left, right)


        def balanced_tree(tree):
            return check(tree) >= 0
        """,
        (
            (None,),
            ([1, None, None],),
            ([1, [2, None, None], None],),
            ([1, [2, [3, None, None], None], None],),
            ([1, None, [2, None, [3, None, None]]],),
            ([1, [2, None, None], [3, [4, None, None], None]],),
            ([1, [2, [3, [4, None, None], None], None], [5, None, None]],),
            ([1, [2, [3, None, None], [4, None, None]], [5, None, [6, None, None]]],),
        ),
        lambda dice: (nested(dice, 4, 0.2),),
        ("abs(left - right) > 1", "left - right > 1"),
    ),
    Program(
        "symmetric_tree",
        """
        class Node:
            def __init__(self, key, left=None, right=None):
                self.key = key
                self.left = left
                self.right = right


        def parse(spec):
            return spec and Node(spec[0], parse(spec[1]), parse(spec[2]))


        def mirror(a, b):
            if a is None or b is None:
                return a is b
            if a.key != b.key:
                return False
            return mirror(a.left, b.right) and mirror(a.right, b.left)


        def symmetric_tree(spec):
            \"\"\"Whether a tree is its own mirror image.\"\"\"
            root = parse(spec)
            return root is None or mirror(root.left, root.right)
        """,
        (
            (None,),
            ([1, None, None],),
            ([1, [2, None, None], [2, None, None]],),
            ([1, [2, None, None], None],),
            ([1, [2, [3, None, None], [4, None, None]], [2, [4, None, None], [3, None, None]]],),
            ([1, [2, None, [3, None, None]], [2, None, [3, None, None]]],),
            ([1, [2, [3, None, None], None], [2, None, [3, None, None]]],),
            ([1, [2, None, None], [3, None, None]],),
        ),
        maybe_symmetric,
        ("mirror(a.left, b.right) and mirror(a.right, b.left)", "mirror(a.left, b.left) and mirror(a.right, b.right)"),
    ),
)
