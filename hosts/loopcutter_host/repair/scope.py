"""What is in scope where a template works: names, attributes and the hints the failures give."""

import ast
import builtins
from collections.abc import Iterator, Sequence
from functools import cached_property

from loopcutter_host.repair.codebase import LONGEST, Codebase, parameters
from loopcutter_host.repair.hints import Hints
from loopcutter_host.repair.kinds import Kinds
from loopcutter_host.repair.source import Function, Source

_BUILTINS = frozenset(dir(builtins))
_ITERATING = ("len", "sorted", "reversed", "enumerate", "list", "set", "tuple", "sum", "max", "min")
_CHANGING = frozenset(("append", "pop", "popleft", "extend", "insert", "remove", "add", "discard", "clear", "sort"))
_COLLECTING = ("append", "add", "pop", "popleft", "extend", "insert", "get", "items", "values", "keys", "split")


class Scope:
    """One function, or the module's own level, of a source."""

    def __init__(self, source: Source, function: Function | None, codebase: Codebase, hints: Hints) -> None:
        self.source = source
        self.function = function
        self.codebase = codebase
        self.hints = hints

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Everything inside the function, nested functions included."""
        return list(ast.walk(self.function or self.source.tree))

    @cached_property
    def parameters(self) -> list[str]:
        """The function's own parameters, `*rest` and `**options` at the end."""
        if self.function is None:
            return []
        rest = [each.arg for each in (self.function.args.vararg, self.function.args.kwarg) if each]
        return parameters(self.function) + rest

    @cached_property
    def bound(self) -> dict[str, int]:
        """Local names → the line that first binds them."""
        names = dict.fromkeys(self.parameters, 0)
        if self.function is None:
            return names
        for node in self.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names[node.id] = min(names.get(node.id, node.lineno), node.lineno)
            elif isinstance(node, ast.ExceptHandler) and node.name:
                names.setdefault(node.name, node.lineno)
            elif isinstance(node, Function) and node is not self.function:
                names.setdefault(node.name, node.lineno)
                names.update({each: names.get(each, node.lineno) for each in parameters(node)})
        return names

    @cached_property
    def enclosing(self) -> list[str]:
        """Names bound by the functions around this one."""
        if self.function is None:
            return []
        outer = [each for each in self.source.ancestors(self.function) if isinstance(each, Function)]
        return [name for each in outer for name in Scope(self.source, each, self.codebase, self.hints).bound]

    @cached_property
    def unused(self) -> set[str]:
        """Local names that nothing reads: something forgot them."""
        read = {each.id for each in self.nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
        return {name for name in self.bound if name not in read and not name.startswith("_")} - {"self", "cls"}

    @cached_property
    def globals(self) -> dict[str, bool]:
        """The module's names → whether they can be called."""
        names: dict[str, bool] = {}
        for node in self.source.tree.body:
            if isinstance(node, Function | ast.ClassDef):
                names[node.name] = True
            elif isinstance(node, ast.Import | ast.ImportFrom):
                names |= {(each.asname or each.name).split(".")[0]: True for each in node.names}
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    names |= {each.id: False for each in ast.walk(target) if isinstance(each, ast.Name)}
        return names

    def values(self, at: ast.AST) -> list[str]:
        """Local names that hold something at that place, the nearest binding first."""
        line = getattr(at, "lineno", 0)
        loop = any(isinstance(each, ast.For | ast.AsyncFor | ast.While) for each in self.source.ancestors(at))
        comprehension = any(hasattr(each, "generators") for each in self.source.ancestors(at))
        known = [
            (name, first)
            for name, first in self.bound.items()
            if first < line or (loop and not first > line) or (comprehension and first == line)
        ]
        known.sort(key=lambda each: -each[1])
        return [name for name, _ in known if name not in ("cls", "_")] + self.enclosing

    @cached_property
    def owner(self) -> ast.ClassDef | None:
        """The class whose method this is."""
        if self.function is None:
            return None
        for each in self.source.ancestors(self.function):
            if isinstance(each, ast.ClassDef):
                return each
        return None

    @cached_property
    def members(self) -> list[str]:
        """Attributes and methods of `self`."""
        if self.owner is None:
            return []
        names = {
            node.attr: None
            for node in ast.walk(self.owner)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
        }
        names |= {node.name: None for node in self.owner.body if isinstance(node, Function)}
        return [name for name in names if not name.endswith("__")]

    @cached_property
    def conditions(self) -> list[str]:
        """Tests written elsewhere in the function, as text."""
        tests = [each.test for each in self.nodes if isinstance(each, ast.If | ast.While | ast.IfExp)]
        parts = [
            part
            for test in tests
            for part in ([test, *test.values] if isinstance(test, ast.BoolOp) else [test])
            if not isinstance(part, ast.NamedExpr)
        ]
        return list(dict.fromkeys(self.source.text(part) for part in parts))

    @cached_property
    def known(self) -> set[str]:
        """All names that can be read here."""
        return {*self.bound, *self.globals, *self.enclosing, *_BUILTINS}

    @cached_property
    def expressions(self) -> dict[str, int]:
        """Short expressions in the function that are more than a name or a constant → the line of the first."""
        found: dict[str, int] = {}
        for node in self.nodes:
            if not isinstance(node, ast.Call | ast.Subscript | ast.Attribute | ast.BinOp | ast.Compare):
                continue
            if isinstance(getattr(node, "ctx", ast.Load()), ast.Load) and self.source.trusted(node):
                text = self.source.text(node)
                if len(text) <= LONGEST and "\n" not in text:
                    found.setdefault(text, node.lineno)
        return found

    @cached_property
    def collections(self) -> dict[str, bool]:
        """Names that hold several things, by how they are used → whether they are subscripted."""
        found: dict[str, bool] = {}
        for node in self.nodes:
            for each, places in _used_as_collection(node):
                if isinstance(each, ast.Name) and (each.id in self.bound or each.id in self.enclosing):
                    found[each.id] = places or found.get(each.id, False)
        return found

    @cached_property
    def changing(self) -> set[str]:
        """What has something put into it or taken out of it, as it is written."""
        calls = [each.func for each in self.nodes if isinstance(each, ast.Call)]
        return {
            self.source.text(each.value) for each in calls if isinstance(each, ast.Attribute) and each.attr in _CHANGING
        }

    @cached_property
    def kinds(self) -> Kinds:
        """What kinds of things the names hold."""
        return Kinds(self.function or self.source.tree, self.owner, self.codebase.signatures)

    @cached_property
    def numbers(self) -> set[str]:
        """Local names that are used as numbers: in differences, products, subscripts, or counted up."""
        names: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Mult | ast.FloorDiv):
                names |= {each.id for each in (node.left, node.right) if isinstance(each, ast.Name)}
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                names |= {node.target.id} if isinstance(node.value, ast.Constant) else set()
            elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name | ast.BinOp):
                names |= {each.id for each in ast.walk(node.slice) if isinstance(each, ast.Name)}
        return names - set(self.collections)

    @cached_property
    def indices(self) -> list[str]:
        """Local names that stand in subscripts, are looked up or asked for."""
        places = [place for node in self.nodes if (place := _looked_up(node)) is not None]
        names = [each.id for place in places for each in ast.walk(place) if isinstance(each, ast.Name)]
        return [name for name in dict.fromkeys(names) if name in self.bound or name in self.enclosing]

    @cached_property
    def lookups(self) -> list[str]:
        """`c[i]` for the first collections that are subscripted and the first names used as an index."""
        places = [name for name, subscripted in self.collections.items() if subscripted]
        return [f"{one}[{index}]" for one in places[:4] for index in self.indices[:5] if index != one]

    @cached_property
    def flags(self) -> list[str]:
        """Local variables that are set to `True` or `False` somewhere."""
        names = {
            target.id: None
            for node in self.nodes
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, bool)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        return list(names)

    @cached_property
    def statements(self) -> dict[str, int]:
        """Simple statements in the file whose names are known here → how often they are there."""
        found: dict[str, int] = {}
        for node in self._all:
            if isinstance(node, ast.Call) and not node.keywords and _takes_out(node):
                text = self.source.text(node)
                names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                if len(text) <= LONGEST and "\n" not in text and names <= self.known:
                    found.setdefault(text, 1)
            if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.Return | ast.Break | ast.Continue):
                text = self.source.text(node)
                names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                if len(text) <= LONGEST and "\n" not in text and names <= self.known and not _is_docstring(node):
                    found[text] = found.get(text, 0) + 1
        return found

    def constants(self, kind: type) -> Iterator[object]:
        """Constants of a kind: first those of the function, then those of the file."""
        seen: set[object] = set()
        for nodes in (self.nodes, self._all):
            for node in nodes:
                if isinstance(node, ast.Constant) and type(node.value) is kind and node.value not in seen:
                    seen.add(node.value)
                    yield node.value

    @cached_property
    def _all(self) -> Sequence[ast.AST]:
        return list(ast.walk(self.source.tree))


def _takes_out(node: ast.Call) -> bool:
    """Whether a call does something to what it is called on, besides what it gives."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in ("pop", "popleft", "popitem")
    return isinstance(node.func, ast.Name) and node.func.id == "next"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _used_as_collection(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """What a node treats as a collection, and whether it subscripts it."""
    if isinstance(node, ast.Subscript):
        yield node.value, True
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.iter, False
    elif isinstance(node, ast.Compare) and isinstance(node.ops[-1], ast.In | ast.NotIn):
        yield node.comparators[-1], False
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ITERATING and node.args:
        yield node.args[0], False
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _COLLECTING:
        yield node.func.value, node.func.attr == "get"
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, ast.List | ast.ListComp) or _is_part(one):
                yield other, _is_part(one)


def _is_part(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)


def _looked_up(node: ast.AST) -> ast.AST | None:
    """What a node takes as a place or a key."""
    if isinstance(node, ast.Subscript):
        return node.slice
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        return node.left
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        return node.args[0]
    return None
