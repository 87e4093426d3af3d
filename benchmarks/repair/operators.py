"""The operators that bugs are seeded with: those of the literature on mutation testing.

The list follows Offutt's five sufficient operators (ABS is of no use in Python), MuJava's and MutPy's operators for
classes and loops, and those of mutmut, PIT and Cosmic Ray; the abbreviations are theirs. It was written from those
lists, not from the repair templates, shares no code with them, and holds operators whose bugs no template can undo but
by guessing (`UNDONE_BY_NONE`).
"""

import ast
import random
from collections.abc import Callable, Iterable, Iterator, Mapping

from alike import ARITHMETIC, LIKE, METHODS, RELATIONS
from marked_text import Function, Text

Change = tuple[int, int, str]
Operator = Callable[[ast.AST, Text, random.Random], Iterator[Change]]


def arithmetic(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """AOR: another arithmetic operator."""
    if isinstance(node, ast.BinOp) and (old := ARITHMETIC.get(type(node.op))):
        yield from _operator(text, node.left, node.right, old, _other(ARITHMETIC.values(), old, dice))


def assignment(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """ASR: another augmented assignment, or a plain one."""
    if isinstance(node, ast.AugAssign) and (old := ARITHMETIC.get(type(node.op))):
        new = dice.choice([_other(ARITHMETIC.values(), old, dice), ""])
        yield from _operator(text, node.target, node.value, f"{old}=", f"{new}=")


def relation(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """ROR: another relational operator."""
    if isinstance(node, ast.Compare):
        for left, relation, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            old = RELATIONS[type(relation)]
            group = next(each for each in LIKE if old in each)
            yield from _operator(text, left, right, old, _other(group, old, dice))


def connector(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """LCR: `and` for `or`."""
    if isinstance(node, ast.BoolOp) and len(node.values) == 2:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        yield from _operator(text, node.values[0], node.values[1], old, new)


def negated(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """COI: a condition negated."""
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield *text.span(node.test), f"not ({text.text(node.test)})"


def not_negated(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """COD, AOD: a `not` or a sign lost."""
    if isinstance(node, ast.UnaryOp):
        yield *text.span(node), f"({text.text(node.operand)})"


def sign(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """UOI: a sign put before a number or a variable that is read in arithmetic."""
    if isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            if isinstance(side, ast.Name):
                yield *text.span(side), f"(-{text.text(side)})"


def number(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """CRP: one more, one less, nothing, the opposite."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        value = node.value
        choices = [each for each in (value + 1, value - 1, 0, -value) if each != value]  # type: ignore[operator]
        yield *text.span(node), f"({dice.choice(choices)!r})"


def truth(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """CRP: `True` for `False`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield *text.span(node), str(not node.value)


def string(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """CRP: a string in a pair of `XX`, or empty."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value and text.text(node)[:1] in "'\"":
        yield *text.span(node), dice.choice([repr(f"XX{node.value}XX"), repr("")])


def jump(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """BCR: `break` for `continue`; `return` for `break`."""
    if isinstance(node, ast.Break | ast.Continue):
        yield *text.span(node), dice.choice(["break", "return"] if isinstance(node, ast.Continue) else ["continue"])


def deleted(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """SDL: a statement less."""
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    kinds = ast.Expr | ast.Assign | ast.AugAssign | ast.Raise | ast.Return | ast.Delete | ast.Assert
    if isinstance(node, kinds) and not docstring:
        yield *text.span(node), "pass"


def unhandled(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """EHD, EXS: a handler that only raises again, or swallows."""
    if isinstance(node, ast.ExceptHandler):
        start, end = text.span(node.body[0])[0], text.span(node.body[-1])[1]
        yield start, end, dice.choice(["raise", "pass"])


def caught(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """Cosmic Ray's exception replacer: a handler for what never comes."""
    if isinstance(node, ast.ExceptHandler) and node.type is not None:
        yield *text.span(node.type), "NotImplementedError"


def bound(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """SIR: a slice without one of its bounds."""
    if isinstance(node, ast.Slice):
        parts = [text.text(each) if each else "" for each in (node.lower, node.upper, node.step)]
        for number, part in enumerate(parts):
            if part:
                rest = [*parts[:number], "", *parts[number + 1 :]]
                yield *text.span(node), ":".join(rest if rest[2] else rest[:2])


def loop(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """OIL, ZIL, RIL: a loop that ends after one round or before it, or goes backwards."""
    if not isinstance(node, ast.For | ast.While) or node.body[0].lineno == node.lineno:
        return
    start, end = text.span(node.body[0])[0], text.span(node.body[-1])[1]
    indent = " " * node.body[0].col_offset
    kind = dice.choice(["one", "zero", "reversed"])
    if kind == "one":
        yield end, end, f"\n{indent}break"
    elif kind == "zero":
        yield start, start, f"break\n{indent}"
    elif isinstance(node, ast.For):
        yield *text.span(node.iter), f"reversed(list({text.text(node.iter)}))"


def decorator(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """DDL: a decorator less."""
    if isinstance(node, Function):
        for each in node.decorator_list:
            start = text.at(each.lineno, 0)
            yield start, text.at((each.end_lineno or each.lineno) + 1, 0), ""


def nothing_given(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """mutmut's arguments: one is `None`, or left out."""
    if isinstance(node, ast.Call) and node.args:
        number = dice.randrange(len(node.args))
        start, end = text.span(node.args[number])
        if dice.random() < 0.5 or len(node.args) == 1:
            yield start, end, "None"
        elif number:
            yield text.span(node.args[number - 1])[1], end, ""
        else:
            yield start, text.span(node.args[1])[0], ""


def other_order(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """OAC: two arguments the other way round."""
    if isinstance(node, ast.Call) and len(node.args) > 1:
        number = dice.randrange(len(node.args) - 1)
        one, other = node.args[number], node.args[number + 1]
        (start, stop), (begin, end) = text.span(one), text.span(other)
        yield start, end, text.text(other) + text.source[stop:begin] + text.text(one)


def nothing_assigned(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """mutmut's assignments: the value is `None`."""
    if isinstance(node, ast.Assign) and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield *text.span(node.value), "None"


def nothing_returned(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """PIT's return values: `None`."""
    if isinstance(node, ast.Return) and node.value and not isinstance(node.value, ast.Constant):
        yield *text.span(node.value), "None"


def variable(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """SVR, Cosmic Ray's variable replacer: another local variable is read."""
    function = text.within.get(node)
    if function is not None and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        names = {each.id for each in ast.walk(function) if isinstance(each, ast.Name) and type(each.ctx) is ast.Store}
        names |= {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
        if node.id in names and names - {node.id, "self"}:
            yield *text.span(node), dice.choice(sorted(names - {node.id, "self"}))


def method(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """mutmut's string methods: from the other side, in the other case."""
    if isinstance(node, ast.Attribute):
        end = text.span(node)[1]
        for pair in map(str.split, METHODS):
            if node.attr in pair:
                yield end - len(node.attr), end, _other(pair, node.attr, dice)


def self_lost(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """SVD: `x` for `self.x`."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        yield *text.span(node), node.attr


def decided(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """PIT's removed conditionals: always, or never."""
    if isinstance(node, ast.If | ast.IfExp):
        yield *text.span(node.test), dice.choice(["True", "False"])


def no_lambda(node: ast.AST, text: Text, dice: random.Random) -> Iterator[Change]:
    """mutmut's lambda: it gives `None`."""
    if isinstance(node, ast.Lambda):
        yield *text.span(node.body), "None"


def _operator(text: Text, left: ast.AST, right: ast.AST, old: str, new: str) -> Iterator[Change]:
    start, end = text.span(left)[1], text.span(right)[0]
    between = text.source[start:end]
    if old in between:
        yield start, end, between.replace(old, new, 1)


def _other(choices: Iterable[str], old: str, dice: random.Random) -> str:
    return dice.choice([each for each in choices if each != old])


OPERATORS: Mapping[str, Operator] = {
    each.__name__.replace("_", " "): each
    for each in (
        arithmetic,
        assignment,
        bound,
        caught,
        connector,
        decided,
        decorator,
        deleted,
        jump,
        loop,
        method,
        negated,
        no_lambda,
        not_negated,
        nothing_assigned,
        nothing_given,
        nothing_returned,
        number,
        other_order,
        relation,
        self_lost,
        sign,
        string,
        truth,
        unhandled,
        variable,
    )
}
UNDONE_BY_NONE = frozenset(
    ("decorator", "deleted", "decided", "no lambda", "nothing assigned", "nothing given", "nothing returned", "string",
     "unhandled")
)  # fmt: skip
"""What these destroy cannot be read off the code that is left: a template can only guess it."""
