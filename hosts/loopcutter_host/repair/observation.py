"""What candidates would come to, seen in one run of a failing test, before any of them is tried.

A candidate that puts one expression in the place of another can't repair a test in which both always come to the same,
nor one in which the new one fails at once; of several that come to the same as each other, one speaks for all. (Weak
mutation analysis: Howden 1982; infected states are grouped as by Just et al., ISSTA 2014.) The values are asked for in
the sandbox: a function is watched by a statement at its start (`watch`). What is not an expression, or might do
something when it is evaluated, is not judged.
"""

import ast
import functools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.kinds import parsed
from loopcutter_host.repair.source import Function, Source
from loopcutter_host.repair.watch import ALWAYS, NEVER, ONCE, Item

_WATCH = Path(__file__).with_name("watch.py")
_FUNCTIONS = frozenset(
    (
        *("len", "min", "max", "abs", "sum", "sorted", "str", "int", "float", "bool", "list", "tuple", "set", "dict"),
        *("range", "reversed", "enumerate", "zip", "ord", "chr", "divmod", "round", "any", "all", "isinstance", "repr"),
        *("frozenset", "hasattr", "type"),
    )
)
_METHODS = frozenset(
    (
        *("get", "items", "keys", "values", "copy", "count", "index", "find", "rfind", "lower", "upper", "strip"),
        *("lstrip", "rstrip", "split", "rsplit", "join", "startswith", "endswith", "isdigit", "isalpha", "isalnum"),
        *("isspace", "isupper", "islower", "replace", "title", "capitalize", "splitlines", "union", "intersection"),
        *("difference", "issubset", "issuperset", "zfill", "ljust", "rjust", "partition", "rpartition", "bit_length"),
    )
)
_DOING = ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr | ast.JoinedStr | ast.Starred
_BOUND = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda
Pair = tuple[ast.expr, ast.expr, str, int]


def probe(
    candidates: Sequence[Candidate], source: Source, tests: str, ends: bool
) -> tuple[Candidate, list[int]] | None:
    """The edit that watches the function around the first candidate, and which of them it watches.

    `tests` is the file of the tests that are to run; `ends` says whether the one that fails does so by itself.
    """
    function = outermost(candidates[0], source)
    if function is None or isinstance(function, ast.AsyncFunctionDef):
        return None
    first = function.body[0]
    if first.lineno == function.lineno or not source.alone(first):
        return None
    items: list[Item] = []
    numbers = []
    for number, each in enumerate(candidates):
        item = observed(each, source)
        if item is not None:
            items.append(item)
            numbers.append(number)
    if not items:
        return None
    line = min([first.lineno, *(each.lineno for each in getattr(first, "decorator_list", []))])
    top = min([function.lineno, *(each.lineno for each in function.decorator_list)])
    last = function.end_lineno or function.lineno
    put = (
        f"if '_loopcutter' not in globals():\n"
        f" globals()['_loopcutter'] = {{'__name__': 'loopcutter_watch'}}\n"
        f" exec({_WATCH.read_text('utf-8')!r}, _loopcutter)\n"
        f" _loopcutter['watch'] = _loopcutter['Watch']({items!r}, {(top, last)}, {line - 1}, {tests!r}, {ends})\n"
        f"_loopcutter['watch'].enter(_loopcutter_frame)\n"
    )
    frame = "{'_loopcutter_frame': __import__('sys')._getframe()}"
    text = f"{source.indent(first.lineno)}exec({put!r}, globals(), {frame})\n"
    start = source.line_start(line)
    return Candidate(source.path, start, start, text, "watch", line, 0), numbers


def outermost(candidate: Candidate, source: Source) -> Function | None:
    """The outermost function around a change, when it stands in the module or in a class of it."""
    for node in source.functions:
        start, end = source.line_start(node.lineno), source.line_start((node.end_lineno or node.lineno) + 1)
        outer = [each for each in source.ancestors(node) if not isinstance(each, ast.ClassDef | ast.Module)]
        if start <= candidate.start and candidate.end <= end and not outer:
            return node
    return None


def observed(candidate: Candidate, source: Source) -> Item | None:
    """The expression that a candidate changes, and what it makes of it; None where it changes something else."""
    first = source.line_at(candidate.start)
    if candidate.start == candidate.end == source.line_start(first) and candidate.text.endswith("\n"):
        return _guard(candidate, first, _own(source))
    if candidate.text.startswith("elif ") and source.slice(candidate.start, candidate.end) == "else:":
        return _only_then(candidate, source)
    head = _heads(source).get(first)
    if head is None:
        return None
    start, end = source.line_start(head[0]), source.line_start(head[1] + 1)
    if not (start <= candidate.start and candidate.end <= end):
        return None
    old = source.slice(start, end)
    new = source.slice(start, candidate.start) + candidate.text + source.slice(candidate.end, end)
    before, after = _statement(old), _statement(new)
    if before is None or after is None:
        return None
    for one, other, what, counts in _pairs(before, after, _own(source)):
        item = (head[0], _written(one), _written(other), what, counts)
        return None if "__" in item[1] + item[2] else item  # private names are others outside of their class
    return None


@functools.lru_cache(maxsize=8)
def _own(source: Source) -> frozenset[str]:
    """What the file defines itself: calling it might do something."""
    return frozenset(each.name for each in source.functions)


@functools.lru_cache(maxsize=8)
def _heads(source: Source) -> Mapping[int, tuple[int, int]]:
    """For each line, the first and last line of the statement whose head, or all of it, holds it."""
    found: dict[int, tuple[int, int]] = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.stmt) and not isinstance(node, Function | ast.ClassDef):
            first, last = _head(node)
            found |= {line: (first, last) for line in range(first, last + 1) if line not in found}
    return found


def _head(node: ast.stmt) -> tuple[int, int]:
    """The first and last line of a statement, or of what stands before its block."""
    inner = [each.lineno for each in ast.walk(node) if isinstance(each, ast.stmt) and each is not node]
    last = node.end_lineno or node.lineno
    return node.lineno, max(node.lineno, min(inner) - 1) if inner else last


def _statement(lines: str) -> ast.stmt | None:
    tree = parsed(lines)
    return tree.body[0] if tree is not None and len(tree.body) == 1 else None


def _guard(candidate: Candidate, line: int, own: frozenset[str]) -> Item | None:
    """An inserted `if`, before the statement whose suspicion it has."""
    statement = _statement(candidate.text)
    if candidate.line != line or not isinstance(statement, ast.If) or not _pure(statement.test, own):
        return None
    return (line, "None", ast.unparse(statement.test), "new", ALWAYS)


def _only_then(candidate: Candidate, source: Source) -> Item | None:
    """A condition put to an `else`: asked where its block begins, in the next line that has code."""
    statement = _statement(candidate.text.removeprefix("el"))
    line = next((each for each in sorted(_heads(source)) if each > source.line_at(candidate.start)), 0)
    if not line or not isinstance(statement, ast.If) or not _pure(statement.test, _own(source)):
        return None
    return (line, "None", ast.unparse(statement.test), "old", ALWAYS)


def _pairs(before: ast.stmt, after: ast.stmt, own: frozenset[str]) -> Iterator[Pair]:
    match before, after:
        case (ast.If() | ast.While(), ast.If() | ast.While()) if type(before) is type(after):
            yield from _narrowed(before.test, after.test, "truth", ALWAYS, own)
        case ast.For(), ast.For() if _like(before.target, after.target):
            yield from _narrowed(before.iter, after.iter, "value", ONCE, own)
        case ast.Assign(targets=targets, value=value), ast.Assign(targets=others, value=other):
            if all(map(_like, targets, others)) and len(targets) == len(others):
                yield from _narrowed(value, other, "value", ALWAYS, own)
        case ast.AugAssign(target=target), ast.AugAssign(target=other) if _like(target, other):
            yield from _narrowed(_summed(before), _summed(after), "value", ALWAYS, own)
        case ast.AugAssign(target=target), ast.Assign(targets=[other], value=value) if _like(target, other):
            yield from _narrowed(_summed(before), value, "value", ALWAYS, own)
        case ast.Assign(targets=[target], value=value), ast.AugAssign(target=other) if _like(target, other):
            yield from _narrowed(value, _summed(after), "value", ALWAYS, own)
        case ast.Return(value=ast.expr() as value), ast.Return(value=ast.expr() as other):
            yield from _narrowed(value, other, "value", ALWAYS, own)
        case ast.Expr(value=value), ast.Expr(value=other):
            yield from _narrowed(value, other, "value", ALWAYS, own)
        case _, ast.If(test=test, body=[inner], orelse=[]) if _like(before, inner) and _pure(test, own):
            yield ast.Constant(None), test, "old", ALWAYS


def _narrowed(old: ast.expr, new: ast.expr, what: str, counts: int, own: frozenset[str]) -> Iterator[Pair]:
    """The largest expression around the change that can be evaluated without harm."""
    if _like(old, new):
        return
    if _pure(old, own) and _pure(new, own):
        kept = what == "value" and isinstance(old, _HELD) | isinstance(new, _HELD)
        yield old, new, "held" if kept else what, counts
        return
    if type(old) is not type(new) or isinstance(old, _BOUND):
        return
    ones, others = list(ast.iter_child_nodes(old)), list(ast.iter_child_nodes(new))
    if len(ones) != len(others):
        return
    changed = [(one, other) for one, other in zip(ones, others, strict=True) if not _like(one, other)]
    if len(changed) != 1:
        return
    one, other = changed[0]
    if isinstance(one, ast.keyword) and isinstance(other, ast.keyword) and one.arg == other.arg:
        one, other = one.value, other.value
    if not isinstance(one, ast.expr) or not isinstance(other, ast.expr):
        return
    perhaps = isinstance(old, ast.BoolOp | ast.IfExp | ast.Compare) and one is not ones[0]
    asked = what == "truth" and isinstance(old, ast.BoolOp | ast.UnaryOp)
    if isinstance(old, ast.IfExp):
        asked = one is old.test
    yield from _narrowed(one, other, "truth" if asked else "value", NEVER if perhaps else counts, own)


_HELD = ast.Name | ast.Attribute | ast.Subscript


def _summed(node: ast.AugAssign) -> ast.expr:
    target = ast.parse(ast.unparse(node.target), mode="eval").body
    return ast.BinOp(target, node.op, node.value)


def _like(one: object, other: object) -> bool:
    """Whether two nodes, or two parts of nodes, say the same, wherever they stand."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, ast.AST):
        return all(_like(getattr(one, each, None), getattr(other, each, None)) for each in one._fields)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_like, one, other))
    return repr(one) == repr(other)


@functools.lru_cache(maxsize=1024)
def _written(node: ast.expr) -> str:
    return ast.unparse(node)


def _pure(node: ast.expr, own: frozenset[str]) -> bool:
    """Whether it can be evaluated once more, at any time, and nothing is different afterwards."""
    nodes = list(ast.walk(node))
    return all(map(_harmless, nodes)) and not own & {
        each.id if isinstance(each, ast.Name) else each.attr
        for each in nodes
        if isinstance(each, ast.Name | ast.Attribute)
    }


def _harmless(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in _FUNCTIONS
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _METHODS
        case ast.BinOp(op=ast.Pow() | ast.LShift()):
            return False  # of large numbers that takes for ever
    return not isinstance(node, ast.Call | _DOING)
