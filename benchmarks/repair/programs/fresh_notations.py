"""Fresh programs about notations: written by somebody who had not read the templates."""

from programs.draws import braces, formula, lisp, nested_runs
from programs.program import Program, word

PROGRAMS = (
    Program(
        "tiny_regex",
        """
        def match_here(pattern, text):
            if not pattern:
                return True
            if pattern[1:2] == "*":
                return match_star(pattern[0], pattern[2:], text)
            if pattern == "$":
                return text == ""
            if text and pattern[0] in (text[0], "."):
                return match_here(pattern[1:], text[1:])
            return False


        def match_star(letter, pattern, text):
            while True:
                if match_here(pattern, text):
                    return True
                if not text or letter not in (text[0], "."):
                    return False
                text = text[1:]


        def tiny_regex(pattern, text):
            if pattern.startswith("^"):
                return match_here(pattern[1:], text)
            for start in range(len(text) + 1):
                if match_here(pattern, text[start:]):
                    return True
            return False
        """,
        (
            ("b", "abc"),
            ("^b", "abc"),
            ("^ab*c$", "abbbc"),
            ("c$", "abc"),
            ("^a.*c$", "abcb"),
            ("x*", ""),
            ("^$", ""),
            ("a*$", "bcb"),
        ),
        lambda dice: (
            dice.choice(["", "^"])
            + "".join(dice.choice("ab.") + dice.choice(["", "", "*"]) for _ in range(dice.randint(0, 4)))
            + dice.choice(["", "$"]),
            word(dice, "ab", 7),
        ),
        ("for start in range(len(text) + 1):", "for start in range(len(text)):"),
    ),
    Program(
        "atom_counts",
        """
        import re
        from collections import Counter


        def atom_counts(formula):
            stack = [Counter()]
            for atom, count, opening, closing, factor in re.findall(r"([A-Z][a-z]*)(\\d*)|(\\()|(\\))(\\d*)", formula):
                if atom:
                    stack[-1][atom] += int(count or 1)
                elif opening:
                    stack.append(Counter())
                else:
                    group = stack.pop()
                    for name, amount in group.items():
                        stack[-1][name] += amount * int(factor or 1)
            return dict(stack[0])
        """,
        (
            ("H2O",),
            ("NaCl",),
            ("Ca(OH)2",),
            ("Fe2(SO4)3",),
            ("(H)",),
            ("K4(ON(SO3)2)2",),
            ("C12H22O11",),
        ),
        lambda dice: (formula(dice),),
        ("stack[-1][name] += amount * int(factor or 1)", "stack[-1][name] = amount * int(factor or 1)"),
    ),
    Program(
        "number_words",
        """
        SMALL = (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen "
            "fourteen fifteen sixteen seventeen eighteen nineteen"
        ).split()
        TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


        def number_words(number):
            if number < 20:
                return SMALL[number]
            if number < 100:
                tens, rest = divmod(number, 10)
                return TENS[tens - 2] + ("-" + SMALL[rest] if rest else "")
            for size, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
                if number >= size:
                    many, rest = divmod(number, size)
                    words = number_words(many) + " " + name
                    if rest:
                        words += " " + number_words(rest)
                    return words
        """,
        ((0,), (13,), (40,), (99,), (100,), (342,), (5017,), (1000000,), (215600,)),
        lambda dice: (
            dice.choice(
                [dice.randint(0, 10 ** dice.randint(1, 8)), 10 ** dice.randint(0, 7), 100 * dice.randint(0, 30)]
            ),
        ),
        ("if number >= size:", "if number > size:"),
    ),
    Program(
        "evaluate_lisp",
        """
        def parse(tokens):
            token = tokens.pop(0)
            if token != "(":
                return int(token)
            items = [tokens.pop(0)]
            while tokens[0] != ")":
                items.append(parse(tokens))
            tokens.pop(0)
            return items


        def evaluate(tree):
            if isinstance(tree, int):
                return tree
            operator, *operands = tree
            values = [evaluate(each) for each in operands]
            if operator == "-" and len(values) == 1:
                return -values[0]
            result = values[0]
            for value in values[1:]:
                if operator == "+":
                    result += value
                elif operator == "-":
                    result -= value
                else:
                    result *= value
            return result


        def evaluate_lisp(text):
            return evaluate(parse(text.replace("(", " ( ").replace(")", " ) ").split()))
        """,
        (
            ("7",),
            ("(+ 1 2)",),
            ("(- 5)",),
            ("(* 2 (+ 3 4))",),
            ("(- 10 2 3)",),
            ("(+ (* 2 3) (- 4 1) 5)",),
            ("(- (+ 1 (* 2 2)))",),
        ),
        lambda dice: (lisp(dice),),
        ("    tokens.pop(0)\n    return items", "    return items"),
    ),
    Program(
        "expand_braces",
        """
        def expand_braces(text):
            start = text.find("{")
            if start < 0:
                return [text]
            depth = 0
            options = []
            begin = start + 1
            for at in range(start, len(text)):
                letter = text[at]
                if letter == "{":
                    depth += 1
                elif letter == "}":
                    depth -= 1
                if depth == 0 or letter == "," and depth == 1:
                    options.append(text[begin:at])
                    begin = at + 1
                if depth == 0:
                    break
            tails = expand_braces(text[begin:])
            return [text[:start] + middle + tail
                    for option in options
                    for middle in expand_braces(option)
                    for tail in tails]
        """,
        (
            ("abc",),
            ("a{b,c}d",),
            ("{a,b}{c,d}",),
            ("{x}",),
            ("a{b,c{d,e}}f",),
            ("{{a,b},c}",),
            ("{,a}b",),
        ),
        lambda dice: (braces(dice),),
        ('if depth == 0 or letter == "," and depth == 1:', 'if depth == 0 or letter == ",":'),
    ),
    Program(
        "expand_brackets",
        """
        def expand_brackets(text):
            stack = []
            current, times = "", 0
            for letter in text:
                if letter.isdigit():
                    times = times * 10 + int(letter)
                elif letter == "[":
                    stack.append((current, times))
                    current, times = "", 0
                elif letter == "]":
                    before, repeat = stack.pop()
                    current = before + current * repeat
                else:
                    current += letter
            return current
        """,
        (("",), ("abc",), ("3[a]",), ("2[ab]c",), ("3[a2[c]]",), ("x10[y]z",), ("2[2[b]a]3[c]",)),
        lambda dice: (nested_runs(dice),),
        ("times = times * 10 + int(letter)", "times += int(letter)"),
    ),
    Program(
        "soundex",
        """
        GROUPS = {"bfpv": "1", "cgjkqsxz": "2", "dt": "3", "l": "4", "mn": "5", "r": "6"}
        CODES = {letter: code for letters, code in GROUPS.items() for letter in letters}


        def soundex(name):
            name = name.lower()
            result = name[0].upper()
            last = CODES.get(name[0], "")
            for letter in name[1:]:
                code = CODES.get(letter, "")
                if code and code != last:
                    result += code
                if letter not in "hw":
                    last = code
            return result[:4].ljust(4, "0")
        """,
        (("Robert",), ("Rupert",), ("Ashcraft",), ("Tymczak",), ("Pfister",), ("Lee",), ("Honeyman",)),
        lambda dice: (dice.choice("abcdlmprst") + word(dice, "abcdehlmnprstw", 8),),
        ('last = CODES.get(name[0], "")', 'last = ""'),
    ),
    Program(
        "look_and_say",
        """
        def look_and_say(term, rounds):
            for _ in range(rounds):
                said = ""
                count = 1
                for here, following in zip(term, term[1:] + " "):
                    if here == following:
                        count += 1
                    else:
                        said += str(count) + here
                        count = 1
                term = said
            return term
        """,
        (("1", 0), ("1", 1), ("1", 5), ("22", 3), ("3", 4), ("112", 1)),
        lambda dice: (str(dice.randint(1, 333)), dice.randint(0, 6)),
        ('zip(term, term[1:] + " ")', "zip(term, term[1:])"),
    ),
)
