"""Programs that sort, select and merge."""

from programs.program import Program, numbers

_LISTS: tuple[tuple[list[int]], ...] = (
    ([],),
    ([1],),
    ([3, 1, 2],),
    ([5, 4, 3, 2, 1],),
    ([2, 2, 1, 1],),
    ([-3, 0, 7, -3, 9, 4],),
)

PROGRAMS = (
    Program(
        "insertion_sort",
        """
        def insertion_sort(values):
            for position in range(1, len(values)):
                value = values[position]
                place = position
                while place > 0 and values[place - 1] > value:
                    values[place] = values[place - 1]
                    place -= 1
                values[place] = value
            return values
        """,
        _LISTS,
        lambda dice: (numbers(dice),),
        ("while place > 0 and", "while place > 1 and"),
    ),
    Program(
        "shell_sort",
        """
        def shell_sort(values):
            gap = len(values) // 2
            while gap > 0:
                for start in range(gap, len(values)):
                    value = values[start]
                    place = start
                    while place >= gap and values[place - gap] > value:
                        values[place] = values[place - gap]
                        place -= gap
                    values[place] = value
                gap //= 2
            return values
        """,
        _LISTS,
        lambda dice: (numbers(dice, 14),),
        ("place -= gap", "place -= 1"),
    ),
    Program(
        "radix_sort",
        """
        def radix_sort(values):
            base = 10
            place = 1
            while values and place <= max(values):
                buckets = [[] for _ in range(base)]
                for value in values:
                    buckets[value // place % base].append(value)
                values = [value for bucket in buckets for value in bucket]
                place *= base
            return values
        """,
        (([],), ([7],), ([170, 45, 75, 90, 2, 24, 802, 66],), ([10, 1, 100, 0],), ([11, 12, 21, 22],)),
        lambda dice: (numbers(dice, 12, 0, 2000),),
        ("place <= max(values)", "place < len(values)"),
    ),
    Program(
        "merge_intervals",
        """
        def merge_intervals(intervals):
            merged = []
            for start, end in sorted(intervals):
                if merged and start <= merged[-1][1]:
                    last = merged[-1]
                    merged[-1] = [last[0], max(last[1], end)]
                else:
                    merged.append([start, end])
            return merged
        """,
        (
            ([],),
            ([[1, 3], [2, 6], [8, 10]],),
            ([[1, 9], [2, 3]],),
            ([[1, 2], [2, 4]],),
            ([[5, 6], [1, 2]],),
        ),
        lambda dice: ([sorted((dice.randint(0, 20), dice.randint(0, 20))) for _ in range(dice.randint(0, 6))],),
        ("max(last[1], end)", "end"),
    ),
    Program(
        "quickselect",
        """
        def quickselect(values, rank):
            pivot = values[len(values) // 2]
            lower = [value for value in values if value < pivot]
            equal = [value for value in values if value == pivot]
            higher = [value for value in values if value > pivot]
            if rank < len(lower):
                return quickselect(lower, rank)
            if rank < len(lower) + len(equal):
                return pivot
            return quickselect(higher, rank - len(lower) - len(equal))
        """,
        (([4], 0), ([3, 1, 2], 0), ([3, 1, 2], 2), ([5, 5, 1, 9], 2), ([9, 8, 7, 6, 5, 4], 3), ([1, 1, 2, 2], 3)),
        lambda dice: (values := [dice.randint(0, 9), *numbers(dice, 8, 0)], dice.randrange(len(values))),
        ("rank - len(lower) - len(equal)", "rank - len(lower)"),
    ),
    Program(
        "count_inversions",
        """
        def count_inversions(values):
            if len(values) < 2:
                return 0
            middle = len(values) // 2
            left, right = values[:middle], values[middle:]
            count = count_inversions(left) + count_inversions(right)
            i = j = 0
            for k in range(len(values)):
                if j == len(right) or (i < len(left) and left[i] <= right[j]):
                    values[k] = left[i]
                    i += 1
                else:
                    values[k] = right[j]
                    j += 1
                    count += len(left) - i
            return count
        """,
        _LISTS,
        lambda dice: (numbers(dice, 12),),
        ("count += len(left) - i", "count += len(left) - j"),
    ),
    Program(
        "three_way_partition",
        """
        def three_way_partition(values, pivot):
            low, at, high = 0, 0, len(values) - 1
            while at <= high:
                if values[at] < pivot:
                    values[low], values[at] = values[at], values[low]
                    low += 1
                    at += 1
                elif values[at] > pivot:
                    values[at], values[high] = values[high], values[at]
                    high -= 1
                else:
                    at += 1
            return values
        """,
        (([], 1), ([1], 1), ([2, 1, 0], 1), ([2, 2, 0, 0, 1], 1), ([5, 3, 3, 8, 1], 3), ([1, 2, 3], 9)),
        lambda dice: (numbers(dice, 9, 0, 5), dice.randint(0, 5)),
        ("while at <= high", "while at < high"),
    ),
    Program(
        "k_way_merge",
        """
        import heapq


        def k_way_merge(lists):
            heap = [(each[0], number, 0) for number, each in enumerate(lists) if each]
            heapq.heapify(heap)
            merged = []
            while heap:
                value, number, position = heapq.heappop(heap)
                merged.append(value)
                if position + 1 < len(lists[number]):
                    heapq.heappush(heap, (lists[number][position + 1], number, position + 1))
            return merged
        """,
        (([],), ([[], [1]],), ([[1, 4, 7], [2, 5], [3]],), ([[1, 1], [1]],), ([[5], [4], [3, 6, 9]],)),
        lambda dice: ([sorted(numbers(dice, 5)) for _ in range(dice.randint(0, 4))],),
        ("for number, each in enumerate(lists) if each]", "for number, each in enumerate(lists)]"),
    ),
)
