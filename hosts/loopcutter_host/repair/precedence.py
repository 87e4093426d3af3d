"""How tightly an expression binds: tells where a replaced expression needs parentheses."""

import ast

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
