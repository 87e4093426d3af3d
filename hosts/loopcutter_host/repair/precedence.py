"""How tightly an expression binds: tells where a replaced expression needs parentheses."""

import ast
import functools
import keyword
import re

_BINARY: dict[type[ast.operator], int] = {
    ast.BitOr: 6,
    ast.BitXor: 7,
    ast.BitAnd: 8,
    ast.LShift: 9,
    ast.RShift: 9,
    ast.Add: 10,
    ast.Sub: 10,
    ast.Mult: 11,
    ast.MatMult: 11,
    ast.Div: 11,
    ast.FloorDiv: 11,
    ast.Mod: 11,
    ast.Pow: 13,
}
_LOOSE: dict[type[ast.expr], int] = {
    ast.NamedExpr: 0,
    ast.Yield: 0,
    ast.YieldFrom: 0,
    ast.Lambda: 1,
    ast.IfExp: 1,
    ast.Compare: 5,
    ast.Await: 14,
    ast.Starred: 0,
}
_ATOM = 15
_OPERAND = r"(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\([^()\n]*\)|\[[^\[\]\n]*\])?|\d+)"
"""A name, an attribute, a plain call or subscript, a number."""
_PLAIN = re.compile(rf"({_OPERAND})(?: ([-+*/%<>=!]=?|//) ({_OPERAND}))?")
"""One of these, or two with an operator between them."""
_OPERATORS = {**dict.fromkeys("+-", 10), **dict.fromkeys(("*", "/", "//", "%"), 11)}
_OPERATORS |= dict.fromkeys(("<", ">", "<=", ">=", "==", "!="), 5)


def binding(node: ast.expr) -> int:
    """From 0 (a yield) to 15 (a name, a call)."""
    if isinstance(node, ast.BinOp):
        return _BINARY[type(node.op)]
    if isinstance(node, ast.BoolOp):
        return 2 if isinstance(node.op, ast.Or) else 3
    if isinstance(node, ast.UnaryOp):
        return 4 if isinstance(node.op, ast.Not) else 12
    if isinstance(node, ast.Tuple):
        return 0
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return 14  # `1.real` is no attribute
    return _LOOSE.get(type(node), _ATOM)


@functools.lru_cache(maxsize=4096)
def strength(expression: str) -> int:
    """How tightly an expression binds that is given as text; as tightly as any where it is none."""
    if (match := _PLAIN.fullmatch(expression)) is not None:
        one, operator, other = match.groups()
        words = [re.split(r"\W", each)[0] for each in (one, other or "")]
        if not any(map(keyword.iskeyword, words)):
            if operator in _OPERATORS:
                return _OPERATORS[operator]
            if operator is None and not one.isdigit():
                return _ATOM
    try:
        return binding(ast.parse(expression, mode="eval").body)
    except SyntaxError:
        return _ATOM


def required(node: ast.AST, parent: ast.AST | None) -> int:
    """How tightly an expression must bind to stand where `node` stands below `parent`."""
    if isinstance(parent, ast.BinOp):
        power = isinstance(parent.op, ast.Pow)
        return _BINARY[type(parent.op)] + ((node is parent.right) != power)
    if isinstance(parent, ast.BoolOp):
        return binding(parent) + 1
    if isinstance(parent, ast.UnaryOp):
        return binding(parent)
    if isinstance(parent, ast.Compare):
        return 6
    if isinstance(parent, ast.Await) or (isinstance(parent, ast.Attribute | ast.Subscript) and node is parent.value):
        return _ATOM
    if isinstance(parent, ast.Call):
        return _ATOM if node is parent.func else 1
    if isinstance(parent, ast.IfExp):
        return 1 if node is parent.orelse else 2
    if isinstance(parent, ast.comprehension | ast.Starred):
        return 2
    if isinstance(parent, ast.Slice | ast.keyword | ast.Tuple | ast.List | ast.Set | ast.Dict | ast.Lambda):
        return 1
    return 0
