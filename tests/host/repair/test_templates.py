"""Each kind of slip has its mend among the candidates, and not far down: ranked alone, without running anything."""

import pytest

from .offered import is_offered

SLIPS = {
    "a sum that is set anew": (
        """
        def product(one, other):
            found = [0] * (len(one) + len(other))
            for i, left in enumerate(one):
                for j, right in enumerate(other):
                    found[i + j] = left * right
            return found
        """,
        "= left * right",
        "+= left * right",
    ),
    "a maximum that forgets what it had": (
        """
        def peak(values):
            best = 0
            for value in values:
                best = value
            return best
        """,
        "best = value",
        "best = max(best, value)",
    ),
    "zero taken for nothing": (
        """
        def label(prices, name):
            if prices.get(name):
                return str(prices[name])
            return "unknown"
        """,
        "if prices.get(name):",
        "if prices.get(name) is not None:",
    ),
    "an end that is not asked for": (
        """
        def digits(text, start):
            end = start
            while text[end].isdigit():
                end += 1
            return text[start:end]
        """,
        "while text[end]",
        "while end < len(text) and text[end]",
    ),
    "a node that is visited again": (
        """
        def reached(edges, start):
            seen, waiting = {start}, [start]
            while waiting:
                node = waiting.pop()
                for other in edges[node]:
                    if edges[other]:
                        seen.add(other)
                        waiting.append(other)
            return seen
        """,
        "if edges[other]:",
        "if edges[other] and other not in seen:",
    ),
    "a base case that is missing": (
        """
        def depth(tree):
            return 1 + max(depth(each) for each in tree)
        """,
        "    return 1",
        "    if not tree:\n        return 0\n    return 1",
    ),
    "a base case with a clause too few": (
        """
        def ways(total, largest):
            if total == 0:
                return 1
            if total < 0:
                return 0
            return ways(total - largest, largest) + ways(total, largest - 1)
        """,
        "if total < 0:",
        "if total < 0 or largest == 0:",
    ),
    "an answer that does not look": (
        """
        def balanced(text):
            waiting = []
            for letter in text:
                if letter == "(":
                    waiting.append(letter)
                elif not waiting or not waiting.pop():
                    return False
            return True
        """,
        "    return True",
        "    return not waiting",
    ),
    "a result although something is left": (
        """
        def nested(text):
            found, waiting = [], []
            for letter in text:
                if letter == "(":
                    waiting.append(letter)
                    found.append(len(waiting))
                else:
                    waiting.pop()
            return found
        """,
        "    return found",
        "    return found if not waiting else None",
    ),
    "the empty solution": (
        """
        def subsets(items):
            if not items:
                return []
            rest = subsets(items[1:])
            return rest + [[items[0], *each] for each in rest]
        """,
        "return []",
        "return [[]]",
    ),
    "the key of another": (
        """
        def dropped(node, key, following):
            node.key = following.key
            node.right = delete(node.right, key)
            return node
        """,
        "node.right, key",
        "node.right, following.key",
    ),
    "a prefix that is lost": (
        """
        def words(tree, prefix):
            found = []
            for letter in tree:
                found += words(tree[letter], letter)
            return found
        """,
        "tree[letter], letter",
        "tree[letter], prefix + letter",
    ),
    "the first item once more": (
        """
        def total(values):
            best = values[0]
            for value in values:
                best += value
            return best
        """,
        "in values:",
        "in values[1:]:",
    ),
    "a lost minus": (
        """
        def lowest_bit(number):
            return number & number
        """,
        "& number",
        "& -number",
    ),
    "a generator that is called and dropped": (
        """
        def leaves(tree):
            if isinstance(tree, list):
                for each in tree:
                    leaves(each)
            else:
                yield tree
        """,
        "            leaves(each)",
        "            yield from leaves(each)",
    ),
    "numbers that begin with one": (
        """
        def numbered(lines):
            return [f"{number}. {line}" for number, line in enumerate(lines)]
        """,
        "enumerate(lines)",
        "enumerate(lines, 1)",
    ),
    "nothing to fall back on": (
        """
        def repeated(letter, digits):
            count = int(digits) if digits else 0
            return letter * count
        """,
        "letter * count",
        "letter * (count or 1)",
    ),
    "the other half, forgotten": (
        """
        def rest(one, other):
            while one and other:
                one.pop() if one[0] < other[0] else other.pop()
            left = one
            return left
        """,
        "left = one",
        "left = one or other",
    ),
    "one thing added to a list": (
        """
        def paths(tree, path):
            if not tree:
                return [path]
            return [each for node in tree for each in paths(tree[node], path + node)]
        """,
        "path + node",
        "path + [node]",
    ),
    "what is known, instead of the variable": (
        """
        def bubble(values):
            for end in range(len(values) - 1, 0, -1):
                for place in range(len(values) - 1):
                    if values[place] > values[place + 1]:
                        values[place], values[place + 1] = values[place + 1], values[place]
            return values
        """,
        "in range(len(values) - 1):",
        "in range(end):",
    ),
    "a set that forgets what it had": (
        """
        def sums(values):
            reached = {0}
            for value in values:
                reached = {value + each for each in reached}
            return reached
        """,
        "reached = {value",
        "reached |= {value",
    ),
    "pairs that begin too early": (
        """
        def pairs(values):
            found = []
            for i in range(len(values)):
                for j in range(len(values)):
                    found.append((values[i], values[j], i - j))
            return found
        """,
        "for j in range(len(values))",
        "for j in range(i + 1, len(values))",
    ),
    "a bare else": (
        """
        def scan(edges, order, stack, node, low):
            for other in edges[node]:
                if other not in order:
                    low = min(low, 0)
                else:
                    low = min(low, order[other])
                stack.append(other)
            return low
        """,
        "else:",
        "elif other in stack:",
    ),
    "a link that goes one way": (
        """
        def neighbours(pairs):
            links = {}
            for one, other in pairs:
                links.setdefault(one, []).append(other)
            return links
        """,
        "        links.setdefault(one, []).append(other)\n",
        "        links.setdefault(one, []).append(other)\n        links.setdefault(other, []).append(one)\n",
    ),
    "a step that is not taken back": (
        """
        def paths(edges, here, end, way, found):
            if here == end:
                found.append(list(way))
            for there in edges[here]:
                way.append(there)
                paths(edges, there, end, way, found)
            return found
        """,
        "        paths(edges, there, end, way, found)\n",
        "        paths(edges, there, end, way, found)\n        way.pop()\n",
    ),
    "a length of one side only": (
        """
        def longer_by(one, other):
            return len(one) - other
        """,
        "- other",
        "- len(other)",
    ),
    "one of two that is asked for": (
        """
        def meets(node, one, other):
            if node is None or node.key == one:
                return node
            return meets(node.left, one, other) or meets(node.right, one, other)
        """,
        "node.key == one",
        "node.key in (one, other)",
    ),
    "a number of one digit": (
        """
        def parsed(text):
            value = 0
            for letter in text:
                value += int(letter)
            return value
        """,
        "value += int(letter)",
        "value = value * 10 + int(letter)",
    ),
    "an item that is read and stays": (
        """
        def drained(waiting):
            done = []
            while waiting:
                done.append(waiting[0])
                if len(done) > 2:
                    waiting.pop(0)
            return done
        """,
        "waiting[0]",
        "waiting.pop(0)",
    ),
    "an exception to the last of two cases": (
        """
        def cuts(text):
            depth, found = 0, []
            for place, letter in enumerate(text):
                if letter == "(":
                    depth += 1
                if letter == ";" or letter == ",":
                    found.append(place - depth)
            return found
        """,
        'or letter == ","',
        'or letter == "," and depth == 0',
    ),
}
AMONG = 500
"""Half of what the benchmark lets a search try."""


@pytest.mark.parametrize("slip", SLIPS)
def test_the_mend_of_a_slip_is_among_the_first(slip: str) -> None:
    assert is_offered(*SLIPS[slip], AMONG)
