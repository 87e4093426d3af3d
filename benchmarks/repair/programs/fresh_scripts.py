"""Fresh programs about words and their letters: written by somebody who had not read the templates."""

import random

from programs.program import Program, numbers, word


def formula(dice: random.Random, depth: int = 3) -> str:
    """A formula of truth values."""
    kind = dice.choice(["value", "not", "and", "or", "nested"]) if depth else "value"
    if kind == "value":
        return dice.choice(["yes", "no"])
    inner = formula(dice, depth - 1)
    if kind == "not":
        return f"not {inner}"
    if kind == "nested":
        return f"( {inner} )"
    return f"{inner} {kind} {formula(dice, depth - 1)}"


def template(dice: random.Random) -> str:
    """A text with places to fill, maybe one that never ends."""
    return "".join(dice.choice(["{a}", "{b}", "{c}", "x", " ", "}", "yz"]) for _ in range(dice.randint(0, 7)))


PROGRAMS = (
    Program(
        "anagram_groups",
        """
        def anagram_groups(words):
            groups = {}
            for word in words:
                key = "".join(sorted(word))
                groups.setdefault(key, []).append(word)
            return sorted(sorted(group) for group in groups.values())
        """,
        (
            ([],),
            (["tea"],),
            (["aa", "aa"],),
            (["one", "two", "six"],),
            (["tea", "eat", "tan", "ate", "nat", "bat"],),
            (["ab", "ba", "abb", "bab", ""],),
        ),
        lambda dice: ([word(dice, "abc", 3) for _ in range(dice.randint(0, 8))],),
        ('key = "".join(sorted(word))', 'key = "".join(word)'),
    ),
    Program(
        "formula_value",
        """
        def any_of(tokens):
            value = all_of(tokens)
            while tokens and tokens[0] == "or":
                tokens.pop(0)
                value = all_of(tokens) or value
            return value


        def all_of(tokens):
            value = single(tokens)
            while tokens and tokens[0] == "and":
                tokens.pop(0)
                value = single(tokens) and value
            return value


        def single(tokens):
            token = tokens.pop(0)
            if token == "not":
                return not single(tokens)
            if token == "(":
                value = any_of(tokens)
                tokens.pop(0)
                return value
            return token == "yes"


        def formula_value(text):
            tokens = text.split()
            value = any_of(tokens)
            return value, tokens
        """,
        (
            ("yes",),
            ("not no",),
            ("no or yes",),
            ("yes and no",),
            ("( no or yes ) and not no",),
            ("yes or no and no",),
            ("not ( yes or yes ) or no",),
        ),
        lambda dice: (formula(dice),),
        ("value = all_of(tokens) or value", "value = value or all_of(tokens)"),
    ),
    Program(
        "filled_template",
        """
        def filled_template(text, values):
            parts = []
            place = 0
            while True:
                start = text.find("{", place)
                if start == -1:
                    parts.append(text[place:])
                    return "".join(parts)
                end = text.find("}", start)
                parts.append(text[place:start])
                parts.append(values.get(text[start + 1 : end], "?"))
                place = end + 1
        """,
        (
            ("", {}),
            ("plain", {"a": "1"}),
            ("{a}", {"a": "1"}),
            ("Dear {name}, good {time}!", {"name": "Ann", "time": "day"}),
            ("{a}{b}", {"b": "x"}),
            ("end} {a}", {"a": "}"}),
        ),
        lambda dice: (template(dice), {"a": word(dice), "b": "{a}"}),
        ("place = end + 1", "place = end"),
    ),
    Program(
        "range_summary",
        """
        def shown(first, last):
            return str(first) if first == last else f"{first}..{last}"


        def range_summary(values):
            parts = []
            first = last = None
            for value in sorted(set(values)):
                if last is not None and value == last + 1:
                    last = value
                    continue
                if last is not None:
                    parts.append(shown(first, last))
                first = last = value
            if last is not None:
                parts.append(shown(first, last))
            return ",".join(parts)
        """,
        (
            ([],),
            ([4],),
            ([1, 2, 3],),
            ([1, 3, 5],),
            ([7, 1, 2, 3, 9, 8],),
            ([0, 0, -1, 5],),
        ),
        lambda dice: (numbers(dice),),
        ("            last = value\n            continue\n", "            continue\n"),
    ),
    Program(
        "shared_prefixes",
        """
        def shared_prefixes(text):
            order = sorted(range(len(text)), key=lambda start: text[start:])
            rank = {start: place for place, start in enumerate(order)}
            lengths = [0] * len(text)
            shared = 0
            for start in range(len(text)):
                if rank[start] == 0:
                    shared = 0
                    continue
                before = order[rank[start] - 1]
                while text[start + shared : start + shared + 1] == text[before + shared : before + shared + 1] != "":
                    shared += 1
                lengths[rank[start]] = shared
                shared = max(shared - 1, 0)
            return order, lengths
        """,
        (("",), ("a",), ("abc",), ("cba",), ("aaaa",), ("banana",), ("abab",), ("mississippi",)),
        lambda dice: (word(dice, "ab", 10),),
        ("before = order[rank[start] - 1]", "before = order[start - 1]"),
    ),
    Program(
        "same_pattern",
        """
        def same_pattern(one, other):
            if len(one) != len(other):
                return False
            there, back = {}, {}
            for left, right in zip(one, other):
                if there.get(left, right) != right or back.get(right, left) != left:
                    return False
                there[left] = right
                back[right] = left
            return True
        """,
        (
            ("", ""),
            ("a", "ab"),
            ("egg", "add"),
            ("foo", "bar"),
            ("paper", "title"),
            ("badc", "baba"),
            ("ab", "cc"),
        ),
        lambda dice: (one := word(dice, "abc", 5), "".join(dice.choice("xyz") for _ in one)),
        ("if there.get(left, right) != right or back.get(right, left) != left:", "if there.get(left, right) != right:"),
    ),
    Program(
        "words_inside",
        """
        from collections import deque


        def automaton(words):
            nexts, fails, ends = [{}], [0], [[]]
            for word in words:
                node = 0
                for letter in word:
                    if letter not in nexts[node]:
                        nexts[node][letter] = len(nexts)
                        nexts.append({})
                        fails.append(0)
                        ends.append([])
                    node = nexts[node][letter]
                ends[node].append(word)
            queue = deque(nexts[0].values())
            while queue:
                node = queue.popleft()
                for letter, child in nexts[node].items():
                    fail = fails[node]
                    while fail and letter not in nexts[fail]:
                        fail = fails[fail]
                    fails[child] = nexts[fail].get(letter, 0)
                    ends[child] += ends[fails[child]]
                    queue.append(child)
            return nexts, fails, ends


        def words_inside(text, words):
            nexts, fails, ends = automaton(words)
            found = []
            node = 0
            for place, letter in enumerate(text):
                while node and letter not in nexts[node]:
                    node = fails[node]
                node = nexts[node].get(letter, 0)
                found += [(place, word) for word in ends[node]]
            return found
        """,
        (
            ("", ["a"]),
            ("abc", []),
            ("abcab", ["ab"]),
            ("aabab", ["aab", "bab"]),
            ("ushers", ["he", "she", "his", "hers"]),
            ("aaa", ["a", "aa"]),
            ("xyz", ["abc", "b"]),
        ),
        lambda dice: (word(dice, "ab", 9), sorted({word(dice, "ab", 3) + "b" for _ in range(dice.randint(0, 4))})),
        ("            ends[child] += ends[fails[child]]\n", ""),
    ),
    Program(
        "columnar_cipher",
        """
        def columnar_cipher(text, key):
            order = sorted(range(len(key)), key=lambda place: (key[place], place))
            columns = []
            for column in order:
                columns.append(text[column :: len(key)])
            return " ".join(columns)
        """,
        (
            ("hello", "a"),
            ("", "ba"),
            ("attack", "abc"),
            ("wearediscovered", "zebra"),
            ("abcdef", "cab"),
            ("abcdefg", "aab"),
        ),
        lambda dice: (word(dice, "abcdefg", 12), word(dice, "keys", 4) + "k"),
        ("for column in order:", "for column in range(len(order)):"),
    ),
)
