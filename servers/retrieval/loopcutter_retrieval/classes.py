"""Finds the methods that the objects of a class have, the inherited ones included."""

from collections import deque
from dataclasses import dataclass, field

from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.resolver import Resolver

_MOST_ABOVE = 60
"""Classes above one that are looked at."""
_MANY = 4
"""More classes of one name than this say nothing about which is inherited from."""


@dataclass(frozen=True)
class Classes:
    """The classes of one tree. What was found is remembered."""

    resolver: Resolver
    _bases: dict[int, dict[int, float]] = field(default_factory=dict)

    def within(self, file: int, name: str) -> int | None:
        """The class that a file defines under this dotted name."""
        for symbol, one in self.resolver.named(name.rpartition(".")[2]):
            if one.kind == "class" and one.name == name and self.resolver.corpus.file_of[symbol] == file:
                return symbol
        return None

    def method(self, class_: int, leaf: str, inherited: bool = False) -> int | None:
        """The method that an object of the class has under this name; with `inherited`, that of the classes above."""
        seen, open_ = {class_}, deque([class_])
        while open_ and len(seen) < _MOST_ABOVE:
            one = open_.popleft()
            found = None if inherited and one == class_ else self._own(one, leaf)
            if found is not None:
                return found
            above = [base for base, sure in self.bases(one).items() if sure >= 1 and base not in seen]
            seen.update(above)
            open_.extend(above)
        return None

    def bases(self, class_: int) -> dict[int, float]:
        """The classes that it inherits from, as far as the tree has them, and how surely."""
        found = self._bases.get(class_)
        if found is None:
            found = {}
            for base in self._definition(class_).bases:
                found |= self._named(class_, base)
            self._bases[class_] = found
        return found

    def _own(self, class_: int, leaf: str) -> int | None:
        corpus = self.resolver.corpus
        name, file = f"{self._definition(class_).name}.{leaf}", corpus.file_of[class_]
        for symbol, one in self.resolver.named(leaf):
            if one.name == name and corpus.file_of[symbol] == file:
                return symbol
        return None

    def _definition(self, symbol: int) -> Definition:
        (one,) = self.resolver.index.definitions([self.resolver.corpus.place(symbol)])
        return one

    def _named(self, class_: int, base: str) -> dict[int, float]:
        """What a class means by the last name of its base: its file's, an imported one, one of an imported module."""
        resolver, file_of = self.resolver, self.resolver.corpus.file_of
        file = int(file_of[class_])
        all_ = [symbol for symbol, one in resolver.named(base) if one.kind == "class" and symbol != class_]
        here = [symbol for symbol in all_ if file_of[symbol] == file]
        imports = resolver.imports(file)
        if not here and base in imports:
            meant = set(resolver.target(imports[base]))
            here = [symbol for symbol in all_ if symbol in meant]
        if not here and base not in imports:
            named = (resolver.target(f"{target}.{base}") for target in imports.values())
            meant = {symbol for found in named for symbol in found}
            here = [symbol for symbol in all_ if symbol in meant]
        some = here or ([] if base in imports and resolver.corpus.layout.home(imports[base]) is None else all_)
        return dict.fromkeys(some[:_MANY], 1.0 / len(some) if some else 0.0)
