"""Fresh programs about parts and orders of series: written by somebody who had not read the templates."""

from programs.program import Program, numbers, word

PROGRAMS = (
    Program(
        "palindrome_partitions",
        """
        def palindrome_partitions(s):
            out = []
            path = []

            def go(i):
                if i == len(s):
                    out.append(list(path))
                    return
                for j in range(i + 1, len(s) + 1):
                    piece = s[i:j]
                    if piece == piece[::-1]:
                        path.append(piece)
                        go(j)
                        path.pop()

            go(0)
            return out
        """,
        (("aab",), ("",), ("a",), ("abc",), ("aba",), ("aaa",)),
        lambda dice: (word(dice, "ab", 7),),
        ("            go(j)\n                path.pop()\n", "            go(j)\n"),
    ),
    Program(
        "shortest_window",
        """
        def shortest_window(values, target):
            best = len(values) + 1
            lo = total = 0
            for hi, v in enumerate(values):
                total += v
                while total >= target:
                    best = min(best, hi - lo + 1)
                    total -= values[lo]
                    lo += 1
            return best if best <= len(values) else 0
        """,
        (([2, 3, 1, 2, 4, 3], 7), ([1, 1], 5), ([], 3), ([4], 4), ([1, 2, 3, 4], 10)),
        lambda dice: (numbers(dice, 9, 1, 9), dice.randint(1, 25)),
        ("best = len(values) + 1", "best = len(values)"),
    ),
    Program(
        "slug_of",
        """
        def slug_of(title):
            slug = ""
            for ch in title.lower():
                if ch.isalnum():
                    slug += ch
                elif ch in " -_/":
                    slug += "-"
            while "--" in slug:
                slug = slug.replace("--", "-")
            slug = slug.strip("-")
            return slug or "untitled"
        """,
        (("Hello World",), ("",), ("  What's new? ",), ("a - b",), ("C/C++ _tips_",), ("---",)),
        lambda dice: (word(dice, "aBc  -_'!", 10),),
        ('slug = slug.strip("-")', 'slug.strip("-")'),
    ),
    Program(
        "sound_code",
        """
        GROUPS = {"BFPV": "1", "CGJKQSXZ": "2", "DT": "3", "L": "4", "MN": "5", "R": "6"}


        def sound_code(name):
            def digit(letter):
                for group, code in GROUPS.items():
                    if letter in group:
                        return code
                return ""

            name = name.upper()
            if not name:
                return ""
            result = name[0]
            last = digit(name[0])
            for letter in name[1:]:
                if letter in "HW":
                    continue
                code = digit(letter)
                if code and code != last:
                    result += code
                last = code
            return (result + "000")[:4]
        """,
        (("Robert",), ("Rupert",), ("Ashcraft",), ("Lee",), ("",), ("Pfister",), ("Honeyman",)),
        lambda dice: (word(dice, "abcdhlmrstwpo", 8),),
        ('return (result + "000")[:4]', 'return result + "000"[:4]'),
    ),
    Program(
        "streaks",
        """
        def rising(values):
            run = []
            for value in values:
                if run and value <= run[-1]:
                    yield run
                    run = []
                run.append(value)
            yield run


        def streaks(values):
            if not values:
                return []
            return list(rising(values))
        """,
        (([1, 2, 1],), ([],), ([3],), ([3, 2, 1],), ([1, 2, 3, 0, 5, 5],)),
        lambda dice: (numbers(dice),),
        ("        run.append(value)\n    yield run\n", "        run.append(value)\n"),
    ),
    Program(
        "subset_ways",
        """
        def subset_ways(coins, target):
            \"\"\"How many subsets of coins (each used once at most) add up to target.\"\"\"
            ways = [0] * (target + 1)
            ways[0] = 1
            for coin in coins:
                for amount in range(target, coin - 1, -1):
                    ways[amount] += ways[amount - coin]
            return ways[target]
        """,
        (([1, 2, 3], 3), ([], 0), ([5], 3), ([2], 4), ([1, 1, 1], 2), ([4, 6], 10)),
        lambda dice: (numbers(dice, 7, 1, 6), dice.randint(0, 15)),
        ("for amount in range(target, coin - 1, -1):", "for amount in range(coin, target + 1):"),
    ),
    Program(
        "unique_permutations",
        """
        def unique_permutations(items):
            items = sorted(items)
            used = [False] * len(items)
            result, path = [], []

            def extend():
                if len(path) == len(items):
                    result.append(path[:])
                    return
                for i, item in enumerate(items):
                    if used[i] or (i > 0 and items[i - 1] == item and not used[i - 1]):
                        continue
                    used[i] = True
                    path.append(item)
                    extend()
                    path.pop()
                    used[i] = False

            extend()
            return result
        """,
        (([1, 1, 2],), ([],), ([3],), ([2, 1, 3],), ([5, 5],)),
        lambda dice: (numbers(dice, 5, 0, 3),),
        ("result.append(path[:])", "result.append(path)"),
    ),
    Program(
        "without_repeats",
        """
        class Node:
            def __init__(self, data):
                self.data = data
                self.next = None


        def build(items):
            first = last = None
            for item in items:
                node = Node(item)
                if first is None:
                    first = node
                else:
                    last.next = node
                last = node
            return first


        def without_repeats(items):
            head = build(sorted(items))
            node = head
            while node and node.next:
                if node.data == node.next.data:
                    node.next = node.next.next
                else:
                    node = node.next
            kept = []
            while head:
                kept.append(head.data)
                head = head.next
            return kept
        """,
        (([1, 1, 2],), ([],), ([2, 2, 2],), ([3, 1, 2],), ([4, 4, 4, 4, 1],)),
        lambda dice: (numbers(dice, 9, 0, 4),),
        (
            "            node.next = node.next.next\n",
            "            node.next = node.next.next\n            node = node.next\n",
        ),
    ),
)
