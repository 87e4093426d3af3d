"""Fresh programs about chains and branches: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program, numbers


def twigs(dice: random.Random, depth: int = 3) -> Any:
    """A nested pair of numbers."""
    return (twigs(dice, depth - 1), twigs(dice, depth - 1)) if depth and dice.random() < 0.6 else dice.randint(0, 1)


PROGRAMS = (
    Program(
        "upright_tree",
        """
        class Node:
            def __init__(self, value):
                self.value = value
                self.left = self.right = None
                self.height = 1


        def height(node):
            return node.height if node else 0


        def update(node):
            node.height = 1 + max(height(node.left), height(node.right))


        def turned_left(node):
            top = node.right
            node.right, top.left = top.left, node
            update(node)
            update(top)
            return top


        def turned_right(node):
            top = node.left
            node.left, top.right = top.right, node
            update(node)
            update(top)
            return top


        def insert(node, value):
            if node is None:
                return Node(value)
            if value < node.value:
                node.left = insert(node.left, value)
            else:
                node.right = insert(node.right, value)
            update(node)
            if height(node.left) > height(node.right) + 1:
                if height(node.left.left) < height(node.left.right):
                    node.left = turned_left(node.left)
                return turned_right(node)
            if height(node.right) > height(node.left) + 1:
                if height(node.right.right) < height(node.right.left):
                    node.right = turned_right(node.right)
                return turned_left(node)
            return node


        def listed(node):
            return [node.value, listed(node.left), listed(node.right)] if node else []


        def upright_tree(values):
            root = None
            for value in values:
                root = insert(root, value)
            return listed(root)
        """,
        (
            ([],),
            ([2, 1, 3],),
            ([1, 2, 3],),
            ([3, 2, 1],),
            ([3, 1, 2],),
            ([1, 2, 3, 4, 5, 6, 7],),
            ([7, 6, 5, 4, 3, 2, 1],),
            ([5, 2, 8, 1, 3, 4],),
        ),
        lambda dice: (dice.sample(range(20), dice.randint(0, 10)),),
        ("if height(node.left) > height(node.right) + 1:", "if height(node.left) >= height(node.right) + 1:"),
    ),
    Program(
        "tree_without",
        """
        def insert(node, value):
            if node is None:
                return [value, None, None]
            side = 1 if value < node[0] else 2
            node[side] = insert(node[side], value)
            return node


        def remove(node, value):
            if node is None:
                return None
            if value < node[0]:
                node[1] = remove(node[1], value)
            elif value > node[0]:
                node[2] = remove(node[2], value)
            elif node[1] is None:
                return node[2]
            elif node[2] is None:
                return node[1]
            else:
                following = node[2]
                while following[1] is not None:
                    following = following[1]
                node[0] = following[0]
                node[2] = remove(node[2], following[0])
            return node


        def tree_without(values, removed):
            root = None
            for value in values:
                root = insert(root, value)
            for value in removed:
                root = remove(root, value)
            return root
        """,
        (
            ([], [1]),
            ([2, 1, 3], []),
            ([2, 1, 3], [1]),
            ([2, 1, 3], [2]),
            ([1, 2, 3], [2, 9]),
            ([5, 2, 8, 6, 9, 7], [5]),
            ([5, 2, 8, 1, 3], [8, 5]),
        ),
        lambda dice: (dice.sample(range(12), dice.randint(0, 9)), dice.sample(range(12), dice.randint(0, 5))),
        ("node[2] = remove(node[2], following[0])", "node[2] = remove(node[2], value)"),
    ),
    Program(
        "parted_chain",
        """
        class Link:
            def __init__(self, value, following=None):
                self.value = value
                self.following = following


        def parted(head, border):
            small = small_end = Link(None)
            large = large_end = Link(None)
            while head:
                if head.value < border:
                    small_end.following = head
                    small_end = head
                else:
                    large_end.following = head
                    large_end = head
                head = head.following
            large_end.following = None
            small_end.following = large.following
            return small.following


        def parted_chain(values, border):
            head = None
            for value in reversed(values):
                head = Link(value, head)
            head = parted(head, border)
            result = []
            while head:
                result.append(head.value)
                head = head.following
            return result
        """,
        (
            ([], 1),
            ([1, 2, 3], 9),
            ([4, 5], 0),
            ([1, 4, 3, 2, 5, 2], 3),
            ([2, 1], 2),
            ([1, 2, 8, 9], 5),
        ),
        lambda dice: (numbers(dice), dice.randint(-9, 9)),
        ("    large_end.following = None\n", ""),
    ),
    Program(
        "same_leaves",
        """
        from itertools import zip_longest


        def leaves(tree):
            if isinstance(tree, tuple):
                left, right = tree
                yield from leaves(left)
                yield from leaves(right)
            else:
                yield tree


        def same_leaves(one, other):
            return all(left == right for left, right in zip_longest(leaves(one), leaves(other)))
        """,
        (
            (1, 1),
            (1, (1, 1)),
            ((1, 2), (1, 3)),
            ((1, (2, 3)), ((1, 2), 3)),
            (((4, 5), 6), ((4, 5), (6, 7))),
            ((0, 1), (0, 1)),
        ),
        lambda dice: (twigs(dice), twigs(dice)),
        ("yield from leaves(right)", "leaves(right)"),
    ),
)
