"""Fresh programs about numbers and areas: written by somebody who had not read the templates."""

from programs.program import Program, numbers

PROGRAMS = (
    Program(
        "overlap_area",
        """
        def overlap_area(first, second):
            # rectangles are (left, bottom, right, top)
            width = min(first[2], second[2]) - max(first[0], second[0])
            height = min(first[3], second[3]) - max(first[1], second[1])
            if width <= 0 or height <= 0:
                return 0
            return width * height
        """,
        (
            ((0, 0, 4, 4), (2, 2, 6, 6)),
            ((0, 0, 2, 2), (2, 0, 4, 2)),
            ((0, 0, 1, 1), (3, 3, 5, 5)),
            ((0, 0, 9, 9), (1, 2, 3, 4)),
            ((0, 0, 2, 2), (5, 0, 7, 2)),
        ),
        lambda dice: tuple(
            (x, y, x + dice.randint(1, 6), y + dice.randint(1, 6))
            for x, y in [(dice.randint(0, 8), dice.randint(0, 8)) for _ in range(2)]
        ),
        ("if width <= 0 or height <= 0:", "if width * height <= 0:"),
    ),
    Program(
        "point_in_polygon",
        """
        def point_in_polygon(point, corners):
            px, py = point
            inside = False
            j = len(corners) - 1
            for i in range(len(corners)):
                xi, yi = corners[i]
                xj, yj = corners[j]
                if (yi > py) != (yj > py):
                    crossing = xi + (py - yi) * (xj - xi) / (yj - yi)
                    if px < crossing:
                        inside = not inside
                j = i
            return inside
        """,
        (
            ((1, 1), [(0, 0), (4, 0), (4, 4), (0, 4)]),
            ((5, 1), [(0, 0), (4, 0), (4, 4), (0, 4)]),
            ((-1, 2), [(0, 0), (4, 0), (4, 4), (0, 4)]),
            ((1, 9), [(0, 0), (4, 0), (4, 4), (0, 4)]),
            ((3, 3), [(0, 0), (6, 0), (6, 6), (3, 1), (0, 6)]),
        ),
        lambda dice: (
            (dice.randint(-2, 8), dice.randint(-2, 8)),
            [(dice.randint(0, 7), dice.randint(0, 7)) for _ in range(dice.randint(3, 6))],
        ),
        ("inside = not inside", "inside = True"),
    ),
    Program(
        "rectangle_in_histogram",
        """
        def rectangle_in_histogram(heights):
            stack = []
            best = 0
            for i, h in enumerate(heights + [0]):
                while stack and heights[stack[-1]] >= h:
                    top = heights[stack.pop()]
                    width = i if not stack else i - stack[-1] - 1
                    best = max(best, top * width)
                stack.append(i)
            return best
        """,
        (([2, 1, 5, 6, 2, 3],), ([],), ([3, 1],), ([1, 2, 3],), ([4, 4],), ([5, 2, 1, 0],)),
        lambda dice: (numbers(dice, 9, 0, 9),),
        ("enumerate(heights + [0])", "enumerate(heights)"),
    ),
    Program(
        "square_largest",
        """
        def square_largest(rows):
            if not rows:
                return 0
            height, width = len(rows), len(rows[0])
            side = [[0] * (width + 1) for _ in range(height + 1)]
            best = 0
            for y in range(height):
                for x in range(width):
                    if rows[y][x] == "#":
                        side[y + 1][x + 1] = 1 + min(side[y][x], side[y][x + 1], side[y + 1][x])
                        best = max(best, side[y + 1][x + 1])
            return best * best
        """,
        (
            (["##", "##"],),
            (["#.#", ".##", "###"],),
            ([],),
            ([".", "."],),
            (["####"],),
            (["#.", ".#", "##"],),
            (["###", "###", "###"],),
        ),
        lambda dice: (
            (lambda cols: ["".join(dice.choice("##.") for _ in range(cols)) for _ in range(dice.randint(0, 5))])(
                dice.randint(1, 5)
            ),
        ),
        ("[[0] * (width + 1) for _ in range(height + 1)]", "[[0] * (width + 1)] * (height + 1)"),
    ),
    Program(
        "repeating_decimal",
        """
        def repeating_decimal(numerator, denominator):
            if numerator == 0:
                return "0"
            sign = ""
            if (numerator < 0) != (denominator < 0):
                sign = "-"
            numerator, denominator = abs(numerator), abs(denominator)
            whole, rest = divmod(numerator, denominator)
            text = sign + str(whole)
            if rest == 0:
                return text
            digits = []
            seen = {}
            while rest and rest not in seen:
                seen[rest] = len(digits)
                rest *= 10
                digits.append(str(rest // denominator))
                rest %= denominator
            if rest:
                start = seen[rest]
                digits.insert(start, "(")
                digits.append(")")
            return text + "." + "".join(digits)
        """,
        ((1, 2), (1, 3), (-1, 6), (4, 2), (-7, -12), (0, -5), (22, 7)),
        lambda dice: (dice.randint(-30, 30), dice.choice([-1, 1]) * dice.randint(1, 30)),
        ("if (numerator < 0) != (denominator < 0):", "if numerator < 0 or denominator < 0:"),
    ),
    Program(
        "totient",
        """
        def totient(n):
            result = n
            rest = n
            p = 2
            while p * p <= rest:
                if rest % p == 0:
                    while rest % p == 0:
                        rest //= p
                    result -= result // p
                p += 1
            if rest > 1:
                result -= result // rest
            return result
        """,
        ((1,), (2,), (9,), (12,), (36,), (97,), (30,)),
        lambda dice: (dice.randint(1, 2000),),
        ("result -= result // p\n", "result -= n // p\n"),
    ),
    Program(
        "twin_primes",
        """
        def is_prime(n):
            if n < 2:
                return False
            for d in range(2, int(n ** 0.5) + 1):
                if n % d == 0:
                    return False
            return True


        def twin_primes(limit):
            return [(p, p + 2) for p in range(2, limit - 1) if is_prime(p) and is_prime(p + 2)]
        """,
        ((0,), (5,), (10,), (30,), (75,)),
        lambda dice: (dice.randint(0, 200),),
        ("    return True\n\n", "        return True\n\n"),
    ),
    Program(
        "weekday_of",
        """
        NAMES = ["Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]


        def weekday_of(year, month, day):
            if month < 3:
                month += 12
                year -= 1
            century, short = divmod(year, 100)
            h = (day + 13 * (month + 1) // 5 + short + short // 4 + century // 4 + 5 * century) % 7
            return NAMES[h]
        """,
        ((2024, 3, 1), (2000, 1, 1), (1969, 7, 20), (2023, 2, 28), (1900, 12, 31), (2024, 2, 29)),
        lambda dice: (dice.randint(1800, 2100), dice.randint(1, 12), dice.randint(1, 28)),
        ("        year -= 1\n", ""),
    ),
    Program(
        "partition_count",
        """
        def partition_count(total):
            memo = {}

            def ways(rest, largest):
                if rest == 0:
                    return 1
                if rest < 0 or largest == 0:
                    return 0
                key = (rest, largest)
                if key not in memo:
                    memo[key] = ways(rest - largest, largest) + ways(rest, largest - 1)
                return memo[key]

            return ways(total, total)
        """,
        ((0,), (1,), (2,), (4,), (5,), (7,), (10,)),
        lambda dice: (dice.randint(0, 30),),
        ("key = (rest, largest)", "key = rest"),
    ),
)
