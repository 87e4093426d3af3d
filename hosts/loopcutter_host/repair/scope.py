"""What is in scope where a template works: names, attributes and the hints the failures give."""

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property

from loopcutter_host.repair.codebase import Codebase, parameters
from loopcutter_host.repair.hints import Hints
from loopcutter_host.repair.source import Function, Source


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
