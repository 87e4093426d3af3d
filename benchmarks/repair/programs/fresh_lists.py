"""Fresh programs about lists and trees: written by somebody who had not read the templates."""

from programs.program import Program, numbers


def some_tree(dice, low, high):
    """A search tree of (value, left, right), now and then a little wrong."""
    if high - low < 2 or dice.random() < 0.15:
        return None
    value = dice.randint(low + 1, high - 1)
    left, right = some_tree(dice, low, value), some_tree(dice, value, high)
    return (value + (dice.choice((-3, 3)) if dice.random() < 0.25 else 0), left, right)


def two_walks(dice):
    """A preorder and an inorder of one tree."""

    def grow(letters):
        if not letters:
            return "", ""
        at = dice.randrange(len(letters))
        left, right = grow(letters[:at]), grow(letters[at + 1 :])
        return letters[at] + left[0] + right[0], left[1] + letters[at] + right[1]

    letters = list("abcdefghi"[: dice.randint(0, 9)])
    dice.shuffle(letters)
    return grow("".join(letters))


def nested(dice, depth=3):
    """A nested list of numbers."""
    return [
        nested(dice, depth - 1) if depth and dice.random() < 0.35 else dice.randint(-9, 9)
        for _ in range(dice.randint(0, 4))
    ]


def range_commands(dice):
    """Numbers and what to do with them."""
    values = [dice.randint(-9, 9) for _ in range(dice.randint(1, 8))]
    size = len(values)
    commands = []
    for _ in range(dice.randint(0, 6)):
        if dice.random() < 0.5:
            commands.append(("set", dice.randrange(size), dice.randint(-9, 9)))
        else:
            low = dice.randrange(size)
            commands.append(("sum", low, dice.randrange(low, size)))
    return (values, commands)


PROGRAMS = (
    Program(
        "postorder_from",
        """
        def postorder_from(preorder, inorder):
            if not preorder:
                return ""
            root = preorder[0]
            k = inorder.index(root)
            left = postorder_from(preorder[1:k + 1], inorder[:k])
            right = postorder_from(preorder[k + 1:], inorder[k + 1:])
            return left + right + root
        """,
        (("", ""), ("a", "a"), ("abc", "bac"), ("abdce", "dbaec"), ("abc", "cba"), ("abc", "abc")),
        two_walks,
        ("postorder_from(preorder[1:k + 1], inorder[:k])", "postorder_from(preorder[1:k], inorder[:k])"),
    ),
    Program(
        "range_sums",
        """
        class Fenwick:
            def __init__(self, values):
                self.values = [0] * len(values)
                self.tree = [0] * (len(values) + 1)
                for at, value in enumerate(values):
                    self.set(at, value)

            def set(self, at, value):
                change = value - self.values[at]
                self.values[at] = value
                i = at + 1
                while i < len(self.tree):
                    self.tree[i] += change
                    i += i & -i

            def upto(self, at):
                total = 0
                i = at + 1
                while i > 0:
                    total += self.tree[i]
                    i -= i & -i
                return total


        def range_sums(values, commands):
            fenwick = Fenwick(values)
            answers = []
            for name, first, second in commands:
                if name == "set":
                    fenwick.set(first, second)
                else:
                    answers.append(fenwick.upto(second) - fenwick.upto(first - 1))
            return answers
        """,
        (
            ([1, 2, 3], [("sum", 0, 2), ("sum", 1, 2)]),
            ([5], []),
            ([4, 4, 4, 4], [("set", 1, 0), ("sum", 0, 3), ("sum", 1, 1)]),
            ([0, 0], [("set", 0, 3), ("sum", 0, 1)]),
            ([1, 2, 3, 4, 5], [("set", 2, 7), ("set", 2, 1), ("sum", 2, 4)]),
        ),
        range_commands,
        ("        self.values[at] = value\n", ""),
    ),
    Program(
        "remove_nth_from_end",
        """
        class ListNode:
            def __init__(self, val, next=None):
                self.val = val
                self.next = next


        def remove_nth_from_end(values, n):
            head = None
            for v in reversed(values):
                head = ListNode(v, head)
            dummy = ListNode(0, head)
            slow = fast = dummy
            for _ in range(n):
                fast = fast.next
            while fast.next is not None:
                slow = slow.next
                fast = fast.next
            slow.next = slow.next.next
            result = []
            node = dummy.next
            while node:
                result.append(node.val)
                node = node.next
            return result
        """,
        (([1, 2, 3, 4, 5], 2), ([1], 1), ([1, 2], 1), ([1, 2], 2), ([7, 8, 9], 3)),
        lambda dice: (lambda values: (values, dice.randint(1, len(values))))([1, *numbers(dice, 6)]),
        ("node = dummy.next", "node = head"),
    ),
    Program(
        "valid_search_tree",
        """
        def valid_search_tree(tree, low=None, high=None):
            if tree is None:
                return True
            value, left, right = tree
            if low is not None and value <= low:
                return False
            if high is not None and value >= high:
                return False
            return valid_search_tree(left, low, value) and valid_search_tree(right, value, high)
        """,
        (
            (None,),
            ((2, (1, None, None), (3, None, None)),),
            ((5, (1, None, (6, None, None)), None),),
            ((0, (-2, None, (1, None, None)), (3, None, None)),),
            ((0, (-1, None, None), (4, (-3, None, None), None)),),
            ((1, (1, None, None), None),),
        ),
        lambda dice: (some_tree(dice, -6, 6),),
        ("if high is not None and value >= high:", "if high and value >= high:"),
    ),
    Program(
        "weighted_nested_sum",
        """
        def weighted_nested_sum(items, depth=1):
            total = 0
            for item in items:
                if isinstance(item, list):
                    total += weighted_nested_sum(item, depth + 1)
                else:
                    total += depth * item
            return total
        """,
        (([1, [2, [3]]],), ([],), ([4, 5],), ([[1, 1], 2, [1, 1]],), ([[[]]],)),
        lambda dice: (nested(dice),),
        ("total += weighted_nested_sum(item, depth + 1)", "total = weighted_nested_sum(item, depth + 1)"),
    ),
)
