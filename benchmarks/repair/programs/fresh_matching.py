"""Fresh programs about patterns and letters in texts: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program, word


def roman(dice: random.Random) -> Any:
    left, text = dice.randint(1, 3999), ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += letters * (left // value)
        left %= value
    return (text,)


def secret(dice: random.Random) -> Any:
    size = dice.randint(1, 5)
    return (
        "".join(dice.choice("1234") for _ in range(size)),
        "".join(dice.choice("1234") for _ in range(size)),
    )


def in_text(dice: random.Random) -> Any:
    text = word(dice, "ab", 12)
    if text and dice.random() < 0.6:
        start = dice.randrange(len(text))
        return (text, text[start : start + dice.randint(1, 4)])
    return (text, dice.choice("ab") + word(dice, "abc", 3))


def binary(dice: random.Random) -> str:
    return bin(dice.randint(0, 80))[2:]


PROGRAMS = (
    Program(
        "rabin_karp",
        """
        BASE = 257
        MOD = 1000003


        def rabin_karp(text, pattern):
            \"\"\"Every index at which the pattern starts in the text.\"\"\"
            n, m = len(text), len(pattern)
            if m == 0 or m > n:
                return []
            high = pow(BASE, m - 1, MOD)
            want = have = 0
            for i in range(m):
                want = (want * BASE + ord(pattern[i])) % MOD
                have = (have * BASE + ord(text[i])) % MOD
            found = []
            for i in range(n - m + 1):
                if want == have and text[i:i + m] == pattern:
                    found.append(i)
                if i < n - m:
                    have = (have - ord(text[i]) * high) % MOD
                    have = (have * BASE + ord(text[i + m])) % MOD
            return found
        """,
        (
            ("abracadabra", "abra"),
            ("aaaa", "aa"),
            ("abc", "d"),
            ("abc", ""),
            ("", "a"),
            ("hello", "hello"),
            ("short", "muchlonger"),
            ("mississippi", "issi"),
        ),
        in_text,
        ("pow(BASE, m - 1, MOD)", "pow(BASE, m, MOD)"),
    ),
    Program(
        "horspool",
        """
        def horspool(text, pattern):
            m, n = len(pattern), len(text)
            if m == 0:
                return 0
            shift = {}
            for i in range(m - 1):
                shift[pattern[i]] = m - 1 - i
            at = 0
            while at + m <= n:
                j = m - 1
                while j >= 0 and text[at + j] == pattern[j]:
                    j -= 1
                if j < 0:
                    return at
                at += shift.get(text[at + m - 1], m)
            return -1
        """,
        (
            ("here is a simple example", "example"),
            ("abcabd", "abd"),
            ("aaaaab", "ab"),
            ("abc", ""),
            ("abc", "abcd"),
            ("abababac", "abac"),
            ("xyz", "a"),
            ("bbab", "ab"),
        ),
        in_text,
        ("for i in range(m - 1):", "for i in range(m):"),
    ),
    Program(
        "roman_value",
        """
        VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


        def roman_value(numeral):
            total = 0
            previous = 0
            for letter in reversed(numeral):
                value = VALUES[letter]
                if value < previous:
                    total -= value
                else:
                    total += value
                previous = value
            return total
        """,
        (("I",), ("III",), ("IV",), ("IX",), ("LVIII",), ("MCMXCIV",), ("XLII",), ("",)),
        roman,
        ("if value < previous:", "if value <= previous:"),
    ),
    Program(
        "rail_fence",
        """
        def rail_fence(text, rails):
            \"\"\"Encipher by writing the text in a zigzag over some rails and reading it rail by rail.\"\"\"
            if rails == 1 or rails >= len(text):
                return text
            rows = [""] * rails
            rail, step = 0, 1
            for letter in text:
                rows[rail] += letter
                if rail == 0:
                    step = 1
                elif rail == rails - 1:
                    step = -1
                rail += step
            return "".join(rows)
        """,
        (
            ("", 3),
            ("hello", 1),
            ("hello", 2),
            ("wearediscovered", 3),
            ("abcdefg", 4),
            ("ab", 5),
            ("abc", 3),
            ("x", 1),
        ),
        lambda dice: (word(dice, "abcdefghi", 14), dice.randint(1, 5)),
        ("if rails == 1 or rails >= len(text):", "if rails >= len(text):"),
    ),
    Program(
        "bulls_and_cows",
        """
        from collections import Counter


        def bulls_and_cows(secret, guess):
            bulls = sum(s == g for s, g in zip(secret, guess))
            common = Counter(secret) & Counter(guess)
            cows = sum(common.values()) - bulls
            return f"{bulls}A{cows}B"
        """,
        (
            ("1807", "7810"),
            ("1123", "0111"),
            ("1", "0"),
            ("1", "1"),
            ("1234", "4321"),
            ("1122", "2211"),
            ("1112", "1122"),
            ("", ""),
        ),
        secret,
        ("Counter(secret) & Counter(guess)", "Counter(secret) | Counter(guess)"),
    ),
    Program(
        "add_binary",
        """
        def add_binary(a, b):
            i, j = len(a) - 1, len(b) - 1
            carry = 0
            digits = []
            while i >= 0 or j >= 0 or carry:
                total = carry
                if i >= 0:
                    total += int(a[i])
                    i -= 1
                if j >= 0:
                    total += int(b[j])
                    j -= 1
                digits.append(str(total % 2))
                carry = total // 2
            return "".join(reversed(digits))
        """,
        (("0", "0"), ("1", "0"), ("1", "1"), ("11", "1"), ("1010", "1011"), ("100", "11"), ("111", "111"), ("", "1")),
        lambda dice: (binary(dice), binary(dice)),
        ("while i >= 0 or j >= 0 or carry:", "while i >= 0 or j >= 0:"),
    ),
    Program(
        "adler32",
        """
        def adler32(text: str) -> str:
            \"\"\"The Adler-32 checksum of a text, as eight hexadecimal digits.\"\"\"
            low: int = 1
            high: int = 0
            for char in text:
                low = (low + ord(char)) % 65521
                high = (high + low) % 65521
            return format((high << 16) | low, "08x")
        """,
        (("",), ("a",), ("abc",), ("Wikipedia",), ("hello world",), ("zzzzzzzzzz",)),
        lambda dice: (word(dice, "abcxyz ", 20),),
        ("high = (high + low) % 65521", "high = (high + ord(char)) % 65521"),
    ),
    Program(
        "palindromic_subsequence",
        """
        def palindromic_subsequence(s):
            \"\"\"Length of the longest subsequence of s that reads the same both ways.\"\"\"
            n = len(s)
            if n == 0:
                return 0
            best = [[0] * n for _ in range(n)]
            for i in range(n - 1, -1, -1):
                best[i][i] = 1
                for j in range(i + 1, n):
                    if s[i] == s[j]:
                        best[i][j] = best[i + 1][j - 1] + 2
                    else:
                        best[i][j] = max(best[i + 1][j], best[i][j - 1])
            return best[0][n - 1]
        """,
        (("",), ("a",), ("ab",), ("aa",), ("bbbab",), ("cbbd",), ("character",), ("agbdba",)),
        lambda dice: (word(dice, "abcd", 10),),
        ("best[i][j - 1])", "best[i][j])"),
    ),
)
