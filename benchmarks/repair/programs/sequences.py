"""Programs about sequences, texts and structures, written on the same day as those about choices."""

from programs.program import Program, numbers, word

PROGRAMS = (
    Program(
        "heap_sort",
        """
        def heap_sort(values):
            heap = list(values)

            def sink(root, size):
                while 2 * root + 1 < size:
                    child = 2 * root + 1
                    if child + 1 < size and heap[child] < heap[child + 1]:
                        child += 1
                    if heap[root] >= heap[child]:
                        return
                    heap[root], heap[child] = heap[child], heap[root]
                    root = child

            for start in range(len(heap) // 2 - 1, -1, -1):
                sink(start, len(heap))
            for end in range(len(heap) - 1, 0, -1):
                heap[0], heap[end] = heap[end], heap[0]
                sink(0, end)
            return heap
        """,
        (([3, 1, 2],), ([],), ([4, 4, 1, 9, 0],), ([1, 2, 3, 4, 5, 6],), ([6, 5, 4, 3, 2, 1],)),
        lambda dice: (numbers(dice),),
        ("sink(0, end)", "sink(0, len(heap))"),
    ),
    Program(
        "gallop",
        """
        def gallop(values, wanted):
            bound = 1
            while bound < len(values) and values[bound] < wanted:
                bound *= 2
            low, high = bound // 2, min(bound + 1, len(values))
            while low < high:
                middle = (low + high) // 2
                if values[middle] < wanted:
                    low = middle + 1
                else:
                    high = middle
            return low
        """,
        (([], 3), ([1], 1), ([1, 3, 5, 7, 9, 11], 9), ([1, 3, 5, 7, 9, 11], 12), ([2, 4, 6], 5), ([2, 4, 6], 1)),
        lambda dice: (sorted(numbers(dice)), dice.randint(-10, 10)),
        ("while bound < len(values) and values[bound] < wanted:", "while values[bound] < wanted:"),
    ),
    Program(
        "kth_missing",
        """
        def kth_missing(values, k):
            low, high = 0, len(values)
            while low < high:
                middle = (low + high) // 2
                if values[middle] - middle - 1 < k:
                    low = middle + 1
                else:
                    high = middle
            return low + k
        """,
        (([2, 3, 4, 7, 11], 5), ([1, 2, 3, 4], 2), ([], 3), ([5], 4), ([5], 5), ([3, 10], 2)),
        lambda dice: (sorted(dice.sample(range(1, 20), dice.randint(0, 9))), dice.randint(1, 9)),
        ("return low + k", "return values[low] + k"),
    ),
    Program(
        "merge_linked",
        """
        class Node:
            def __init__(self, value, following=None):
                self.value = value
                self.following = following


        def chained(values):
            first = None
            for value in reversed(values):
                first = Node(value, first)
            return first


        def merge_linked(one, other):
            left, right = chained(one), chained(other)
            head = tail = Node(None)
            while left and right:
                if left.value <= right.value:
                    tail.following, left = left, left.following
                else:
                    tail.following, right = right, right.following
                tail = tail.following
            tail.following = left or right
            result, node = [], head.following
            while node:
                result.append(node.value)
                node = node.following
            return result
        """,
        (([1, 3], [2, 4]), ([], [1]), ([5], []), ([], []), ([1, 1, 2], [1, 3, 9]), ([7], [2, 3])),
        lambda dice: (sorted(numbers(dice)), sorted(numbers(dice))),
        ("tail.following = left or right", "tail.following = left"),
    ),
    Program(
        "counted_words",
        """
        def counted_words(text, most):
            counts = {}
            for each in text.lower().split():
                each = each.strip(".,!?")
                if each:
                    counts[each] = counts.get(each, 0) + 1
            ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            return ordered[:most]
        """,
        (("The cat. the dog, the end!", 2), ("", 3), ("b a b a c", 3), ("x ! x", 1), ("Z z y", 5), ("d c b a", 2)),
        lambda dice: (" ".join(word(dice, "abAB.", 2) for _ in range(dice.randint(0, 9))), dice.randint(1, 4)),
        ("key=lambda pair: (-pair[1], pair[0])", "key=lambda pair: -pair[1]"),
    ),
    Program(
        "decoded_runs",
        """
        def decoded_runs(text):
            decoded, count = "", 0
            for letter in text:
                if letter.isdigit():
                    count = 10 * count + int(letter)
                else:
                    decoded += letter * (count or 1)
                    count = 0
            return decoded
        """,
        (("3ab2c",), ("",), ("12x",), ("abc",), ("2a10b",), ("a3b",)),
        lambda dice: ("".join(f"{dice.choice(['', dice.randint(1, 12)])}{dice.choice('abc')}" for _ in range(4)),),
        ("letter * (count or 1)", "letter * count"),
    ),
    Program(
        "caesar",
        """
        def caesar(text, shift):
            result = []
            for letter in text:
                if letter.isupper():
                    result.append(chr((ord(letter) - ord("A") + shift) % 26 + ord("A")))
                elif letter.islower():
                    result.append(chr((ord(letter) - ord("a") + shift) % 26 + ord("a")))
                else:
                    result.append(letter)
            return "".join(result)
        """,
        (("abc", 1), ("Xyz, Abc!", 3), ("", 5), ("Hello", -4), ("ZZ", 27)),
        lambda dice: (word(dice, "abyzABYZ -"), dice.randint(-30, 30)),
        ('ord("A") + shift) % 26 + ord("A")', 'ord("A") + shift) % 26 + ord("a")'),
    ),
    Program(
        "column_name",
        """
        def column_name(number):
            name = ""
            while number > 0:
                number, rest = divmod(number - 1, 26)
                name = chr(ord("A") + rest) + name
            return name
        """,
        ((1,), (26,), (27,), (52,), (703,), (0,)),
        lambda dice: (dice.randint(0, 20000),),
        ("divmod(number - 1, 26)", "divmod(number, 26)"),
    ),
    Program(
        "flat_keys",
        """
        def flat_keys(nested, prefix=""):
            flat = {}
            for key, value in nested.items():
                path = f"{prefix}.{key}" if prefix else key
                if isinstance(value, dict):
                    flat.update(flat_keys(value, path))
                else:
                    flat[path] = value
            return flat
        """,
        (
            ({"a": 1},),
            ({"a": {"b": 1, "c": {"d": 2}}},),
            ({},),
            ({"x": {}, "y": 3},),
            ({"a": {"b": {"c": {"d": 0}}}, "e": {"f": 1}},),
        ),
        lambda dice: ({"a": {"b": {"c": dice.randint(0, 9)}, "d": {"e": {"f": dice.randint(0, 9)}}}, "g": 1},),
        ("flat_keys(value, path)", "flat_keys(value, key)"),
    ),
    Program(
        "transposed",
        """
        def transposed(rows):
            width = max([len(row) for row in rows], default=0)
            columns = []
            for place in range(width):
                columns.append([row[place] if place < len(row) else None for row in rows])
            return columns
        """,
        (([[1, 2], [3, 4]],), ([],), ([[1], [2, 3]],), ([[1, 2, 3]],), ([[], [5]],)),
        lambda dice: ([numbers(dice, 4) for _ in range(dice.randint(0, 4))],),
        ("max([len(row) for row in rows], default=0)", "max([len(row) for row in rows])"),
    ),
    Program(
        "filled",
        """
        def filled(grid, row, column, colour):
            grid = [list(line) for line in grid]
            old = grid[row][column]
            waiting = [(row, column)]
            while waiting and old != colour:
                row, column = waiting.pop()
                if 0 <= row < len(grid) and 0 <= column < len(grid[0]) and grid[row][column] == old:
                    grid[row][column] = colour
                    waiting += [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]
            return grid
        """,
        (
            ([[1, 1], [0, 1]], 0, 0, 5),
            ([[1]], 0, 0, 1),
            ([[0, 0, 2], [2, 0, 2], [2, 2, 0]], 1, 1, 7),
            ([[3, 3, 3]], 0, 1, 4),
            ([[1, 2], [2, 1]], 1, 1, 2),
        ),
        lambda dice: (
            (grid := [[dice.randint(0, 1) for _ in range(4)] for _ in range(4)]),
            dice.randrange(len(grid)),
            dice.randrange(4),
            dice.randint(0, 3),
        ),
        ("grid[row][column] == old:", "grid[row][column] != colour:"),
    ),
    Program(
        "queue_of_stacks",
        """
        class Queue:
            def __init__(self):
                self.coming = []
                self.going = []

            def put(self, item):
                self.coming.append(item)

            def take(self):
                if not self.going:
                    while self.coming:
                        self.going.append(self.coming.pop())
                return self.going.pop() if self.going else None


        def queue_of_stacks(operations):
            queue, taken = Queue(), []
            for operation in operations:
                if operation is None:
                    taken.append(queue.take())
                else:
                    queue.put(operation)
            return taken
        """,
        (([1, 2, None, 3, None, None],), ([None],), ([1, None, None],), ([5, 6, 7, None, None, 8, None, None],), ([],)),
        lambda dice: ([dice.choice([None, 1, 2, 3]) for _ in range(dice.randint(0, 12))],),
        ("self.going.append(self.coming.pop())", "self.going.append(self.coming.pop(0))"),
    ),
    Program(
        "next_in_order",
        """
        def next_in_order(values, rank):
            values, order = sorted(values), []
            size = 1
            for number in range(2, len(values)):
                size *= number
            for left in range(len(values) - 1, -1, -1):
                place, rank = divmod(rank, size)
                order.append(values.pop(place))
                size //= max(left, 1)
            return order
        """,
        (([3, 1, 2], 0), ([3, 1, 2], 5), ([1], 0), ([], 0), ([1, 2, 3, 4], 9), ([1, 2], 1)),
        lambda dice: (
            (values := dice.sample(range(9), dice.randint(1, 4))),
            dice.randrange([1, 1, 2, 6, 24][len(values)]),
        ),
        ("place, rank = divmod(rank, size)", "place = rank // size"),
    ),
)
