"""What a query names outright, found in the tree: its files, the symbols it spells, the frames of its stack traces."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.graph import surroundings
from loopcutter_retrieval.measures import Scores
from loopcutter_retrieval.mentions import Query, matching
from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.resolver import Resolver

_TEST_ID = re.compile(r"(?<![\w./-])([\w./-]{1,300}\.py)::((?:\w{1,200}::)*\w{1,200})")

_MEANT = 0.15
"""From this strength on a symbol is taken for meant."""
_CLEAREST = 25
"""So many of them are followed to what they call and inherit."""


@dataclass(frozen=True)
class Named:
    """The outright mentions of one query in one corpus. Symbols map to how strongly they are meant, 0 to 1 and more."""

    resolver: Resolver
    query: Query

    @property
    def corpus(self) -> Corpus:
        return self.resolver.corpus

    @cached_property
    def paths(self) -> Mapping[int, float]:
        """Files that are named. A name that fits several files is worth less for each."""
        found: dict[int, float] = {}
        for mentioned in self.query.paths:
            fitting = matching(mentioned, self.corpus.by_last_part)
            for path in fitting:
                number = self.corpus.by_path[path]
                found[number] = max(found.get(number, 0.0), 1 / len(fitting))
        for dotted in self.query.dotted:
            module = self.corpus.modules.get(dotted)
            if module is not None and "." in dotted:
                found[module] = max(found.get(module, 0.0), 0.7)
        return found

    @cached_property
    def frames(self) -> list[tuple[int, int]]:
        """(file, symbol) of each stack frame inside the tree, innermost first."""
        found = []
        for frame in reversed(self.query.frames):
            fitting = matching(frame.path.replace("\\", "/"), self.corpus.by_last_part)
            if len(fitting) == 1:
                file = self.corpus.by_path[fitting[0]]
                found.append((file, self._at_line(file, frame.line, frame.function)))
        return list(dict.fromkeys(found))

    def _at_line(self, file: int, line: int, function: str) -> int:
        """The symbol a frame is in. Its line may be that of another version, so its function's name goes first."""
        definitions = self.resolver.index.defined_in(self.corpus.files[file].content)
        leaf = function.rpartition(".")[2]
        called = [one for one in definitions if leaf and one.name.rpartition(".")[2] == leaf]
        around = [one for one in called or definitions if one.first <= line <= one.last]
        near = around or called or definitions[:1]
        best = min(near, key=lambda one: (abs(one.first - line) if not around else one.last - one.first, -one.number))
        return self.corpus.symbol(file, best.number)

    @cached_property
    def tests(self) -> list[int]:
        """Test functions named as pytest does: `tests/test_cart.py::TestCart::test_total`."""
        found = []
        for path, name in _TEST_ID.findall(self.query.text):
            for fitting in matching(path, self.corpus.by_last_part):
                file = self.corpus.by_path[fitting]
                for one in self.resolver.index.defined_in(self.corpus.files[file].content):
                    if one.name == name.replace("::", "."):
                        found.append(self.corpus.symbol(file, one.number))
        return list(dict.fromkeys(found))

    @cached_property
    def tested(self) -> Mapping[int, tuple[float, int]]:
        """What the named tests call: how surely, and the test."""
        graph = surroundings(self.resolver, self.tests)
        found: dict[int, tuple[float, int]] = {}
        for test, used, facts in graph.out_edges(self.tests, data=True):
            if self._main(used) and facts["sure"] > found.get(used, (0.0, 0))[0]:
                found[used] = (facts["sure"], test)
        return found

    @cached_property
    def symbols(self) -> Mapping[int, float]:
        """Symbols whose name occurs as a word; a name that many files define says little about each."""
        weights = self.query.names
        self.resolver.prepare(weights)
        found: dict[int, float] = {}
        for word, weight in weights.items():
            meant = self.resolver.named(word)
            files = {int(self.corpus.file_of[symbol]) for symbol, _ in meant if self._main(symbol)}
            for symbol, _ in meant:
                found[symbol] = found.get(symbol, 0.0) + weight / max(len(files), 1) ** 0.75
        return found

    @cached_property
    def bases(self) -> Mapping[int, float]:
        """Classes that the named ones inherit from: a fault seen in one is often in the other."""
        return self._led_to("inherits")

    @cached_property
    def called(self) -> Mapping[int, float]:
        """What the named functions call."""
        return self._led_to("calls")

    def _led_to(self, how: str) -> dict[int, float]:
        found: dict[int, float] = {}
        for user, used, facts in self._from_meant.edges(data=True):
            if facts["how"] == how:
                found[used] = max(found.get(used, 0.0), self._meant[user] * facts["sure"])
        return found

    @cached_property
    def _meant(self) -> Mapping[int, float]:
        """The symbols that are named most clearly."""
        meant = {symbol: value for symbol, value in self.symbols.items() if value >= _MEANT and self._main(symbol)}
        for symbol, value in self.dotted.items():
            meant[symbol] = max(meant.get(symbol, 0.0), value)
        clearest = sorted(meant, key=lambda symbol: (-meant[symbol], symbol))[:_CLEAREST]
        return {symbol: meant[symbol] for symbol in clearest}

    @cached_property
    def _from_meant(self) -> "nx.DiGraph[int]":
        return surroundings(self.resolver, self._meant, 0)

    def _main(self, symbol: int) -> bool:
        return not self.corpus.files[int(self.corpus.file_of[symbol])].aside

    @cached_property
    def dotted(self) -> Mapping[int, float]:
        """Symbols that are spelt with at least two parts: `Cart.total`, `shop.cart.Cart.total`."""
        self.resolver.prepare(part for dotted in self.query.dotted for part in dotted.split("."))
        found: dict[int, float] = {}
        for dotted in self.query.dotted:
            meant = self._spelt(dotted.split("."))
            for symbol in meant:
                found[symbol] = max(found.get(symbol, 0.0), 1 / len(meant))
        return found

    def _spelt(self, parts: list[str]) -> list[int]:
        """What the parts stand for; the last ones may be attributes of what is meant."""
        for end in range(len(parts), 1, -1):
            best: list[int] = []
            longest = 1
            for symbol, one in self.resolver.named(parts[end - 1]):
                common = _common_tail(parts[:end], self._full_name(symbol, one))
                if common > longest:
                    best, longest = [], common
                if common == longest > 1:
                    best.append(symbol)
            if best:
                return best
        return []

    def _full_name(self, symbol: int, one: Definition) -> list[str]:
        module = self.corpus.files[int(self.corpus.file_of[symbol])].module
        return f"{module}.{one.name}".split(".")

    def file_scores(self) -> Iterator[tuple[str, Scores]]:
        """Each kind of mention, summed or maximised over the symbols of each file."""
        size = len(self.corpus.files)
        yield "quoted path", _spread(self.paths.items(), size)
        yield "trace", _spread(((file, 1 / (1 + depth)) for depth, (file, _) in enumerate(self.frames)), size)
        file_of = self.corpus.file_of
        yield "dotted", _spread(((int(file_of[symbol]), value) for symbol, value in self.dotted.items()), size)
        yield "base", _spread(((int(file_of[symbol]), value) for symbol, value in self.bases.items()), size)
        yield "tested", _spread(((int(file_of[symbol]), sure) for symbol, (sure, _) in self.tested.items()), size)
        totals = np.zeros(size)
        for symbol, value in self.symbols.items():
            totals[file_of[symbol]] += value
        yield "symbols", totals


def _common_tail(one: list[str], other: list[str]) -> int:
    common = 0
    while common < min(len(one), len(other)) and one[-1 - common] == other[-1 - common]:
        common += 1
    return common


def _spread(values: Iterable[tuple[int, float]], size: int) -> Scores:
    found = np.zeros(size)
    for number, value in values:
        found[number] = max(found[number], value)
    return found
