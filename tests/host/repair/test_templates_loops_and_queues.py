"""Slips in what loops carry, set back and hand on, and in what queues give back: where their mends are."""

import pytest

from .offered import is_offered

SLIPS = {
    "a way that is no longer than its last step": (
        """
        from heapq import heappop, heappush

        def nearest(near, start):
            heap, far = [(0, start)], {}
            while heap:
                cost, here = heappop(heap)
                if here not in far:
                    far[here] = cost
                    for there, length in near[here]:
                        heappush(heap, (length, there))
            return far
        """,
        "(length, there)",
        "(cost + length, there)",
    ),
    "a step that is not counted": (
        """
        def steps(near, start, goal):
            queue = [(start, 0)]
            while queue:
                here, count = queue.pop(0)
                if here == goal:
                    return count
                for there in near[here]:
                    queue.append((there, count))
        """,
        "(there, count)",
        "(there, count + 1)",
    ),
    "the node for its leader": (
        """
        def joined(leaders, pairs):
            for one, other in pairs:
                first, second = leader(leaders, one), leader(leaders, other)
                if first != second:
                    leaders[one] = second
            return leaders
        """,
        "leaders[one]",
        "leaders[first]",
    ),
    "the node for the root of it": (
        """
        def joined(pairs, parents):
            for one, other in pairs:
                parents[one] = root(other)
            return parents
        """,
        "parents[one]",
        "parents[root(one)]",
    ),
    "a sum that goes on": (
        """
        def parts(values, limit):
            count, total = 1, 0
            for value in values:
                if total + value > limit:
                    count += 1
                total += value
            return count
        """,
        "            count += 1\n",
        "            count += 1\n            total = 0\n",
    ),
    "a change that is not told": (
        """
        def settled(values):
            changed = True
            while changed:
                changed = False
                for place in range(1, len(values)):
                    if values[place] < values[place - 1]:
                        values[place] = values[place - 1]
            return values
        """,
        "values[place] = values[place - 1]\n",
        "values[place] = values[place - 1]\n                changed = True\n",
    ),
    "the value before, which stays the first": (
        """
        def rises(values):
            before, count = 0, 0
            for value in values:
                if value > before:
                    count += 1
            return count
        """,
        "            count += 1\n",
        "            count += 1\n        before = value\n",
    ),
    "a last group that is never given": (
        """
        def groups(values, size):
            group = []
            for value in values:
                if len(group) == size:
                    yield group
                    group = []
                group.append(value)
        """,
        "        group.append(value)\n",
        "        group.append(value)\n    yield group\n",
    ),
    "the best of this round only": (
        """
        def longest(rows):
            best = 0
            for row in rows:
                left, right = row.count("l"), row.count("r")
                best = max(left, right)
            return best
        """,
        "max(left, right)",
        "max(left, right, best)",
    ),
    "a product that grows for ever": (
        """
        def power(base, times, modulus):
            result = 1
            for _ in range(times):
                result = result * base % modulus
                base = base * base
            return result
        """,
        "base = base * base",
        "base = base * base % modulus",
    ),
    "a neighbour that is where one comes from": (
        """
        def height(near, node, parent):
            return 1 + max([height(near, other, node) for other in near[node]], default=0)
        """,
        "for other in near[node]",
        "for other in near[node] if other != parent",
    ),
    "digits from the wrong end": (
        """
        def value(digits):
            return sum(digit * 2**place for place, digit in enumerate(digits))
        """,
        "enumerate(digits)",
        "enumerate(reversed(digits))",
    ),
}
AMONG = 60


@pytest.mark.parametrize("slip", SLIPS)
def test_the_mend_of_such_a_slip_is_among_the_first(slip: str) -> None:
    assert is_offered(*SLIPS[slip], AMONG)
