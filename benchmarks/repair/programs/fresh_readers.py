"""Fresh programs about texts that are read piece by piece: written by somebody who had not read the templates."""

from programs.program import Program, word


def prefix_text(dice, depth=3):
    """An expression in Polish notation."""
    if depth == 0 or dice.random() < 0.3:
        return str(dice.randint(0, 20))
    return f"{dice.choice('+-*')} {prefix_text(dice, depth - 1)} {prefix_text(dice, depth - 1)}"


def molecule(dice, depth=2):
    """A formula."""
    parts = []
    for _ in range(dice.randint(1, 4)):
        if depth and dice.random() < 0.25:
            inner = "(" + molecule(dice, depth - 1) + ")"
        else:
            inner = dice.choice(("H", "O", "C", "Na", "Cl", "Mg"))
        parts.append(inner + dice.choice(("", "", "2", "3", "12")))
    return "".join(parts)


def outline(dice):
    """Indented lines."""
    depth, lines = 0, []
    for _ in range(dice.randint(0, 9)):
        lines.append("  " * depth + dice.choice("abcdef"))
        depth = dice.randint(0, depth + 1)
    return lines


def nested_data(dice):
    """Dictionaries in dictionaries, and a dotted path."""
    data = {
        "a": {"b": {"c": dice.randint(0, 9)}, "d": [dice.randint(0, 9), {"b": 5}]},
        "b": dice.randint(0, 9),
        "c": [1, [2, dice.randint(3, 9)]],
    }
    paths = ("a.b.c", "a.d.0", "a.d.1.b", "b", "c.1.1", "c.0", "a.x", "x", "a.b.x.y", "c.7", "b.c", "c.a")
    return (data, dice.choice(paths))


PROGRAMS = (
    Program(
        "parse_molecule",
        """
        def parse_molecule(formula):
            stack = [{}]
            i = 0
            n = len(formula)

            def number():
                nonlocal i
                start = i
                while i < n and formula[i].isdigit():
                    i += 1
                return int(formula[start:i] or 1)

            while i < n:
                if formula[i] == "(":
                    stack.append({})
                    i += 1
                elif formula[i] == ")":
                    i += 1
                    group = stack.pop()
                    times = number()
                    for atom, count in group.items():
                        stack[-1][atom] = stack[-1].get(atom, 0) + count * times
                else:
                    start = i
                    i += 1
                    while i < n and formula[i].islower():
                        i += 1
                    atom = formula[start:i]
                    stack[-1][atom] = stack[-1].get(atom, 0) + number()
            return dict(sorted(stack[0].items()))
        """,
        (("H2O",), ("NaCl",), ("Mg(OH)2",), ("C6H12O6",), ("H",), ("K4(ON(SO3)2)2",)),
        lambda dice: (molecule(dice),),
        (
            "            atom = formula[start:i]\n",
            "            atom = formula[start:i]\n            i += 1\n",
        ),
    ),
    Program(
        "parse_outline",
        """
        def parse_outline(lines):
            root = ("root", [])
            stack = [(-1, root)]
            for line in lines:
                text = line.lstrip()
                indent = len(line) - len(text)
                while stack[-1][0] >= indent:
                    stack.pop()
                item = (text, [])
                stack[-1][1][1].append(item)
                stack.append((indent, item))
            return root[1]
        """,
        (
            (["a", "  b", "  c"],),
            ([],),
            (["a", "  b", "    c", "d"],),
            (["a", "b"],),
            (["x", "  y", "    z", "  w"],),
        ),
        lambda dice: (outline(dice),),
        ("while stack[-1][0] >= indent:", "if stack[-1][0] >= indent:"),
    ),
    Program(
        "polish_value",
        """
        import operator

        OPS = {"+": operator.add, "-": operator.sub, "*": operator.mul}


        def polish_value(text):
            tokens = iter(text.split())

            def read():
                tok = next(tokens)
                if tok in OPS:
                    left = read()
                    right = read()
                    return OPS[tok](left, right)
                return int(tok)

            return read()
        """,
        (("+ 1 2",), ("- 7 2",), ("7",), ("* + 1 2 - 9 4",), ("- - 1 2 3",), ("* 3 3",)),
        lambda dice: (prefix_text(dice),),
        ("return OPS[tok](left, right)", "return OPS[tok](right, left)"),
    ),
    Program(
        "text_to_integer",
        """
        def text_to_integer(s):
            s = s.strip()
            sign = 1
            if s[:1] in ("+", "-"):
                if s[0] == "-":
                    sign = -1
                s = s[1:]
            value = 0
            for ch in s:
                if not ch.isdigit():
                    break
                value = value * 10 + int(ch)
            return max(-2**15, min(2**15 - 1, sign * value))
        """,
        (("42",), ("  -17 ",), ("12ab3",), ("",), ("words 9",), ("99999",), ("+5",)),
        lambda dice: (word(dice, " +-0123459a", 8),),
        ("            break\n", "            continue\n"),
    ),
    Program(
        "tokens_of",
        """
        def tokens_of(src):
            toks = []
            i = 0
            while i < len(src):
                c = src[i]
                if c.isspace():
                    i += 1
                elif c.isdigit():
                    j = i
                    while j < len(src) and src[j].isdigit():
                        j += 1
                    toks.append(("num", int(src[i:j])))
                    i = j
                elif c.isalpha() or c == "_":
                    j = i
                    while j < len(src) and (src[j].isalnum() or src[j] == "_"):
                        j += 1
                    toks.append(("name", src[i:j]))
                    i = j
                elif src[i:i + 2] in ("<=", ">=", "==", "!="):
                    toks.append(("op", src[i:i + 2]))
                    i += 2
                else:
                    toks.append(("op", c))
                    i += 1
            return toks
        """,
        (("x1 = 42;",), ("",), ("a<=b",), ("3+41",), ("(7)*y_2 == 0",)),
        lambda dice: (word(dice, "ab_12 <=+()", 10),),
        ("while j < len(src) and src[j].isdigit():", "while src[j].isdigit():"),
    ),
    Program(
        "simple_regex",
        """
        def simple_regex(text, pattern):
            if not pattern:
                return not text
            first = bool(text) and pattern[0] in (text[0], ".")
            if len(pattern) > 1 and pattern[1] == "*":
                return simple_regex(text, pattern[2:]) or (first and simple_regex(text[1:], pattern))
            return first and simple_regex(text[1:], pattern[1:])
        """,
        (("aa", "a"), ("aa", "a*"), ("ab", ".*"), ("aab", "c*a*b"), ("", "a*"), ("abc", "a.c"), ("", "")),
        lambda dice: (
            word(dice, "ab", 5),
            "".join(dice.choice("ab.") + dice.choice(("", "*")) for _ in range(dice.randint(0, 4))),
        ),
        ("(first and simple_regex(text[1:], pattern))", "(first and simple_regex(text[1:], pattern[2:]))"),
    ),
    Program(
        "nested_value",
        """
        def nested_value(data, path, default=None):
            head, _, rest = path.partition(".")
            if isinstance(data, dict):
                if head not in data:
                    return default
                inner = data[head]
            elif isinstance(data, list) and head.isdigit():
                if int(head) >= len(data):
                    return default
                inner = data[int(head)]
            else:
                return default
            if not rest:
                return inner
            return nested_value(inner, rest, default)
        """,
        (
            ({"a": {"b": 3}}, "a.b"),
            ({"a": 1}, "a"),
            ({"a": 1}, "z"),
            ({"a": [5, {"k": "v"}]}, "a.1.k"),
            ({"a": [5]}, "a.4"),
            ({"a": 7}, "a.b.c", "none"),
        ),
        nested_data,
        ("return nested_value(inner, rest, default)", "nested_value(inner, rest, default)"),
    ),
)
