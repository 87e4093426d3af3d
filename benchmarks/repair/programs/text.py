"""Programs on strings."""

from programs.program import Program, word

PROGRAMS = (
    Program(
        "run_length",
        """
        def run_length(text):
            parts = []
            position = 0
            while position < len(text):
                end = position
                while end < len(text) and text[end] == text[position]:
                    end += 1
                count = end - position
                parts.append(text[position] + (str(count) if count > 1 else ""))
                position = end
            return "".join(parts)
        """,
        (("",), ("a",), ("aab",), ("abc",), ("aaabbc",), ("zzzzzzzzzzzz",)),
        lambda dice: (word(dice, "ab", 12),),
        ("position = end\n", "position += 1\n"),
    ),
    Program(
        "to_roman",
        """
        SYMBOLS = (
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
            (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        )


        def to_roman(number):
            text = ""
            for value, symbol in SYMBOLS:
                while number >= value:
                    text += symbol
                    number -= value
            return text
        """,
        ((1,), (4,), (14,), (1994,), (3999,), (58,), (40,)),
        lambda dice: (dice.randint(1, 3999),),
        ("while number >= value:", "if number >= value:"),
    ),
    Program(
        "vigenere",
        """
        def vigenere(text, key, backwards=False):
            shifted = []
            used = 0
            for letter in text:
                if not letter.isalpha():
                    shifted.append(letter)
                    continue
                shift = ord(key[used % len(key)].lower()) - ord("a")
                if backwards:
                    shift = -shift
                base = ord("A") if letter.isupper() else ord("a")
                shifted.append(chr((ord(letter) - base + shift) % 26 + base))
                used += 1
            return "".join(shifted)
        """,
        (
            ("attack at dawn", "lemon"),
            ("Hello", "abc"),
            ("Khoor!", "d", True),
            ("", "k"),
            ("xyz", "b"),
            ("A-B-C", "bcd"),
        ),
        lambda dice: (word(dice, "abyzAZ -", 10), "k" + word(dice, "abz", 3), dice.random() < 0.5),
        ("key[used % len(key)]", "key[used % len(text)]"),
    ),
    Program(
        "justify",
        """
        def justify(words, width):
            lines, line, length = [], [], 0
            for word in words:
                if line and length + len(line) + len(word) > width:
                    gaps = len(line) - 1
                    spaces = width - length
                    text = line[0]
                    for number, each in enumerate(line[1:]):
                        text += " " * (spaces // gaps + (number < spaces % gaps)) + each
                    lines.append(text if gaps else text.ljust(width))
                    line, length = [], 0
                line.append(word)
                length += len(word)
            if line:
                lines.append(" ".join(line).ljust(width))
            return lines
        """,
        (
            ([], 5),
            (["a"], 3),
            (["this", "is", "an", "example"], 10),
            (["what", "must", "be"], 12),
            (["ab", "c", "defgh"], 5),
            (["the", "end", "is", "near", "today"], 9),
        ),
        lambda dice: ([word(dice, "xy", 5) or "z" for _ in range(dice.randint(0, 6))], dice.randint(5, 12)),
        ("length + len(line) + len(word) > width", "length + len(word) > width"),
    ),
    Program(
        "glob_match",
        """
        def glob_match(pattern, text):
            if not pattern:
                return not text
            if pattern[0] == "*":
                return glob_match(pattern[1:], text) or (text != "" and glob_match(pattern, text[1:]))
            if text and pattern[0] in ("?", text[0]):
                return glob_match(pattern[1:], text[1:])
            return False
        """,
        (("", ""), ("a", "a"), ("*", "abc"), ("a*c", "abbc"), ("a?c", "abc"), ("a*d", "abc"), ("?", ""), ("*a*", "ba")),
        lambda dice: (word(dice, "ab?*", 5), word(dice, "ab", 6)),
        ("glob_match(pattern, text[1:])", "glob_match(pattern[1:], text[1:])"),
    ),
    Program(
        "zigzag",
        """
        def zigzag(text, rows):
            if rows == 1:
                return text
            lines = [""] * rows
            row, step = 0, 1
            for letter in text:
                lines[row] += letter
                if row == 0:
                    step = 1
                elif row == rows - 1:
                    step = -1
                row += step
            return "".join(lines)
        """,
        (("PAYPALISHIRING", 3), ("PAYPALISHIRING", 4), ("A", 1), ("ABC", 1), ("AB", 2), ("", 3)),
        lambda dice: (word(dice, "abcdef", 12), dice.randint(1, 5)),
        ("if rows == 1:\n        return text\n    lines", "lines"),
    ),
    Program(
        "compare_versions",
        """
        def compare_versions(one, other):
            left = [int(part) for part in one.split(".")]
            right = [int(part) for part in other.split(".")]
            longest = max(len(left), len(right))
            left += [0] * (longest - len(left))
            right += [0] * (longest - len(right))
            for first, second in zip(left, right):
                if first != second:
                    return 1 if first > second else -1
            return 0
        """,
        (("1.0", "1"), ("1.2", "1.10"), ("2.1", "2.0.9"), ("1", "1.0.1"), ("0.1", "0.1"), ("3.0.0.1", "3")),
        lambda dice: tuple(".".join(str(dice.randint(0, 12)) for _ in range(dice.randint(1, 4))) for _ in range(2)),
        ('[int(part) for part in other.split(".")]', '[part for part in other.split(".")]'),
    ),
    Program(
        "edit_distance_one",
        """
        def edit_distance_one(one, other):
            if len(one) > len(other):
                one, other = other, one
            if len(other) - len(one) > 1:
                return False
            for position, letter in enumerate(one):
                if letter != other[position]:
                    if len(one) == len(other):
                        return one[position + 1 :] == other[position + 1 :]
                    return one[position:] == other[position + 1 :]
            return len(one) != len(other)
        """,
        (("a", "ab"), ("ab", "ab"), ("ab", "acb"), ("abc", "adc"), ("abc", "ade"), ("", "ab"), ("cab", "ad"), ("", "")),
        lambda dice: (word(dice, "ab", 5), word(dice, "ab", 5)),
        ("return one[position:] == other[position + 1 :]", "return one[position:] == other[position:]"),
    ),
)
