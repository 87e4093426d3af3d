"""Programs on numbers, dates and matrices."""

from programs.program import Program

PROGRAMS = (
    Program(
        "modular_power",
        """
        def modular_power(base, exponent, modulus):
            result = 1
            base %= modulus
            while exponent > 0:
                if exponent % 2 == 1:
                    result = result * base % modulus
                base = base * base % modulus
                exponent //= 2
            return result % modulus
        """,
        ((2, 10, 1000), (3, 0, 7), (5, 3, 13), (10, 5, 1), (7, 13, 11), (0, 4, 9)),
        lambda dice: (dice.randint(0, 30), dice.randint(0, 30), dice.randint(1, 40)),
        ("exponent //= 2", "exponent -= 2"),
    ),
    Program(
        "prime_factors",
        """
        def prime_factors(number):
            factors = []
            divisor = 2
            while divisor * divisor <= number:
                while number % divisor == 0:
                    factors.append(divisor)
                    number //= divisor
                divisor += 1
            if number > 1:
                factors.append(number)
            return factors
        """,
        ((1,), (2,), (12,), (49,), (97,), (360,), (8,)),
        lambda dice: (dice.randint(1, 2000),),
        ("while number % divisor == 0:", "if number % divisor == 0:"),
    ),
    Program(
        "luhn",
        """
        def luhn(digits):
            total = 0
            for position, digit in enumerate(reversed(digits)):
                value = int(digit)
                if position % 2 == 1:
                    value *= 2
                    if value > 9:
                        value -= 9
                total += value
            return total % 10 == 0
        """,
        (("0",), ("18",), ("79927398713",), ("79927398710",), ("4539578763621486",), ("59",), ("91",)),
        lambda dice: ("".join(str(dice.randint(0, 9)) for _ in range(dice.randint(1, 8))),),
        ("enumerate(reversed(digits))", "enumerate(digits)"),
    ),
    Program(
        "day_of_year",
        """
        LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


        def is_leap(year):
            return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


        def day_of_year(year, month, day):
            total = sum(LENGTHS[: month - 1]) + day
            if month > 2 and is_leap(year):
                total += 1
            return total
        """,
        ((2023, 1, 1), (2023, 12, 31), (2024, 2, 29), (2024, 3, 1), (1900, 3, 1), (2000, 12, 31)),
        lambda dice: (dice.randint(1890, 2110), dice.randint(1, 12), dice.randint(1, 28)),
        ("year % 100 != 0 or year % 400 == 0", "year % 100 != 0 and year % 400 == 0"),
    ),
    Program(
        "spiral",
        """
        def spiral(matrix):
            visited = []
            top, bottom, left, right = 0, len(matrix) - 1, 0, len(matrix[0]) - 1
            while top <= bottom and left <= right:
                for column in range(left, right + 1):
                    visited.append(matrix[top][column])
                for row in range(top + 1, bottom + 1):
                    visited.append(matrix[row][right])
                if top < bottom and left < right:
                    for column in range(right - 1, left - 1, -1):
                        visited.append(matrix[bottom][column])
                    for row in range(bottom - 1, top, -1):
                        visited.append(matrix[row][left])
                top, bottom, left, right = top + 1, bottom - 1, left + 1, right - 1
            return visited
        """,
        (
            ([[1]],),
            ([[1, 2, 3]],),
            ([[1], [2], [3]],),
            ([[1, 2], [3, 4]],),
            ([[1, 2, 3], [4, 5, 6], [7, 8, 9]],),
            ([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]],),
        ),
        lambda dice: (
            [[10 * row + column for column in range(width)] for row in range(dice.randint(1, 4))]
            if (width := dice.randint(1, 5))
            else [],
        ),
        ("if top < bottom and left < right:", "if top < bottom:"),
    ),
    Program(
        "determinant",
        """
        def determinant(matrix):
            if len(matrix) == 1:
                return matrix[0][0]
            total = 0
            for column, value in enumerate(matrix[0]):
                minor = [row[:column] + row[column + 1 :] for row in matrix[1:]]
                sign = -1 if column % 2 else 1
                total += sign * value * determinant(minor)
            return total
        """,
        (
            ([[5]],),
            ([[1, 2], [3, 4]],),
            ([[2, 0, 1], [1, 3, 2], [1, 1, 1]],),
            ([[0, 1], [1, 0]],),
            ([[6, 1, 1], [4, -2, 5], [2, 8, 7]],),
        ),
        lambda dice: (
            [[dice.randint(-5, 5) for _ in range(size)] for _ in range(size)] if (size := dice.randint(1, 4)) else [],
        ),
        ("row[:column] + row[column + 1 :]", "row[:column] + row[column:]"),
    ),
    Program(
        "multiply_polynomials",
        """
        def multiply_polynomials(one, other):
            product = [0] * (len(one) + len(other) - 1)
            for i, left in enumerate(one):
                for j, right in enumerate(other):
                    product[i + j] += left * right
            while len(product) > 1 and product[-1] == 0:
                product.pop()
            return product
        """,
        (([1], [1]), ([1, 1], [1, 1]), ([1, -1], [1, 1]), ([0], [3, 4]), ([2, 0, 1], [5, 3]), ([0, 0, 1], [0, 1])),
        lambda dice: tuple([dice.randint(-3, 3) for _ in range(dice.randint(1, 5))] for _ in range(2)),
        ("product[i + j] += left * right", "product[i + j] = left * right"),
    ),
    Program(
        "extended_euclid",
        """
        def extended_euclid(a, b):
            if b == 0:
                return a, 1, 0
            divisor, x, y = extended_euclid(b, a % b)
            return divisor, y, x - a // b * y
        """,
        ((240, 46), (3, 0), (7, 5), (12, 18), (1, 1), (99, 78)),
        lambda dice: (dice.randint(0, 60), dice.randint(0, 60)),
        ("return divisor, y, x - a // b * y", "return divisor, y, x - b // a * y"),
    ),
)
