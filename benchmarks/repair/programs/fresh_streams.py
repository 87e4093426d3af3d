"""Fresh programs that generate and encode: written by somebody who had not read the templates."""

from programs.program import Program, numbers, word

PROGRAMS = (
    Program(
        "parentheses",
        """
        def extended_by(text, opened, closed, pairs):
            if closed == pairs:
                yield text
                return
            if opened < pairs:
                yield from extended_by(text + "(", opened + 1, closed, pairs)
            if closed < opened:
                yield from extended_by(text + ")", opened, closed + 1, pairs)


        def parentheses(pairs):
            \"\"\"All ways to write so many pairs of brackets that match.\"\"\"
            return list(extended_by("", 0, 0, pairs))
        """,
        (
            (0,),
            (1,),
            (2,),
            (3,),
            (4,),
        ),
        lambda dice: (dice.randint(0, 5),),
        ('text + ")", opened, closed + 1', 'text + ")", opened + 1, closed + 1'),
    ),
    Program(
        "de_bruijn",
        """
        def lyndon(word, size, at, period):
            if at == len(word):
                if (len(word) - 1) % period == 0:
                    yield from word[1 : period + 1]
                return
            word[at] = word[at - period]
            yield from lyndon(word, size, at + 1, period)
            for digit in range(word[at - period] + 1, size):
                word[at] = digit
                yield from lyndon(word, size, at + 1, at)


        def de_bruijn(letters, length):
            \"\"\"A ring of letters in which every word of that length is there once.\"\"\"
            word = [0] * (length + 1)
            return "".join(letters[digit] for digit in lyndon(word, len(letters), 1, 1))
        """,
        (
            ("a", 1),
            ("a", 3),
            ("ab", 1),
            ("ab", 2),
            ("ab", 3),
            ("01", 4),
            ("abc", 2),
        ),
        lambda dice: ("abcd"[: dice.randint(1, 4)], dice.randint(1, 4)),
        ("at + 1, at)", "at + 1, period)"),
    ),
    Program(
        "interleavings",
        """
        def shuffled(first, second):
            if not first or not second:
                yield first + second
                return
            for rest in shuffled(first[1:], second):
                yield first[0] + rest
            for rest in shuffled(first, second[1:]):
                yield second[0] + rest


        def interleavings(first, second):
            \"\"\"All texts made of both, with the letters of each in their old order.\"\"\"
            return list(shuffled(first, second))
        """,
        (
            ("", ""),
            ("", "ab"),
            ("ab", ""),
            ("a", "b"),
            ("ab", "c"),
            ("ab", "cd"),
            ("aa", "a"),
        ),
        lambda dice: (word(dice, "abc", 4), word(dice, "xyz", 4)),
        ("if not first or not second:", "if not first:"),
    ),
    Program(
        "farey",
        """
        def fractions_upto(order):
            a, b = 0, 1
            c, d = 1, order
            yield (a, b)
            while c <= order:
                k = (order + b) // d
                a, b, c, d = c, d, k * c - a, k * d - b
                yield (a, b)


        def farey(order):
            \"\"\"All fractions from 0 to 1 with denominators up to the order, rising.\"\"\"
            return list(fractions_upto(order))
        """,
        (
            (1,),
            (2,),
            (3,),
            (5,),
            (7,),
        ),
        lambda dice: (dice.randint(1, 12),),
        ("c, d = 1, order", "c, d = 1, 1"),
    ),
    Program(
        "first_primes",
        """
        from itertools import islice


        def primes():
            composites = {}
            number = 2
            while True:
                if number in composites:
                    for prime in composites.pop(number):
                        composites.setdefault(number + prime, []).append(prime)
                else:
                    composites[number * number] = [number]
                    yield number
                number += 1


        def first_primes(count):
            return list(islice(primes(), count))
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
        lambda dice: (dice.randint(0, 40),),
        ("setdefault(number + prime, [])", "setdefault(number * prime, [])"),
    ),
    Program(
        "move_to_front",
        """
        def move_to_front(text):
            \"\"\"For each letter its place in the alphabet, from which it then goes to the front.\"\"\"
            alphabet = sorted(set(text))
            places = []
            for letter in text:
                at = alphabet.index(letter)
                places.append(at)
                alphabet.insert(0, alphabet.pop(at))
            return places
        """,
        (
            ("",),
            ("a",),
            ("aaa",),
            ("ab",),
            ("banana",),
            ("cabbage",),
            ("mississippi",),
        ),
        lambda dice: (word(dice, "abcd"),),
        ("alphabet.insert(0, alphabet.pop(at))", "alphabet.append(alphabet.pop(at))"),
    ),
    Program(
        "base64_encode",
        """
        import string

        ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"


        def base64_encode(data):
            \"\"\"Bytes, given as a list of numbers, as text.\"\"\"
            bits = "".join(format(byte, "08b") for byte in data)
            bits += "0" * (-len(bits) % 6)
            text = "".join(ALPHABET[int(bits[i : i + 6], 2)] for i in range(0, len(bits), 6))
            return text + "=" * (-len(data) % 3)
        """,
        (
            ([],),
            ([77],),
            ([77, 97],),
            ([77, 97, 110],),
            ([0, 255, 16, 131],),
            ([1, 2, 3, 4, 5, 6],),
            ([104, 101, 108, 108, 111],),
        ),
        lambda dice: (numbers(dice, 8, 0, 255),),
        ('"=" * (-len(data) % 3)', '"=" * (len(data) % 3)'),
    ),
)
