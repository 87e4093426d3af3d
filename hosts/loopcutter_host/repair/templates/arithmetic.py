"""The wrong arithmetic operator, operands the wrong way round, a sign, a grouping."""

import ast
from collections.abc import Iterator

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope

SYMBOLS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
_OTHERS: dict[str, dict[str, float]] = {
    "+": {"-": 0.9, "*": 0.3},
    "-": {"+": 0.9, "*": 0.1, "//": 0.1, "/": 0.05, "%": 0.05},
    "*": {"/": 0.5, "+": 0.4, "**": 0.25, "//": 0.25, "-": 0.1},
    "/": {"//": 0.7, "*": 0.6, "%": 0.1, "-": 0.1},
    "//": {"/": 0.7, "%": 0.5, "*": 0.4, ">>": 0.05},
    "%": {"//": 0.6, "/": 0.4, "*": 0.2, "-": 0.1, "+": 0.1},
    "**": {"*": 0.7, "^": 0.05, "//": 0.1},
    "&": {"|": 0.7, "^": 0.4},
    "|": {"&": 0.7, "^": 0.4, "+": 0.1},
    "^": {"&": 0.7, "|": 0.5, "**": 0.3},
    "<<": {">>": 0.8},
    ">>": {"<<": 0.8},
}


def arithmetic(node: ast.AST, scope: Scope) -> Iterator[Candidate]:
    """Another operator, swapped operands, one operand less, another sign or grouping."""
    if isinstance(node, ast.BinOp):
        yield from _binary(node, scope)
        yield from _grouping(node, scope)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd | ast.Invert):
        yield scope.source.put(node, scope.source.text(node.operand), "arithmetic", 0.5)
    elif isinstance(node, ast.AugAssign):
        yield from _augmented(node, scope)
    elif isinstance(node, ast.Assign) and _set_before(node, scope):
        yield from _accumulated(node, scope)
    if isinstance(node, ast.Return | ast.Assign) and isinstance(node.value, ast.Name | ast.Call | ast.BinOp):
        text = scope.source.text(node.value)
        text = f"({text})" if isinstance(node.value, ast.BinOp) else text
        yield scope.source.put(node.value, f"-{text}", "arithmetic", 0.08)
        for name in scope.values(node)[:5]:
            if name != "self":
                yield scope.source.put(node.value, f"{scope.source.text(node.value)} + {name}", "arithmetic", 0.05)


def _binary(node: ast.BinOp, scope: Scope) -> Iterator[Candidate]:
    symbol = SYMBOLS.get(type(node.op), "@")
    for other, prior in _others(symbol).items():
        if symbol == "%" and isinstance(node.left, ast.Constant | ast.JoinedStr) and not _number(node.left):
            break
        yield from scope.source.operators([node.left, node.right], symbol, other, "arithmetic", prior)
    left, right = scope.source.text(node.left), scope.source.text(node.right)
    if symbol in ("//", "/"):  # rounded up
        above = f"({left})" if isinstance(node.left, ast.BinOp) else left
        yield scope.source.put(node, f"-(-{above} // {right})", "arithmetic", 0.1)
    if symbol not in "*&|^":
        loose = isinstance(node.left, ast.BinOp | ast.UnaryOp), isinstance(node.right, ast.BinOp | ast.UnaryOp)
        swapped = [f"({text})" if each else text for text, each in zip((left, right), loose, strict=True)]
        yield scope.source.put(node, f"{swapped[1]} {symbol} {swapped[0]}", "arithmetic", 0.3)
    if symbol not in "%@":
        twice = left == right and symbol in "-/&|^"  # nobody means `a & a`
        for operand in (node.left, node.right):
            if isinstance(operand, ast.Name | ast.Subscript) and not (symbol in "+-" and operand is node.right):
                negative = f"-{scope.source.text(operand)}"
                yield scope.source.put(operand, negative, "arithmetic", 0.9 if twice else 0.04)
    yield scope.source.put(node, left, "arithmetic", 0.2)
    yield scope.source.put(node, right, "arithmetic", 0.15)


def _grouping(node: ast.BinOp, scope: Scope) -> Iterator[Candidate]:
    """`a + b * c` as `(a + b) * c`, `(a + b) * c` as `a + b * c`."""
    symbol, text = SYMBOLS.get(type(node.op), "@"), scope.source.text
    if isinstance(node.right, ast.BinOp):
        inner = SYMBOLS.get(type(node.right.op), "@")
        group = f"({text(node.left)} {symbol} {text(node.right.left)}) {inner} {text(node.right.right)}"
        yield scope.source.put(node, group, "arithmetic", 0.12)
    if isinstance(node.left, ast.BinOp):
        inner = SYMBOLS.get(type(node.left.op), "@")
        group = f"{text(node.left.left)} {inner} ({text(node.left.right)} {symbol} {text(node.right)})"
        yield scope.source.put(node, group, "arithmetic", 0.12)


def _augmented(node: ast.AugAssign, scope: Scope) -> Iterator[Candidate]:
    symbol = SYMBOLS.get(type(node.op), "@")
    start, end = scope.source.span(node.target)[1], scope.source.span(node.value)[0]
    gap = scope.source.slice(start, end)
    for other, prior in _others(symbol).items():
        changed = gap.replace(f"{symbol}=", f"{other}=", 1)
        yield scope.source.change(start, end, changed, "arithmetic", prior)
    plain = gap.replace(f"{symbol}=", "=", 1)
    counted = isinstance(node.value, ast.Constant)  # what is counted up is seldom meant to be that constant
    yield scope.source.change(start, end, plain, "arithmetic", 0.2 if counted else 0.4)
    if symbol == "+" and isinstance(node.target, ast.Name) and not isinstance(node.value, ast.Constant):
        yield from _next_digit(node, plain, scope)
    for name in scope.values(node)[:6] if isinstance(node.value, ast.Constant) else ():
        yield scope.source.change(start, scope.source.span(node.value)[1], f"{plain}{name}", "arithmetic", 0.1)


def _next_digit(node: ast.AugAssign, plain: str, scope: Scope) -> Iterator[Candidate]:
    """`n = n * 10 + digit` for `n += digit`: a number is read digit by digit."""
    target, value = scope.source.text(node.target), scope.source.text(node.value)
    start, end = scope.source.span(node.target)[1], scope.source.span(node.value)[1]
    bases = ["10", "2", *(each for each in scope.parameters if each in scope.numbers)]
    for base in bases[:4]:
        yield scope.source.change(start, end, f"{plain}{target} * {base} + {value}", "arithmetic", 0.1)


def _set_before(node: ast.Assign, scope: Scope) -> bool:
    """Whether what is assigned to has a value already, so that something may be added to it."""
    if len(node.targets) != 1 or scope.function is None:
        return False
    target = node.targets[0]
    if isinstance(target, ast.Name):
        loop = any(isinstance(each, ast.For | ast.While) for each in scope.source.ancestors(node))
        if any(isinstance(each, ast.Nonlocal) and target.id in each.names for each in scope.nodes):
            return True
        return scope.bound.get(target.id, node.lineno) < node.lineno and loop
    return isinstance(target, ast.Subscript | ast.Attribute) and node not in scope.function.body


def _accumulated(node: ast.Assign, scope: Scope) -> Iterator[Candidate]:
    """`total += x`, `best = max(best, x)` for `total = x`, `best = x`."""
    target, value = scope.source.text(node.targets[0]), scope.source.text(node.value)
    names = {each.id for each in ast.walk(node.value) if isinstance(each, ast.Name)}
    root = {each.id for each in ast.walk(node.targets[0]) if isinstance(each, ast.Name)}
    if isinstance(node.targets[0], ast.Name) and names & root:
        yield from _joined(node, scope)
        return
    constant = 0.3 if isinstance(node.value, ast.Constant | ast.List | ast.Dict) else 1
    start, end = scope.source.span(node.targets[0])[1], scope.source.span(node.value)[0]
    gap = scope.source.slice(start, end)
    itself = any(isinstance(each, ast.Subscript) and _root(each) in root for each in ast.walk(node.value))
    for symbol, prior in (("+", 0.3), ("-", 0.15), ("*", 0.1), ("|", 0.2 if itself else 0.06)):
        yield scope.source.change(start, end, gap.replace("=", f"{symbol}=", 1), "arithmetic", prior * constant)
    for function in ("max", "min"):
        yield scope.source.put(node.value, f"{function}({target}, {value})", "expression", 0.3 * constant)
    if isinstance(node.value, ast.Name | ast.Call | ast.Subscript | ast.Constant):
        yield scope.source.put(node.value, f"{value} + {target}", "arithmetic", 0.08)


def _root(node: ast.expr) -> str:
    """The name of the table in which an item stands."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _joined(node: ast.Assign, scope: Scope) -> Iterator[Candidate]:
    """`seen |= {…}` for `seen = {…}`, `rows += […]` for `rows = […]`, where the new is made of the old."""
    kinds = {ast.Set: "|", ast.SetComp: "|", ast.Dict: "|", ast.DictComp: "|", ast.List: "+", ast.ListComp: "+"}
    symbol = kinds.get(type(node.value))
    if symbol is not None:
        start, end = scope.source.span(node.targets[0])[1], scope.source.span(node.value)[0]
        gap = scope.source.slice(start, end)
        yield scope.source.change(start, end, gap.replace("=", f"{symbol}=", 1), "arithmetic", 0.3)


def _others(symbol: str) -> dict[str, float]:
    """The likely ones, and then all."""
    rare = dict.fromkeys(SYMBOLS.values(), 0.05)
    return {other: prior for other, prior in {**rare, **_OTHERS.get(symbol, {})}.items() if other != symbol}


def _number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)
