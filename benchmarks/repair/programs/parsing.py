"""Programs that read small languages."""

from programs.program import Program, word

PROGRAMS = (
    Program(
        "calculate",
        """
        def calculate(text):
            tokens = text.replace("(", " ( ").replace(")", " ) ").split()

            def expression():
                value = term()
                while tokens and tokens[0] in "+-":
                    if tokens.pop(0) == "+":
                        value += term()
                    else:
                        value -= term()
                return value

            def term():
                value = factor()
                while tokens and tokens[0] == "*":
                    tokens.pop(0)
                    value *= factor()
                return value

            def factor():
                token = tokens.pop(0)
                if token == "(":
                    value = expression()
                    tokens.pop(0)
                    return value
                return int(token)

            return expression()
        """,
        (
            ("1",),
            ("1 + 2",),
            ("2 * 3 + 4",),
            ("4 + 2 * 3",),
            ("(1 + 2) * 3",),
            ("8 - 3 - 2",),
            ("2 * (3 + 4) * 5 - 1",),
        ),
        lambda dice: (" ".join(_sum(dice.random, 3)),),
        ("value = expression()\n            tokens.pop(0)", "value = expression()"),
    ),
    Program(
        "split_csv",
        """
        def split_csv(line):
            fields, field, quoted = [], "", False
            position = 0
            while position < len(line):
                letter = line[position]
                if quoted and letter == '"':
                    if line[position + 1 : position + 2] == '"':
                        field += '"'
                        position += 1
                    else:
                        quoted = False
                elif letter == '"':
                    quoted = True
                elif letter == "," and not quoted:
                    fields.append(field)
                    field = ""
                else:
                    field += letter
                position += 1
            return fields + [field]
        """,
        (("",), ("a,b",), ('"a,b",c',), ('"say ""hi""",x',), (",,",), ('a,"",b',)),
        lambda dice: (word(dice, 'ab,"', 10),),
        ('elif letter == "," and not quoted:', 'elif letter == ",":'),
    ),
    Program(
        "parse_query",
        """
        def unquote(text):
            result = ""
            position = 0
            while position < len(text):
                if text[position] == "%" and position + 2 < len(text):
                    result += chr(int(text[position + 1 : position + 3], 16))
                    position += 3
                else:
                    result += " " if text[position] == "+" else text[position]
                    position += 1
            return result


        def parse_query(query):
            values = {}
            for part in query.split("&"):
                if not part:
                    continue
                name, _, value = part.partition("=")
                values.setdefault(unquote(name), []).append(unquote(value))
            return values
        """,
        (("",), ("a=1",), ("a=1&b=2&a=3",), ("q=a+b",), ("q=%41%42x",), ("flag",), ("a=1&&b=%20c",), ("x=1=2",)),
        lambda dice: ("&".join(word(dice, "a=b+", 5) for _ in range(dice.randint(0, 4))),),
        ("values.setdefault(unquote(name), []).append(unquote(value))", "values[unquote(name)] = [unquote(value)]"),
    ),
    Program(
        "normal_path",
        """
        def normal_path(path):
            parts = []
            for part in path.split("/"):
                if part in ("", "."):
                    continue
                if part == ".." and parts and parts[-1] != "..":
                    parts.pop()
                elif part != ".." or not path.startswith("/"):
                    parts.append(part)
            start = "/" if path.startswith("/") else ""
            return start + "/".join(parts) or "."
        """,
        (("/a/b/../c",), ("a//b/./c",), ("../a",), ("/..",), ("",), ("a/..",), ("a/../../b",), ("../../a",), ("/",)),
        lambda dice: ("/".join(dice.choice(["", ".", "..", "a", "b"]) for _ in range(dice.randint(0, 6))),),
        ('and parts and parts[-1] != "..":', "and parts:"),
    ),
    Program(
        "read_settings",
        """
        def read_settings(text):
            sections, current = {}, ""
            for number, line in enumerate(text.split("\\n"), 1):
                line = line.strip()
                if not line or line.startswith("#"):
                    continue
                if line.startswith("[") and line.endswith("]"):
                    current = line[1:-1]
                    sections.setdefault(current, {})
                elif "=" in line:
                    name, value = line.split("=", 1)
                    sections.setdefault(current, {})[name.strip()] = value.strip()
                else:
                    sections.setdefault("errors", {})[str(number)] = line
            return sections
        """,
        (
            ("",),
            ("a = 1",),
            ("[x]\na = 1\nb=2",),
            ("# no\n[x]\n\n[y]\nk = v = w",),
            ("bad\n[s]\nworse",),
            ("[s]\na=1\n[s]\nb=2",),
        ),
        lambda dice: (
            "\n".join(
                dice.choice(["[a]", "[b]", "x=1", "y = 2=3", "# z", "", "w", " [c] "])
                for _ in range(dice.randint(0, 6))
            ),
        ),
        ('line.split("=", 1)', 'line.rsplit("=", 1)'),
    ),
    Program(
        "parse_duration",
        """
        UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


        def parse_duration(text):
            total = 0
            digits = ""
            for letter in text:
                if letter.isdigit():
                    digits += letter
                elif letter in UNITS and digits:
                    total += int(digits) * UNITS[letter]
                    digits = ""
                elif letter != " ":
                    return None
            if digits:
                return None
            return total
        """,
        (("1h",), ("2m 5s",), ("",), ("10",), ("1d2h3m4s",), ("x",), ("m",), ("5 s",)),
        lambda dice: (word(dice, "1203dhms ", 7),),
        ('digits = ""\n        elif', 'digits = "0"\n        elif'),
    ),
    Program(
        "nested_depths",
        """
        def nested_depths(text):
            pairs = {")": "(", "]": "[", "}": "{"}
            waiting, depths = [], []
            for letter in text:
                if letter in pairs.values():
                    waiting.append(letter)
                    depths.append(len(waiting))
                elif letter in pairs:
                    if not waiting or waiting.pop() != pairs[letter]:
                        return None
            return depths if not waiting else None
        """,
        (("",), ("()",), ("([])",), ("(]",), ("((",), ("())",), ("{}[()]",)),
        lambda dice: (word(dice, "()[]x", 7),),
        ("return depths if not waiting else None", "return depths"),
    ),
)


def _sum(chance: object, depth: int) -> list[str]:
    dice: float = chance()  # type: ignore[operator]
    if depth == 0 or dice < 0.3:
        return [str(int(dice * 30))]
    if dice < 0.5:
        return ["(", *_sum(chance, depth - 1), ")"]
    return [*_sum(chance, depth - 1), "+-*"[int(dice * 30) % 3], *_sum(chance, depth - 1)]
