"""Slips of a kind, each in code that shows what was meant, and where their mends are among the candidates."""

import pytest

from .offered import is_offered

SLIPS = {
    "a turn that is taken round on one side only": (
        """
        class Dial:
            def turn(self, back):
                if back:
                    self.at -= 1
                else:
                    self.at = (self.at + 1) % self.size
        """,
        "self.at -= 1",
        "self.at = (self.at - 1) % self.size",
    ),
    "a neighbour beyond the end": (
        """
        def smoothed(values):
            return [values[at] + values[at + 1] for at in range(len(values))]
        """,
        "values[at + 1]",
        "values[(at + 1) % len(values)]",
    ),
    "a part of the last piece only": (
        """
        def padded(text, width):
            return text + "   "[:width]
        """,
        'text + "   "[:width]',
        '(text + "   ")[:width]',
    ),
    "a part of everything": (
        """
        def joined(head, tail):
            return (head + tail)[1:]
        """,
        "(head + tail)[1:]",
        "head + tail[1:]",
    ),
    "a fraction that is rounded too early": (
        """
        def share(part, whole):
            return round(part) / whole
        """,
        "round(part) / whole",
        "round(part / whole)",
    ),
    "clauses that belong together": (
        """
        def wanted(name, old, new):
            return name or old and new
        """,
        "name or old and new",
        "(name or old) and new",
    ),
    "a pair of bounds that are bounds above only": (
        """
        def marked(grid, row, column, rows, columns):
            if row < rows and column < columns:
                grid[row][column] = 1
        """,
        "row < rows and column < columns",
        "0 <= row < rows and 0 <= column < columns",
    ),
    "a pair of bounds that are bounds below only": (
        """
        def at(items, place):
            if place >= 0:
                return items[place]
        """,
        "place >= 0",
        "0 <= place < len(items)",
    ),
    "a value that is never kept": (
        """
        class Row:
            def __init__(self, size):
                self.values = [0] * size
                self.total = 0

            def put(self, at, value):
                change = value - self.values[at]
                self.total += change
        """,
        "        change = value - self.values[at]\n",
        "        change = value - self.values[at]\n        self.values[at] = value\n",
    ),
    "an answer that is never kept": (
        """
        def ways(total):
            known = {}

            def of(rest):
                if rest in known:
                    return known[rest]
                result = 1 if rest < 2 else of(rest - 1) + of(rest - 2)
                return result

            return of(total)
        """,
        "of(rest - 2)\n",
        "of(rest - 2)\n        known[rest] = result\n",
    ),
    "a year that does not end": (
        """
        def next_month(year, month):
            month += 1
            if month > 12:
                month -= 12
            return year, month
        """,
        "        month -= 12\n",
        "        month -= 12\n        year += 1\n",
    ),
    "a last run that nothing ends": (
        """
        def runs(values):
            found, before = [], None
            for value in values:
                if before is not None and value <= before:
                    found.append(before)
                before = value
            return found
        """,
        "in values:",
        "in values + [0]:",
    ),
    "a last pair without a partner": (
        """
        def changes(text):
            found = ""
            for here, following in zip(text, text[1:]):
                if here != following:
                    found += here
            return found
        """,
        "text[1:])",
        'text[1:] + " ")',
    ),
    "one of two, and not both": (
        """
        def sign(one, other):
            if one < 0 or other < 0:
                return "-"
            return ""
        """,
        "one < 0 or other < 0",
        "(one < 0) != (other < 0)",
    ),
    "a product that is asked for two signs": (
        """
        def area(width, height):
            if width * height <= 0:
                return 0
            return width * height
        """,
        "width * height <= 0",
        "width <= 0 or height <= 0",
    ),
    "what is set where it should be turned": (
        """
        def odd(values):
            inside = False
            for value in values:
                if value:
                    inside = True
            return inside
        """,
        "inside = True",
        "inside = not inside",
    ),
    "a head that may have gone": (
        """
        def values(head):
            start = Node(0, head)
            node = start
            while node.next is not None:
                node = node.next
            node = head
            return node
        """,
        "node = head",
        "node = start.next",
    ),
    "an edge that goes both ways": (
        """
        def walk(near, here):
            while near[here]:
                there = near[here].pop()
                here = there
            return here
        """,
        "near[here].pop()\n",
        "near[here].pop()\n        near[there].remove(here)\n",
    ),
    "a place in a ring": (
        """
        def ring(grid, layer, last):
            for i in range(layer, last):
                offset = i
                grid[last - offset] = i
            return grid
        """,
        "offset = i",
        "offset = i - layer",
    ),
    "a generator that forgets the case without": (
        """
        def subsets(items):
            if not items:
                yield []
                return
            for rest in subsets(items[1:]):
                yield [items[0]] + rest
        """,
        "        yield [items[0]] + rest\n",
        "        yield [items[0]] + rest\n        yield rest\n",
    ),
    "a fraction that is rounded down": (
        """
        def pages(lines, size):
            return lines // size
        """,
        "lines // size",
        "-(-lines // size)",
    ),
}
AMONG = 300


@pytest.mark.parametrize("slip", SLIPS)
def test_the_mend_of_such_a_slip_is_among_the_first(slip: str) -> None:
    assert is_offered(*SLIPS[slip], AMONG)
