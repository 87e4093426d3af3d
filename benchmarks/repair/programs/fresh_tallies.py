"""Fresh programs about numbers and amounts: written by somebody who had not read the templates."""

from programs.program import Program, word

PROGRAMS = (
    Program(
        "aliquot_sequence",
        """
        from math import isqrt


        def proper_sum(number):
            divisors = {1}
            for divisor in range(2, isqrt(number) + 1):
                if number % divisor == 0:
                    divisors |= {divisor, number // divisor}
            return sum(divisors)


        def aliquot_sequence(number, most):
            sequence = [number]
            while len(sequence) < most and sequence[-1] > 1:
                number = proper_sum(number)
                if number in sequence:
                    break
                sequence.append(number)
            return sequence
        """,
        ((1, 5), (6, 5), (7, 5), (10, 9), (12, 9), (25, 4), (28, 3), (220, 6)),
        lambda dice: (dice.randint(1, 150), dice.randint(1, 9)),
        ("range(2, isqrt(number) + 1)", "range(2, isqrt(number))"),
    ),
    Program(
        "bell_numbers",
        """
        def bell_numbers(count):
            numbers = []
            row = [1]
            while len(numbers) < count:
                numbers.append(row[0])
                following = [row[-1]]
                for above in row:
                    following.append(following[-1] + above)
                row = following
            return numbers
        """,
        ((0,), (1,), (2,), (3,), (4,), (7,)),
        lambda dice: (dice.randint(0, 12),),
        ("following.append(following[-1] + above)", "following.append(following[0] + above)"),
    ),
    Program(
        "continued_fraction",
        """
        def continued_fraction(above, below):
            terms = []
            while below:
                terms.append(above // below)
                above, below = below, above % below
            return terms
        """,
        ((0, 1), (5, 1), (5, 0), (1, 2), (7, 3), (45, 16), (649, 200)),
        lambda dice: (dice.randint(0, 99), dice.randint(0, 99)),
        ("above, below = below, above % below", "above, below = below, below % above"),
    ),
    Program(
        "discrete_logarithm",
        """
        from math import isqrt


        def discrete_logarithm(base, goal, modulus):
            steps = isqrt(modulus) + 1
            small = {}
            power = 1
            for i in range(steps):
                small.setdefault(power, i)
                power = power * base % modulus
            giant = pow(power, -1, modulus)
            rest = goal
            for i in range(steps):
                if rest in small:
                    return i * steps + small[rest]
                rest = rest * giant % modulus
            return None
        """,
        ((2, 1, 5), (2, 3, 5), (3, 13, 17), (3, 5, 7), (2, 7, 11), (4, 3, 7), (5, 14, 23), (2, 6, 11)),
        lambda dice: (dice.randint(2, 6), dice.randint(1, 10), dice.choice([11, 13, 17, 23, 47, 59, 79])),
        ("steps = isqrt(modulus) + 1", "steps = isqrt(modulus)"),
    ),
    Program(
        "numbers_without_twins",
        """
        def count(digits, place, last, tight):
            if place == len(digits):
                return 1
            top = digits[place] if tight else 9
            total = 0
            for digit in range(top + 1):
                if digit == last:
                    continue
                following = None if last is None and digit == 0 else digit
                total += count(digits, place + 1, following, tight and digit == top)
            return total


        def numbers_without_twins(limit):
            digits = [int(digit) for digit in str(limit)]
            return count(digits, 0, None, True)
        """,
        ((0,), (7,), (10,), (11,), (99,), (100,), (135,), (989,), (1000,)),
        lambda dice: (dice.randint(0, 10 ** dice.randint(1, 4)),),
        ("tight and digit == top)", "digit == top)"),
    ),
    Program(
        "painted_houses",
        """
        def painted_houses(costs):
            if not costs:
                return 0
            best = costs[0]
            for row in costs[1:]:
                best = [
                    cost + min(before for other, before in enumerate(best) if other != color)
                    for color, cost in enumerate(row)
                ]
            return min(best)
        """,
        (
            ([],),
            ([[4, 2, 9]],),
            ([[1, 5, 6], [7, 2, 8]],),
            ([[17, 2, 17], [16, 16, 5], [14, 3, 19]],),
            ([[1, 9, 9], [1, 9, 9]],),
            ([[3, 1, 2], [4, 1, 1], [2, 1, 5], [1, 1, 7]],),
        ),
        lambda dice: ([[dice.randint(0, 9) for _ in range(3)] for _ in range(dice.randint(0, 5))],),
        ("for other, before in enumerate(best) if other != color)", "for other, before in enumerate(best))"),
    ),
    Program(
        "hidden_words",
        """
        def hidden_words(text, wanted):
            ways = [1] + [0] * len(wanted)
            for letter in text:
                for place in reversed(range(len(wanted))):
                    if wanted[place] == letter:
                        ways[place + 1] += ways[place]
            return ways[-1]
        """,
        (
            ("", ""),
            ("abc", ""),
            ("", "a"),
            ("abc", "ac"),
            ("banana", "ban"),
            ("aaa", "a"),
            ("rabbbit", "rabbit"),
            ("aaaa", "aa"),
        ),
        lambda dice: (word(dice, "ab", 9), word(dice, "ab", 4)),
        ("for place in reversed(range(len(wanted))):", "for place in range(len(wanted)):"),
    ),
    Program(
        "stirling_second",
        """
        def stirling_second(items, groups):
            if items == groups:
                return 1
            if groups == 0 or groups > items:
                return 0
            return groups * stirling_second(items - 1, groups) + stirling_second(items - 1, groups - 1)
        """,
        ((0, 0), (1, 1), (3, 0), (2, 3), (4, 2), (5, 3), (6, 4)),
        lambda dice: (dice.randint(0, 8), dice.randint(0, 8)),
        ("if groups == 0 or groups > items:", "if groups > items:"),
    ),
)
