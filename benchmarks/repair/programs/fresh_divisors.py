"""Fresh programs of number theory: written by somebody who had not read the templates."""

from programs.program import Program

PROGRAMS = (
    Program(
        "binary_gcd",
        """
        def binary_gcd(a, b):
            \"\"\"Stein's algorithm for the greatest common divisor.\"\"\"
            if a == 0 or b == 0:
                return a + b
            shift = 0
            while a % 2 == 0 and b % 2 == 0:
                a //= 2
                b //= 2
                shift += 1
            while a != b:
                if a % 2 == 0:
                    a //= 2
                elif b % 2 == 0:
                    b //= 2
                elif a > b:
                    a -= b
                else:
                    b -= a
            return a << shift
        """,
        (
            (0, 5),
            (9, 0),
            (7, 7),
            (12, 18),
            (35, 14),
            (48, 64),
            (17, 5),
            (100, 60),
        ),
        lambda dice: (dice.randint(0, 120), dice.randint(0, 120)),
        ("return a << shift", "return a"),
    ),
    Program(
        "is_happy",
        """
        def square_sum(number):
            total = 0
            while number > 0:
                number, digit = divmod(number, 10)
                total += digit * digit
            return total


        def is_happy(number):
            \"\"\"Whether adding up the squares of the digits again and again leads to 1.\"\"\"
            seen = set()
            while number != 1 and number not in seen:
                seen.add(number)
                number = square_sum(number)
            return number == 1
        """,
        (
            (1,),
            (7,),
            (19,),
            (100,),
            (2,),
            (4,),
            (20,),
        ),
        lambda dice: (dice.randint(1, 500),),
        ("        seen.add(number)\n", ""),
    ),
    Program(
        "jacobi_symbol",
        """
        def jacobi_symbol(a, n):
            \"\"\"The Jacobi symbol (a/n) for an odd positive n.\"\"\"
            a %= n
            result = 1
            while a != 0:
                while a % 2 == 0:
                    a //= 2
                    if n % 8 in (3, 5):
                        result = -result
                a, n = n, a
                if a % 4 == 3 and n % 4 == 3:
                    result = -result
                a %= n
            return result if n == 1 else 0
        """,
        (
            (1, 1),
            (2, 3),
            (2, 7),
            (3, 5),
            (3, 7),
            (5, 21),
            (6, 9),
            (19, 45),
        ),
        lambda dice: (dice.randint(0, 60), 2 * dice.randint(0, 30) + 1),
        ("a % 4 == 3 and n % 4 == 3", "a % 4 == 3 or n % 4 == 3"),
    ),
    Program(
        "fast_fibonacci",
        """
        def fibonacci_pair(n):
            \"\"\"The n-th Fibonacci number and the one after it.\"\"\"
            if n == 0:
                return 0, 1
            a, b = fibonacci_pair(n // 2)
            even = a * (2 * b - a)
            odd = a * a + b * b
            if n % 2 == 0:
                return even, odd
            return odd, even + odd


        def fast_fibonacci(n):
            return fibonacci_pair(n)[0]
        """,
        (
            (0,),
            (1,),
            (2,),
            (3,),
            (6,),
            (10,),
            (25,),
        ),
        lambda dice: (dice.randint(0, 60),),
        ("a * (2 * b - a)", "a * (2 * a - b)"),
    ),
    Program(
        "zeckendorf",
        """
        def zeckendorf(number):
            \"\"\"The number as a sum of Fibonacci numbers no two of which are neighbours, biggest first.\"\"\"
            fibs = [1, 2]
            while fibs[-1] + fibs[-2] <= number:
                fibs.append(fibs[-1] + fibs[-2])
            parts = []
            for fib in reversed(fibs):
                if fib <= number:
                    parts.append(fib)
                    number -= fib
            return parts
        """,
        (
            (0,),
            (1,),
            (4,),
            (8,),
            (12,),
            (30,),
            (64,),
            (100,),
        ),
        lambda dice: (dice.randint(0, 60),),
        ("fibs[-2] <= number", "fibs[-2] < number"),
    ),
    Program(
        "ugly_number",
        """
        def ugly_number(n):
            \"\"\"The n-th number that has no prime factors but 2, 3 and 5.\"\"\"
            ugly = [1]
            two = three = five = 0
            while len(ugly) < n:
                smallest = min(ugly[two] * 2, ugly[three] * 3, ugly[five] * 5)
                ugly.append(smallest)
                if smallest == ugly[two] * 2:
                    two += 1
                if smallest == ugly[three] * 3:
                    three += 1
                if smallest == ugly[five] * 5:
                    five += 1
            return ugly[-1]
        """,
        (
            (1,),
            (2,),
            (5,),
            (7,),
            (10,),
            (15,),
            (40,),
        ),
        lambda dice: (dice.randint(1, 80),),
        ("        five += 1", "        three += 1"),
    ),
    Program(
        "mobius",
        """
        def mobius(number):
            \"\"\"0 if a square divides the number, else 1 or -1 for an even or odd count of prime factors.\"\"\"
            count = 0
            factor = 2
            while factor * factor <= number:
                if number % factor == 0:
                    number //= factor
                    if number % factor == 0:
                        return 0
                    count += 1
                factor += 1
            if number > 1:
                count += 1
            return -1 if count % 2 == 1 else 1
        """,
        (
            (1,),
            (2,),
            (6,),
            (9,),
            (12,),
            (30,),
            (50,),
            (210,),
        ),
        lambda dice: (dice.randint(1, 130),),
        ("factor * factor <= number", "factor * factor < number"),
    ),
)
