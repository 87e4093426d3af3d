"""Who calls whom, who inherits from whom: the neighbours of a few symbols, as a networkx graph made on demand.

A graph of a whole repository takes seconds and is out of date after the next edit. What a query needs is the
surroundings of its best places, and those are found through the index: what a symbol calls is kept with it, and who
calls a name is a term like any other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.tokens import call_term

_MANY = 4
"""A method name that more classes than this define says nothing about which is called."""
_MOST_CALLERS = 40
_MOST_IMPORTED = 1 << 16
"""Files whose imports are remembered."""


@dataclass(frozen=True)
class Resolver:
    """Finds what a name in a file stands for."""

    corpus: Corpus
    index: Index
    _definitions: dict[str, list[tuple[int, Definition]]] = field(default_factory=dict)
    """By last name, with the symbol's number in the corpus."""
    _imports: dict[int, Mapping[str, str]] = field(default_factory=dict)

    def prepare(self, leaves: Iterable[str]) -> None:
        """Look many names up at once."""
        new = {leaf for leaf in leaves if leaf and leaf not in self._definitions}
        if not new:
            return
        self._definitions.update((leaf, []) for leaf in new)
        by_content, symbol = self.corpus.by_content, self.corpus.symbol
        for definition in self.index.named(new, by_content):
            found = self._definitions[definition.leaf]
            found += [(symbol(file, definition.number), definition) for file in by_content[definition.content]]
        for leaf in new:  # in the order of the tree, whatever order its contents were parsed in
            self._definitions[leaf].sort()

    def named(self, leaf: str) -> list[tuple[int, Definition]]:
        if leaf not in self._definitions:
            self.prepare([leaf])
        return self._definitions.get(leaf, [])

    def prepare_imports(self, files: Iterable[int]) -> None:
        """Look up at once what many files import."""
        new = [file for file in files if file not in self._imports]
        if not new:
            return
        contents = {file: self.corpus.files[file].content for file in new}
        listed = self.index.imports(sorted(set(contents.values())))
        for file, content in contents.items():
            found = listed.get(content, ())
            self._imports[file] = {one.local: self._absolute(file, one.target) for one in found}

    def imports(self, file: int) -> Mapping[str, str]:
        """Local name → dotted target, relative ones made absolute."""
        if file not in self._imports:
            self.prepare_imports([file])
        return self._imports[file]

    def imported_files(self, files: Sequence[int]) -> list[frozenset[int]]:
        """For each file, which files of the tree it imports, or something of them; what was found is remembered."""
        layout, kept = self.corpus.layout, self.corpus.layout.imported
        keys = [(file, self.corpus.files[file].content) for file in files]
        self.prepare_imports(file for file, content in keys if (file, content) not in kept)
        found = []
        for key in keys:
            homes = kept.get(key)
            if homes is None:
                named = map(layout.home, self.imports(key[0]).values())
                homes = frozenset(home for home in named if home is not None)
                if len(kept) >= _MOST_IMPORTED:
                    kept.clear()
                kept[key] = homes
            found.append(homes)
        return found

    def _absolute(self, file: int, target: str) -> str:
        name = target.lstrip(".")
        up = len(target) - len(name)
        if not up:
            return name
        package = self.corpus.files[file].path.split("/")[:-up]
        return ".".join([*package, name]).strip(".")

    def target(self, dotted: str) -> list[int]:
        """The symbols an absolute dotted name stands for: in a module, or re-exported by one."""
        parts = dotted.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            file = self.corpus.modules.get(".".join(parts[:cut]))
            if file is None:
                continue
            name = ".".join(parts[cut:])
            found = [symbol for symbol, one in self.named(parts[-1]) if one.name == name]
            here = [symbol for symbol in found if self.corpus.file_of[symbol] == file]
            return here or found[:_MANY]
        return []

    def _related(self, file: int, found: list[tuple[int, Definition]]) -> list[tuple[int, Definition]]:
        """Those of the file's own language: no Python calls JavaScript."""
        if not self.corpus.mixed:
            return found
        families, file_of = self.corpus.layout.families, self.corpus.file_of
        return [(symbol, one) for symbol, one in found if families[file_of[symbol]] == families[file]]

    def call(self, file: int, caller: str, called: str) -> dict[int, float]:
        """The symbols that `called`, within `caller`, may stand for, and how surely."""
        holder, dot, leaf = called.rpartition(".")
        found = self._related(file, self.named(leaf))
        here = [(symbol, one) for symbol, one in found if self.corpus.file_of[symbol] == file]
        imports = self.imports(file)
        if not dot:
            top = {symbol: 1.0 for symbol, one in here if one.name == leaf}
            return top or dict.fromkeys(self.target(imports[leaf]) if leaf in imports else [], 1.0)
        if holder in ("self", "cls", "super"):
            own = {symbol: 1.0 for symbol, one in here if one.name == f"{caller.rpartition('.')[0]}.{leaf}"}
            if own:
                return own
        elif holder in imports:
            return dict.fromkeys(self.target(f"{imports[holder]}.{leaf}"), 1.0)
        elif holder:
            own = {symbol: 1.0 for symbol, one in here if one.name == f"{holder}.{leaf}"}
            if own:
                return own
        methods = [symbol for symbol, one in found if one.kind == "method"]
        return dict.fromkeys(methods, 0.6 / len(methods)) if 0 < len(methods) <= _MANY else {}


def surroundings(resolver: Resolver, seeds: Iterable[int], most_callers: int = _MOST_CALLERS) -> "nx.DiGraph[int]":
    """The seeds, what they call, who calls them, and the classes they inherit from.

    An edge leads from the user to the used; it carries `how` (`calls` or `inherits`) and `sure` (0 to 1). A name
    that more than `most_callers` symbols call says nothing about who calls the seed.
    """
    corpus, index = resolver.corpus, resolver.index
    graph: nx.DiGraph[int] = nx.DiGraph()
    symbols = list(dict.fromkeys(seeds))
    if not symbols:
        return graph
    definitions = index.definitions(corpus.place(symbol) for symbol in symbols)
    graph.add_nodes_from(symbols)
    resolver.prepare(name.rpartition(".")[2] for one in definitions for name in (*one.calls, *one.bases))
    resolver.prepare_imports({int(corpus.file_of[symbol]) for symbol in symbols})
    for symbol, one in zip(symbols, definitions, strict=True):
        file = int(corpus.file_of[symbol])
        for called in one.calls:
            for target, sure in resolver.call(file, one.name, called).items():
                _link(graph, symbol, target, "calls", sure)
        for base in one.bases:
            classes = [number for number, other in resolver.named(base) if other.kind == "class" and number != symbol]
            for target in classes[:_MANY]:
                _link(graph, symbol, target, "inherits", 1.0 / len(classes))
    if most_callers:  # to look for them means a look at every posting
        _add_callers(graph, resolver, dict(zip(symbols, definitions, strict=True)), most_callers)
    return graph


def _link(graph: "nx.DiGraph[int]", user: int, used: int, how: str, sure: float) -> None:
    known = graph.get_edge_data(user, used)
    if user != used and (known is None or known["sure"] < sure):
        graph.add_edge(user, used, how=how, sure=sure)


def _add_callers(
    graph: "nx.DiGraph[int]", resolver: Resolver, seeds: Mapping[int, Definition], most_callers: int
) -> None:
    corpus = resolver.corpus
    leaves = {one.name.rpartition(".")[2] for one in seeds.values()} - {"", "__init__"}
    wanted = {call_term(leaf): leaf for leaf in leaves}
    hits = corpus.find(list(wanted))
    numbers = list(wanted)
    by_leaf: dict[str, list[int]] = {}
    for term, symbol in zip(hits.term.tolist(), hits.symbol.tolist(), strict=True):
        by_leaf.setdefault(wanted[numbers[term]], []).append(symbol)
    callers = sorted({symbol for found in by_leaf.values() if len(found) <= most_callers for symbol in found})
    definitions = resolver.index.definitions(corpus.place(symbol) for symbol in callers)
    resolver.prepare_imports({int(corpus.file_of[symbol]) for symbol in callers})
    for symbol, one in zip(callers, definitions, strict=True):
        for called in one.calls:
            if called.rpartition(".")[2] in leaves:
                for target, sure in resolver.call(int(corpus.file_of[symbol]), one.name, called).items():
                    if target in seeds:
                        _link(graph, symbol, target, "calls", sure)
