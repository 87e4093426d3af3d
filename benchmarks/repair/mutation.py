"""Seeds one-edit bugs into Python text by its tokens: knows nothing of syntax trees, nor of the repair templates."""

import io
import itertools
import keyword
import random
import re
import tokenize
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Token = tokenize.TokenInfo

_GROUPS = (
    ("<", "<=", ">", ">=", "==", "!="),
    ("+", "-", "*", "/", "//", "%", "**"),
    ("+=", "-=", "*=", "/=", "="),
    ("&", "|", "^", "<<", ">>"),
    ("and", "or"),
    ("True", "False", "None"),
    ("break", "continue", "pass"),
    ("is", "in", "=="),
)
_KEYWORDS = frozenset([*keyword.kwlist, "self", "cls"])


@dataclass(frozen=True)
class Bug:
    """One edit: characters `start` to `end` become `text`."""

    operator: str
    start: int
    end: int
    text: str

    def apply(self, source: str) -> str:
        """The text with the bug."""
        return source[: self.start] + self.text + source[self.end :]


class Text:
    """A file as a list of tokens with their places."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        stream = tokenize.generate_tokens(io.StringIO(source).readline)
        unwanted = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
        self.tokens = [token for token in stream if token.type not in unwanted]

    def at(self, place: tuple[int, int]) -> int:
        """Line and column as an offset."""
        return self._starts[place[0] - 1] + place[1]

    def replace(self, operator: str, token: Token, text: str) -> Bug:
        """Another text for one token."""
        return Bug(operator, self.at(token.start), self.at(token.end), text)

    def statements(self) -> list[list[Token]]:
        """Logical lines."""
        lines: list[list[Token]] = [[]]
        for token in self.tokens:
            if token.type == tokenize.NEWLINE:
                lines.append([])
            else:
                lines[-1].append(token)
        return [line for line in lines if line]


def other_operator(text: Text, dice: random.Random) -> Iterator[Bug]:
    """An operator or keyword, by another of its group."""
    for token in text.tokens:
        for group in _GROUPS:
            if token.string in group and token.type in (tokenize.OP, tokenize.NAME):
                yield text.replace("operator", token, dice.choice([each for each in group if each != token.string]))


def other_name(text: Text, dice: random.Random) -> Iterator[Bug]:
    """A name, by one that stands within thirty lines of it."""
    names = [each for each in text.tokens if each.type == tokenize.NAME and each.string not in _KEYWORDS]
    for token in names:
        near = {each.string for each in names if abs(each.start[0] - token.start[0]) <= 30} - {token.string}
        if near:
            yield text.replace("name", token, dice.choice(sorted(near)))


def other_number(text: Text, dice: random.Random) -> Iterator[Bug]:
    """A number, one more, one less, or another of the file."""
    numbers = [each for each in text.tokens if each.type == tokenize.NUMBER]
    for token in numbers:
        value = dice.choice([f"{token.string} + 1", f"{token.string} - 1", "0", dice.choice(numbers).string])
        plain = token.string.isdigit() and "+" in value
        yield text.replace("number", token, str(int(token.string) + 1) if plain else value)


def other_string(text: Text, dice: random.Random) -> Iterator[Bug]:
    """A string, by another of the file or with one character lost."""
    strings = [each for each in text.tokens if each.type == tokenize.STRING and "\n" not in each.string]
    for token in strings:
        choices = [each.string for each in strings if each.string != token.string]
        if len(token.string) > 3:
            cut = dice.randrange(1, len(token.string) - 1)
            choices += [token.string[:cut] + token.string[cut + 1 :]] * max(len(choices), 1)
        if choices:
            yield text.replace("string", token, dice.choice(choices))


def lost_statement(text: Text, dice: random.Random) -> Iterator[Bug]:
    """A statement of one line, gone; where it was alone in its block this does not compile, and is passed over."""
    for line in text.statements():
        if line[-1].string != ":" and line[0].string not in ("import", "from", "@", "def", "class"):
            start, end = text.at(line[0].start), text.at(line[-1].end)
            yield Bug("lost statement", start - line[0].start[1], end + 1, "")


def lost_part(text: Text, dice: random.Random) -> Iterator[Bug]:
    """A binary operator with what follows it up to the next joint: `a + 1` becomes `a`, `x and y` becomes `x`."""
    for before, joint, part, after in zip(text.tokens, text.tokens[1:], text.tokens[2:], text.tokens[3:], strict=False):
        simple = part.type in (tokenize.NAME, tokenize.NUMBER) and after.string in (")", "]", ":", ",", "\n", "")
        if joint.string in ("+", "-", "*", "and", "or") and simple:
            yield Bug("lost part", text.at(before.end), text.at(part.end), "")


def lost_not(text: Text, dice: random.Random) -> Iterator[Bug]:
    """`not` or a sign, gone; or a `not` too many."""
    for token, following in zip(text.tokens, text.tokens[1:], strict=False):
        if token.string == "not":
            yield Bug("not", text.at(token.start), text.at(following.start), "")
        elif token.string in ("if", "while", "elif") and following.string != "not":
            yield Bug("not", text.at(token.end), text.at(following.start), " not ")


def lost_call(text: Text, dice: random.Random) -> Iterator[Bug]:
    """`f(x)` becomes `x`, `x.f()` becomes `x`."""
    for start, opening, closing in _calls(text):
        tokens = text.tokens
        if closing > opening + 1:
            inner = text.source[text.at(tokens[opening].end) : text.at(tokens[closing].start)]
            yield Bug("lost call", text.at(tokens[start].start), text.at(tokens[closing].end), inner)
        elif tokens[start - 1].string == ".":
            yield Bug("lost call", text.at(tokens[start - 1].start), text.at(tokens[closing].end), "")


def arguments(text: Text, dice: random.Random) -> Iterator[Bug]:
    """Two neighbouring arguments swapped, or one lost."""
    for _, opening, closing in _calls(text):
        tokens, depth, commas = text.tokens, 0, [opening]
        for position in range(opening + 1, closing):
            depth += (tokens[position].string in "([{") - (tokens[position].string in ")]}")
            if tokens[position].string == "," and not depth:
                commas.append(position)
        commas.append(closing)
        parts = [(text.at(tokens[a].end), text.at(tokens[b].start)) for a, b in itertools.pairwise(commas)]
        for one, other in itertools.pairwise(parts):
            first, second = text.source[slice(*one)].strip(), text.source[slice(*other)].strip()
            yield Bug("swapped arguments", one[0], other[1], f"{second}, {first}")
            yield Bug("lost argument", one[0], other[1], dice.choice([first, second]))


def swapped_lines(text: Text, dice: random.Random) -> Iterator[Bug]:
    """Two neighbouring statements of one line each, the other way round."""
    for one, other in zip(text.statements(), text.statements()[1:], strict=False):
        if one[0].start[1] == other[0].start[1] and ":" not in (one[-1].string, other[-1].string):
            if one[0].string in ("import", "from", "def", "class", "@") or one[0].string == other[0].string == "return":
                continue
            first = text.source[text.at(one[0].start) : text.at(one[-1].end)]
            second = text.source[text.at(other[0].start) : text.at(other[-1].end)]
            between = text.source[text.at(one[-1].end) : text.at(other[0].start)]
            yield Bug("swapped lines", text.at(one[0].start), text.at(other[-1].end), second + between + first)


def lost_return(text: Text, dice: random.Random) -> Iterator[Bug]:
    """`return x` becomes `return`, or just `x`."""
    for line in text.statements():
        if line[0].string == "return" and len(line) > 1:
            yield Bug("lost return", text.at(line[0].start), text.at(line[1].start), "")
            yield Bug("lost return", text.at(line[0].end), text.at(line[-1].end), "")


def bounds(text: Text, dice: random.Random) -> Iterator[Bug]:
    """A slice that loses a bound."""
    for match in re.finditer(r"\[([^\[\]:\n]*):([^\[\]:\n]*)\]", text.source):
        low, high = match.groups()
        if low or high:
            other = dice.choice([f"[{high}:{low}]", f"[:{high}]" if low else f"[:{high} - 1]", f"[{low}:]"])
            yield Bug("slice", match.start(), match.end(), other)


def _calls(text: Text) -> Iterator[tuple[int, int, int]]:
    """Name, opening and closing bracket of every call, as positions in the list of tokens."""
    open_: list[int] = []
    for position, token in enumerate(text.tokens):
        if token.string == "(":
            open_.append(position)
        elif token.string == ")" and open_:
            opening = open_.pop()
            name = text.tokens[opening - 1]
            defined = opening > 1 and text.tokens[opening - 2].string in ("def", "class")
            if name.type == tokenize.NAME and name.string not in _KEYWORDS and not defined:
                yield opening - 1, opening, position


OPERATORS: Sequence[Callable[[Text, random.Random], Iterator[Bug]]] = (
    other_operator,
    other_name,
    other_number,
    other_string,
    lost_statement,
    lost_part,
    lost_not,
    lost_call,
    arguments,
    swapped_lines,
    lost_return,
    bounds,
)


def bugs(source: str, dice: random.Random) -> Iterator[Bug]:
    """Endlessly: an operator by chance, then a place by chance. Only what still compiles."""
    text = Text(source)
    while True:
        choices = list(dice.choice(OPERATORS)(text, dice))
        if choices:
            bug = dice.choice(choices)
            try:
                compile(bug.apply(source), "<bug>", "exec", dont_inherit=True)
            except (SyntaxError, ValueError):
                continue
            yield bug
