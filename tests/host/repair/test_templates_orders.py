"""Slips in what keeps things in order, heaps, sorted rows and keys: where their mends are among the candidates."""

import pytest

from .offered import is_offered

SLIPS = {
    "something put at the end of a heap": (
        """
        import heapq

        def drained(waiting, late):
            first = heapq.heappop(waiting)
            waiting.append(late)
            return first, waiting
        """,
        "waiting.append(late)",
        "heapq.heappush(waiting, late)",
    ),
    "something taken from the end of a heap": (
        """
        from heapq import heappop, heappush

        def first(waiting, late):
            heappush(waiting, late)
            return waiting.pop() if late else heappop([late])
        """,
        "waiting.pop()",
        "heappop(waiting)",
    ),
    "a row that is searched by halves": (
        """
        import bisect

        def ranks(values):
            row, found = [], []
            for value in values:
                found.append(bisect.bisect_left(row, value))
                row.append(value)
            return found
        """,
        "row.append(value)",
        "bisect.insort(row, value)",
    ),
    "the smallest instead of the largest": (
        """
        from heapq import heappop, heappush

        def largest(values):
            heap = []
            for value in values:
                heappush(heap, (value, "x"))
            top, _ = heappop(heap)
            return -top
        """,
        "(value, ",
        "(-value, ",
    ),
    "a tie that nothing decides": (
        """
        def ranked(counted):
            return sorted(counted, key=lambda pair: -pair[1])
        """,
        "-pair[1])",
        "(-pair[1], pair[0]))",
    ),
    "the largest by name instead of by count": (
        """
        def commonest(words):
            counted = {}
            for word in words:
                counted[word] = counted.get(word, 0) + 1
            return max(counted)
        """,
        "max(counted)",
        "max(counted, key=counted.get)",
    ),
}
AMONG = 300


@pytest.mark.parametrize("slip", SLIPS)
def test_the_mend_of_such_a_slip_is_among_the_first(slip: str) -> None:
    assert is_offered(*SLIPS[slip], AMONG)
