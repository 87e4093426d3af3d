"""What kind of thing a name holds, as far as its uses tell, and code in which kinds clash: `len(3)`, `items - 1`.

Python has no declarations here, so a kind is a guess, and a clash makes a candidate less likely, not impossible.
"""

import ast
import functools
import itertools
import textwrap
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from typing import Literal

Kind = Literal["number", "text", "collection", "truth", "nothing", ""]

_MADE: dict[str, Kind] = {
    **dict.fromkeys(("len", "int", "float", "abs", "ord", "round", "divmod", "pow"), "number"),
    **dict.fromkeys(("str", "repr", "chr", "bin", "hex", "input"), "text"),
    **dict.fromkeys(
        ("list", "set", "tuple", "dict", "sorted", "range", "enumerate", "zip", "map", "filter", "reversed"),
        "collection",
    ),
    **dict.fromkeys(("frozenset", "iter", "deque", "defaultdict", "Counter", "OrderedDict"), "collection"),
    **dict.fromkeys(("isinstance", "hasattr", "any", "all", "callable", "issubclass", "bool"), "truth"),
}
_OF_COLLECTIONS = frozenset(
    ("len", "list", "set", "tuple", "dict", "sorted", "enumerate", "reversed", "sum", "any", "all", "iter", "frozenset")
)
_OF_NUMBERS = frozenset(("abs", "range", "chr", "round", "divmod", "pow"))
_METHODS_OF_TEXT = frozenset(
    (
        *("strip", "lower", "upper", "rstrip", "lstrip", "split", "join", "startswith", "endswith", "isdigit"),
        *("isalpha", "isupper", "islower", "isspace", "encode", "splitlines", "title", "format"),
    )
)
_METHODS_OF_COLLECTIONS = frozenset(
    ("append", "add", "pop", "extend", "insert", "get", "items", "values", "keys", "popleft", "setdefault", "update")
)
_WITHOUT_RESULT = frozenset(
    ("append", "add", "extend", "insert", "sort", "reverse", "appendleft", "update", "remove", "clear", "discard")
)
_TYPES: dict[type[ast.expr], type] = {ast.List: list, ast.Dict: dict, ast.Set: set, ast.ListComp: list}
_COLLECTIONS = ast.List | ast.Dict | ast.Set | ast.Tuple | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_UNLIKELY = 0.15


class Kinds:
    """The kinds of the names in a function, and of the attributes of `self` in its class, by majority of their uses."""

    def __init__(self, function: ast.AST, owner: ast.AST | None = None, methods: Container[str] = ()) -> None:
        nodes = list(ast.walk(function))
        nodes += [each for each in ast.walk(owner) if _of_self(each)] if owner is not None else []
        self._methods = methods
        self._types = _types(nodes)
        self._counted: dict[str, int | None] = {}
        self._known: dict[str, Kind] = {}
        for _ in range(2):  # the second time, what is assigned from names whose kinds are known by then
            votes: dict[str, Counter[Kind]] = {}
            for node in nodes:
                for name, kind in self._uses(node):
                    votes.setdefault(name, Counter())[kind] += 1
            self._known = {name: _winner(counted) for name, counted in votes.items()}

    def of(self, node: ast.expr) -> Kind:
        """The kind of an expression; empty where it is not known."""
        match node:
            case ast.Name() | ast.Attribute():
                return self._known.get(_key(node), "")
            case ast.Constant(value=value):
                return _of_value(value)
            case ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return "truth"
            case ast.UnaryOp(operand=operand):
                return self.of(operand)
            case ast.Call(func=ast.Name(id=name)):
                return _MADE.get(name, "")
            case ast.Call(func=ast.Attribute(attr=name)) if name in _WITHOUT_RESULT:
                return "nothing"
            case ast.BinOp(left=left, op=ast.Sub() | ast.FloorDiv() | ast.Div() | ast.LShift() | ast.RShift()):
                return "number" if self.of(left) in ("", "number") else self.of(left)
            case ast.BinOp(left=left, op=ast.Add() | ast.Mult() | ast.Mod(), right=right):
                return self.of(left) or (self.of(right) if isinstance(node.op, ast.Add) else "")
            case ast.JoinedStr():
                return "text"
            case _ if isinstance(node, _COLLECTIONS):
                return "collection"
            case ast.IfExp(body=body, orelse=orelse):
                return self.of(body) or self.of(orelse)
        return ""

    def clashes(self, tree: ast.AST) -> int:
        """How often kinds do not go together."""
        nodes = list(ast.walk(tree))
        called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        dropped = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        count = 0
        for node in nodes:
            count += self._clash(node)
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                count += id(node) not in called and node.attr in self._methods
            elif isinstance(node, ast.Call):
                count += id(node) not in dropped and self.of(node) == "nothing"
        return count

    def clashes_in(self, lines: str) -> int | None:
        """The same for lines as they are written, which many candidates change; None where they are no statement."""
        if lines not in self._counted:
            tree = parsed(lines)
            self._counted[lines] = None if tree is None else self.clashes(tree)
        return self._counted[lines]

    def _clash(self, node: ast.AST) -> bool:
        match node:
            case ast.BinOp(left=left, op=operator, right=right):
                return self._unlike(left, operator, right)
            case ast.AugAssign(target=target, op=operator, value=value):
                return self._unlike(target, operator, value)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._incomparable(self.of(left), operator, self.of(right))
            case ast.Subscript(value=value, slice=index):
                listed = self.of(index) == "collection" and not isinstance(index, ast.Tuple | ast.Name)
                return listed or self.of(value) in ("number", "truth")
            case ast.For(iter=value) | ast.comprehension(iter=value):
                return self.of(value) in ("number", "truth")
            case ast.Call(func=ast.Name(id=name), args=[only]):
                kind = self.of(only)
                if name in _OF_COLLECTIONS:
                    return kind in ("number", "truth")
                if name in _OF_NUMBERS:
                    return kind in ("collection", "text")
                return (name in ("int", "float") and kind == "collection") or bool(self._known.get(name))
            case ast.Call(func=ast.Name(id=name)):
                return bool(self._known.get(name))
            case ast.Attribute(value=value, attr=name):
                return self._lacks(value, name)
        return False

    def _incomparable(self, one: Kind, operator: ast.cmpop, other: Kind) -> bool:
        if isinstance(operator, ast.In | ast.NotIn):
            return other in ("number", "truth") or (one == "number" and other == "text")
        if isinstance(operator, ast.Is | ast.IsNot) or not one or not other:
            return False
        return one != other and not (one == "collection" and other == "text")

    def _lacks(self, value: ast.expr, name: str) -> bool:
        kind, made = self.of(value), self._types.get(_key(value))
        if made is not None:
            return not hasattr(made, name)
        if name in _METHODS_OF_TEXT:
            return kind in ("number", "collection", "truth")
        return name in _METHODS_OF_COLLECTIONS and kind in ("number", "text", "truth")

    def _unlike(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> bool:
        one, other = self.of(left), self.of(right)
        if isinstance(operator, ast.Mod) and one == "text":
            return False
        if isinstance(operator, ast.Mult) and "number" in (one, other):
            return False
        if isinstance(operator, ast.Add):
            return bool(one and other) and one != other and "truth" not in (one, other)
        if isinstance(operator, ast.Sub | ast.BitAnd | ast.BitOr | ast.BitXor):
            return "text" in (one, other) or {one, other} == {"number", "collection"}
        return "text" in (one, other) or "collection" in (one, other)

    def _uses(self, node: ast.AST) -> Iterator[tuple[str, Kind]]:
        """What a node says of the kinds of names in it."""
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                yield from ((_key(one), self.of(each)) for one, each in zip(targets, values, strict=False))
            case ast.Assign(targets=[target], value=value) | ast.AugAssign(target=target, value=value):
                yield _key(target), self.of(value)
            case ast.For(target=target, iter=ast.Call(func=ast.Name(id="range"))):
                yield _key(target), "number"
            case ast.comprehension(target=target, iter=ast.Call(func=ast.Name(id="range"))):
                yield _key(target), "number"
            case ast.For(target=ast.Tuple(elts=[first, *_]), iter=ast.Call(func=ast.Name(id="enumerate"))):
                yield _key(first), "number"
            case ast.For(iter=value) | ast.comprehension(iter=value) | ast.Subscript(value=value):
                yield _key(value), "collection"
            case ast.BinOp(left=left, op=ast.Sub() | ast.FloorDiv(), right=right):
                for each, other in ((left, right), (right, left)):
                    if self.of(other) in ("", "number"):
                        yield _key(each), "number"
            case ast.BinOp(left=left, right=ast.Constant(value=int())):
                yield _key(left), "number"
            case ast.Compare(left=left, comparators=[other]) if self.of(other) in ("number", "text"):
                yield _key(left), self.of(other)
            case ast.Call(func=ast.Name(id="len" | "sorted" | "enumerate" | "reversed"), args=[first, *_]):
                yield _key(first), "collection"
            case ast.Call(func=ast.Name(id="range"), args=arguments):
                yield from ((_key(each), "number") for each in arguments)
            case ast.Attribute(value=value, attr=method) if method in _METHODS_OF_TEXT:
                yield _key(value), "text"
            case ast.Attribute(value=value, attr=method) if method in _METHODS_OF_COLLECTIONS:
                yield _key(value), "collection"


def plausibility(old: str, new: str, kinds: Kinds) -> float:
    """A factor for a change of whole lines: 1, or less where it makes kinds clash that did not before."""
    before, after = kinds.clashes_in(old), parsed(new)
    if before is None or after is None:
        return 1
    return _UNLIKELY if kinds.clashes(after) > before else 1


def _key(node: ast.AST) -> str:
    """`x` and `self.x`; empty for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return f"self.{name}"
    return ""


def _of_self(node: ast.AST) -> bool:
    """Whether a node says something of an attribute of `self`, and of nothing else."""
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)] if isinstance(node, ast.expr) else []
    if isinstance(node, ast.Assign | ast.AugAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return _key(target).startswith("self.")
    return bool(names) and all(each.id == "self" for each in names)


def _types(nodes: Iterable[ast.AST]) -> dict[str, type]:
    """The types of names to which nothing but literals of one type is assigned."""
    found: dict[str, set[type | None]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple):
                    given = node.value.elts if isinstance(node.value, ast.Tuple) else []
                    pairs = list(itertools.zip_longest(target.elts, given, fillvalue=ast.Constant(None)))
                for each, value in pairs:
                    found.setdefault(_key(each), set()).add(_TYPES.get(type(value)))
        elif isinstance(node, ast.arg):
            found.setdefault(node.arg, set()).add(None)
        elif isinstance(node, ast.For | ast.comprehension | ast.NamedExpr):
            for part in ast.walk(node.target):
                found.setdefault(_key(part), set()).add(None)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            for part in ast.walk(node.optional_vars):
                found.setdefault(_key(part), set()).add(None)
    found.pop("", None)
    return {name: made for name, types in found.items() if len(types) == 1 and (made := next(iter(types))) is not None}


def _winner(counted: Counter[Kind]) -> Kind:
    """The kind most uses speak for. A text is a collection too, so texts may be used as one."""
    del counted[""]
    if not counted:
        return ""
    if counted["text"] and set(counted) <= {"text", "collection"}:
        return ""
    (kind, count), *others = counted.most_common(2)
    return "" if others and others[0][1] * 2 > count else kind


def _of_value(value: object) -> Kind:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else ""


@functools.lru_cache(maxsize=4096)
def parsed(lines: str) -> ast.Module | None:
    """The statement, or the head of one, that stands on some lines."""
    text = textwrap.dedent(lines).strip("\n")
    attempts = [text, f"{text}\n    pass", f"{text.removeprefix('el')}\n    pass"]
    if text.endswith(":"):
        attempts = [*attempts[1:], text]  # seldom more than a head; what does not parse takes longest
    for attempt in attempts:
        try:
            return ast.parse(attempt)
        except (SyntaxError, ValueError):
            continue
    return None
