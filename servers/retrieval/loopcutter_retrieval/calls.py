"""Finds what a call leads to: through imports, classes, and what is known of the object it is made on."""

import builtins
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from loopcutter_retrieval.classes import Classes
from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.resolver import Resolver

_MANY = 4
"""A method name that more classes than this define says nothing about which is called."""
BY_TYPE, _BY_VARIABLE, _BY_NAME = 0.9, 0.7, 0.6
"""How sure it is what is called on an object of a known class, on a variable that has the name of a class, and on any
object if only one class has such a method."""
_SHORTEST = 4
"""Letters of a name that may be the end of another."""
_BUILT_IN = frozenset(dir(builtins))


@dataclass(frozen=True)
class Calls:
    """Follows the calls of one tree."""

    resolver: Resolver

    @cached_property
    def classes(self) -> Classes:
        return Classes(self.resolver)

    def of(self, file: int, caller: str, called: str) -> dict[int, float]:
        """The symbols that `called`, within `caller`, may stand for, and how surely."""
        holder, dot, leaf = called.rpartition(".")
        if not dot:
            return self._plain(file, leaf)
        if holder in ("self", "cls", "super"):
            own = self.classes.within(file, caller.rpartition(".")[0])
            method = None if own is None else self.classes.method(own, leaf, inherited=holder == "super")
            return self._guessed(file, "", leaf) if method is None else {method: 1.0}
        maker, known, holder = holder.removeprefix("<").rpartition(">")
        if known:
            made_of = self._made_by(file, caller, maker)
            if made_of is None:
                return self._guessed(file, holder, leaf)
            methods = [self.classes.method(class_, leaf) for class_ in made_of]
            found = [method for method in methods if method is not None]
            return dict.fromkeys(found, BY_TYPE / max(len(found), 1))
        return self._held(file, holder, leaf)

    def _plain(self, file: int, name: str) -> dict[int, float]:
        found = self._related(file, self.resolver.named(name))
        top = {
            symbol: 1.0 for symbol, one in found if one.name == name and self.resolver.corpus.file_of[symbol] == file
        }
        imports = self.resolver.imports(file)
        return top or dict.fromkeys(self.resolver.target(imports[name]) if name in imports else [], 1.0)

    def _held(self, file: int, holder: str, leaf: str) -> dict[int, float]:
        """What is called on a name: a module, a class, or a variable that nothing is known of."""
        own = self.classes.within(file, holder) if holder else None
        if own is not None:
            method = self.classes.method(own, leaf)
            return {} if method is None else {method: 1.0}
        imported = self._imported(file, holder)
        if not imported:
            return self._guessed(file, holder, leaf)
        if self.resolver.corpus.layout.home(imported) is None:
            return {}  # another package's
        found = self.resolver.target(f"{imported}.{leaf}")
        if not found:
            methods = [self.classes.method(class_, leaf) for class_ in self._classes(self.resolver.target(imported))]
            found = [method for method in methods if method is not None]
        return dict.fromkeys(found, 1.0)

    def _imported(self, file: int, holder: str) -> str:
        """The dotted name that something stands for whose first parts are imported; empty if they are not."""
        imports, parts = self.resolver.imports(file), holder.split(".")
        for cut in range(len(parts), 0, -1):
            local = ".".join(parts[:cut])
            if local in imports:
                return ".".join([imports[local], *parts[cut:]])
        return ""

    def _made_by(self, file: int, caller: str, maker: str) -> list[int] | None:
        """The classes of what `maker` makes: itself, or what it says it returns. Nothing if that is unknown; none at
        all for what another package makes."""
        if maker in ("cls", "Self", "typing.Self"):
            own = self.classes.within(file, caller.rpartition(".")[0])
            return None if own is None else [own]
        found = [symbol for symbol, sure in self.of(file, caller, maker).items() if sure >= BY_TYPE]
        if not found:
            imported = self._imported(file, maker)
            outside = bool(imported) and self.resolver.corpus.layout.home(imported) is None
            return [] if outside or maker in _BUILT_IN else None
        made = [class_ for symbol in found for class_ in self._returned(symbol)]
        return made or None

    def _returned(self, symbol: int) -> list[int]:
        """The class itself, or the classes a function says it returns objects of."""
        index, corpus = self.resolver.index, self.resolver.corpus
        (one,) = index.definitions([corpus.place(symbol)])
        if one.kind == "class":
            return [symbol]
        (facts,) = index.facts([corpus.place(symbol)])
        types = [fact.removeprefix("returns ") for fact in facts if fact.startswith("returns ")]
        file = int(corpus.file_of[symbol])
        if types and types[0] in ("Self", "typing.Self"):
            own = self.classes.within(file, one.name.rpartition(".")[0])
            return [] if own is None else [own]
        return [class_ for type_ in types for class_ in self._classes(self.of(file, one.name, type_))]

    def _classes(self, symbols: Iterable[int]) -> list[int]:
        listed = list(symbols)
        definitions = self.resolver.index.definitions(map(self.resolver.corpus.place, listed))
        return [symbol for symbol, one in zip(listed, definitions, strict=True) if one.kind == "class"]

    def _guessed(self, file: int, holder: str, leaf: str) -> dict[int, float]:
        """The methods of that name: of the class that the variable is named after, or all if they are few."""
        found = self._related(file, self.resolver.named(leaf))
        methods = {symbol: _class_of(one) for symbol, one in found if one.kind == "method"}
        variable = holder.rpartition(".")[2].replace("_", "").lower()
        for alike in (str.__eq__, _alike):
            some = [symbol for symbol, name in methods.items() if variable and alike(name, variable)]
            if 0 < len(some) <= _MANY:
                return dict.fromkeys(some, _BY_VARIABLE / len(some))
        return dict.fromkeys(methods, _BY_NAME / len(methods)) if 0 < len(methods) <= _MANY else {}

    def _related(self, file: int, found: list[tuple[int, Definition]]) -> list[tuple[int, Definition]]:
        """Those of the file's own language: no Python calls JavaScript."""
        corpus = self.resolver.corpus
        if not corpus.mixed:
            return found
        families, file_of = corpus.layout.families, corpus.file_of
        return [(symbol, one) for symbol, one in found if families[file_of[symbol]] == families[file]]


def _class_of(method: Definition) -> str:
    """The name of its class alone, in lower case."""
    return method.name.rpartition(".")[0].rpartition(".")[2].lower()


def _alike(name: str, variable: str) -> bool:
    """Whether one ends with the other: `db_field` holds a `Field`, `form` a `LoginForm`."""
    return min(len(name), len(variable)) >= _SHORTEST and (name.endswith(variable) or variable.endswith(name))
