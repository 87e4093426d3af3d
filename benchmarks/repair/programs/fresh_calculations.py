"""Fresh programs about numbers and their digits: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program


def triples(dice: random.Random) -> Any:
    values = dice.sample(range(40), dice.randint(1, 4))
    row = values[:1] + [each for each in values[1:] for _ in range(3)]
    dice.shuffle(row)
    return (row,)


PROGRAMS = (
    Program(
        "easter",
        """
        def easter(year):
            \"\"\"Month and day of Easter in the Gregorian calendar (anonymous method of 1876).\"\"\"
            a = year % 19
            b, c = divmod(year, 100)
            d, e = divmod(b, 4)
            f = (b + 8) // 25
            g = (b - f + 1) // 3
            h = (19 * a + b - d - g + 15) % 30
            i, k = divmod(c, 4)
            l = (32 + 2 * e + 2 * i - h - k) % 7
            m = (a + 11 * h + 22 * l) // 451
            month, day = divmod(h + l - 7 * m + 114, 31)
            return month, day + 1
        """,
        ((2000,), (2024,), (1961,), (1818,), (1943,), (2008,), (1583,), (2100,), (1998,)),
        lambda dice: (dice.randint(1583, 2599),),
        ("2 * i - h - k", "2 * k - h - i"),
    ),
    Program(
        "egyptian_fraction",
        """
        from math import ceil
        from fractions import Fraction


        def egyptian_fraction(num, den):
            \"\"\"Denominators of unit fractions that sum to num/den, greedily.\"\"\"
            left = Fraction(num, den)
            units = []
            while left > 0:
                unit = ceil(1 / left)
                units.append(unit)
                left -= Fraction(1, unit)
            return units
        """,
        ((1, 2), (2, 3), (6, 14), (0, 5), (7, 15), (3, 4), (5, 6), (12, 13)),
        lambda dice: (lambda den: (dice.randint(0, den - 1), den))(dice.randint(2, 16)),
        ("unit = ceil(1 / left)", "unit = int(1 / left)"),
    ),
    Program(
        "magic_square",
        """
        def magic_square(n):
            \"\"\"The square of odd order n by the Siamese method.\"\"\"
            square = [[0] * n for _ in range(n)]
            row, col = 0, n // 2
            for number in range(1, n * n + 1):
                square[row][col] = number
                up, right = (row - 1) % n, (col + 1) % n
                if square[up][right]:
                    row = (row + 1) % n
                else:
                    row, col = up, right
            return square
        """,
        ((1,), (3,), (5,), (7,), (9,)),
        lambda dice: (2 * dice.randint(0, 7) + 1,),
        ("row = (row + 1) % n", "col = (col + 1) % n"),
    ),
    Program(
        "kaprekar_steps",
        """
        def kaprekar_steps(n):
            \"\"\"Rounds of Kaprekar's routine that take a four-digit number to 6174 (or 0).\"\"\"
            steps = 0
            while n != 6174 and n != 0:
                digits = sorted(str(n).zfill(4))
                low = int("".join(digits))
                high = int("".join(reversed(digits)))
                n = high - low
                steps += 1
            return steps
        """,
        ((6174,), (3524,), (1111,), (2111,), (9831,), (1,), (1000,), (5644,), (0,)),
        lambda dice: (dice.choice([dice.randint(0, 9999), dice.randint(0, 999), 1111 * dice.randint(1, 9) - 1]),),
        ("sorted(str(n).zfill(4))", "sorted(str(n))"),
    ),
    Program(
        "single_of_triples",
        """
        def single_of_triples(nums):
            \"\"\"Every number but one is there three times; which one is there once?\"\"\"
            ones = twos = 0
            for num in nums:
                ones = (ones ^ num) & ~twos
                twos = (twos ^ num) & ~ones
            return ones
        """,
        (
            ([7],),
            ([2, 2, 3, 2],),
            ([0, 1, 0, 1, 0, 1, 99],),
            ([5, 4, 4, 4],),
            ([6, 1, 6, 1, 6, 1, 0],),
            ([8, 9, 8, 8],),
        ),
        triples,
        ("twos = (twos ^ num) & ~ones", "twos = (twos | num) & ~ones"),
    ),
    Program(
        "ackermann",
        """
        def ackermann(m, n):
            if m == 0:
                return n + 1
            if n == 0:
                return ackermann(m - 1, 1)
            return ackermann(m - 1, ackermann(m, n - 1))
        """,
        ((0, 0), (0, 4), (1, 0), (1, 3), (2, 0), (2, 2), (2, 3), (3, 1), (3, 2)),
        lambda dice: (dice.randint(0, 2), dice.randint(0, 8)),
        ("ackermann(m - 1, ackermann(m, n - 1))", "ackermann(m - 1, ackermann(m - 1, n - 1))"),
    ),
    Program(
        "miller_rabin",
        """
        def miller_rabin(n):
            \"\"\"Whether n is prime, for n up to three thousand million.\"\"\"
            if n < 2:
                return False
            for p in (2, 3, 5, 7):
                if n % p == 0:
                    return n == p
            d, s = n - 1, 0
            while d % 2 == 0:
                d //= 2
                s += 1
            for a in (2, 3, 5, 7):
                x = pow(a, d, n)
                if x == 1 or x == n - 1:
                    continue
                for _ in range(s - 1):
                    x = x * x % n
                    if x == n - 1:
                        break
                else:
                    return False
            return True
        """,
        ((0,), (2,), (7,), (11,), (13,), (121,), (97,), (561,), (7919,), (25326001,)),
        lambda dice: (dice.choice([dice.randint(0, 200), dice.randint(0, 100000)]),),
        ("if x == 1 or x == n - 1:", "if x == 1:"),
    ),
)
