"""Operators that bind otherwise than their author thought: `(a << 2) + (b << 1)` for `a << 2 + b << 1`."""

import ast
from collections.abc import Iterator, Mapping, Sequence

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.templates.arithmetic import SYMBOLS

_PYTHON = {"|": 6, "^": 7, "&": 8, "<<": 9, ">>": 9, "+": 10, "-": 10, "*": 11, "/": 11, "//": 11, "%": 11, "@": 11}
_BITS_FIRST = {**_PYTHON, "|": 12, "^": 13, "&": 14, "<<": 15, ">>": 15}
_SHIFTS_FIRST = {**_PYTHON, "<<": 15, ">>": 15}
_SUMS_FIRST = {**_PYTHON, "+": 15, "-": 15}


def bound_tighter(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """The same operands and operators in the same order, as if bits, shifts or sums were reckoned first."""
    if not isinstance(node, ast.BinOp) or not (isinstance(node.right, ast.BinOp) or isinstance(node.left, ast.BinOp)):
        return
    parent = scope.source.parents.get(node)
    if isinstance(parent, ast.BinOp) and not _in_parentheses(node, parent, scope):
        return
    operands, symbols = _flat(node, scope)
    if "**" in symbols or len(symbols) < 2:
        return
    sums, bits = {"+", "-"} & set(symbols), set("|^&") & set(symbols)
    shifts = {"<<", ">>"} & set(symbols)
    orders: list[tuple[Mapping[str, int], float]] = []
    if shifts and set(symbols) - shifts:
        orders.append((_SHIFTS_FIRST, 0.8))
    if bits and set(symbols) - bits - shifts:
        orders.append((_BITS_FIRST, 0.5))
    if sums and len(symbols) > 2 and set(symbols) - sums - bits - shifts:
        orders.append((_SUMS_FIRST, 0.12))
    for order, prior in orders:
        text, _ = _grouped(operands, symbols, order)
        yield scope.source.put(node, text, "arithmetic", prior)


def _in_parentheses(node: ast.BinOp, parent: ast.BinOp, scope: Scope) -> bool:
    side = 0 if node is parent.left else 1
    return scope.source.span(node)[side] != scope.source.span(parent)[side]


def _flat(node: ast.BinOp, scope: Scope) -> tuple[list[str], list[str]]:
    """What stands between the operators that no parentheses enclose, and these."""
    operands: list[str] = []
    symbols: list[str] = []
    for side in (node.left, node.right):
        if isinstance(side, ast.BinOp) and not _in_parentheses(side, node, scope):
            inner, between = _flat(side, scope)
            operands += inner
            symbols += between
        else:
            text = scope.source.text(side)
            loose = isinstance(side, ast.BinOp | ast.IfExp | ast.BoolOp | ast.Compare | ast.NamedExpr | ast.Lambda)
            operands.append(f"({text})" if loose else text)
        if side is node.left:
            symbols.append(SYMBOLS.get(type(node.op), "@"))
    return operands, symbols


def _grouped(operands: Sequence[str], symbols: Sequence[str], order: Mapping[str, int]) -> tuple[str, int]:
    """The text by that order, with parentheses where Python needs them, and how tightly it binds for Python."""
    if not symbols:
        return operands[0], 16
    loosest = min(order[each] for each in symbols)
    at = max(place for place, each in enumerate(symbols) if order[each] == loosest)
    left, its = _grouped(operands[: at + 1], symbols[:at], order)
    right, other = _grouped(operands[at + 1 :], symbols[at + 1 :], order)
    mine = _PYTHON[symbols[at]]
    left = f"({left})" if its < mine else left
    right = f"({right})" if other <= mine else right
    return f"{left} {symbols[at]} {right}", mine
