"""Edges of the graph that are asked of one symbol at a time: contains, imports, mutates, raises, catches, decorates."""

from collections.abc import Iterator

from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.resolver import Resolver
from loopcutter_retrieval.tokens import fact_term

Edge = tuple[int, str]
"""A symbol, and what it is to the one asked about."""
_MOST = 500
"""Symbols looked at for one kind of edge."""


def contains(resolver: Resolver, symbol: int, one: Definition) -> Iterator[Edge]:
    """What is defined directly in a file, a class or a function."""
    file = int(resolver.corpus.file_of[symbol])
    prefix = f"{one.name}." if one.name else ""
    for other in resolver.index.defined_in(one.content):
        directly = other.name.startswith(prefix) and "." not in other.name[len(prefix) :]
        if directly and other.name and one.first <= other.first and other.last <= one.last:
            yield resolver.corpus.symbol(file, other.number), "defined in it"


def imports(resolver: Resolver, symbol: int, one: Definition) -> Iterator[Edge]:
    """What a file imports, as far as it is in the tree: a definition, or else a file."""
    corpus, file = resolver.corpus, int(resolver.corpus.file_of[symbol])
    for local, target in resolver.imports(file).items() if one.kind == "module" else ():
        home = corpus.layout.home(target)
        if home is not None and home != file:
            found = resolver.target(target)
            for used in found or [int(corpus.starts[home])]:
                yield used, f"imported as {local}"


def importers(resolver: Resolver, symbol: int, one: Definition) -> Iterator[Edge]:
    """The files that import a file, or a definition by its name."""
    corpus, file = resolver.corpus, int(resolver.corpus.file_of[symbol])
    if "." in one.name:
        return
    resolver.prepare_imports(range(len(corpus.files)))
    for other in range(len(corpus.files)):
        for target in resolver.imports(other).values() if other != file else ():
            if corpus.layout.home(target) == file and (not one.name or target.rpartition(".")[2] == one.name):
                yield int(corpus.starts[other]), "imports it"
                break


def mutates(resolver: Resolver, symbol: int, one: Definition) -> Iterator[Edge]:
    """What a function changes: its object, a variable of its module, one of a module that it imports."""
    corpus, file = resolver.corpus, int(resolver.corpus.file_of[symbol])
    found: dict[int, list[str]] = {}
    for name in _written(resolver, symbol):
        holder, _, leaf = name.rpartition(".")
        if holder.split(".")[0] in ("self", "cls"):
            found.setdefault(int(corpus.outer[symbol]), []).append(leaf if holder in ("self", "cls") else name)
        elif not holder:
            found.setdefault(int(corpus.starts[file]), []).append(name)
        elif holder in resolver.imports(file):
            home = corpus.layout.home(resolver.imports(file)[holder])
            if home is not None:
                found.setdefault(int(corpus.starts[home]), []).append(leaf)
    for changed, names in found.items():
        if changed != symbol:
            yield changed, f"it changes {', '.join(names[:5])}"


def mutators(resolver: Resolver, symbol: int, one: Definition) -> Iterator[Edge]:
    """The functions that change a class's objects or a file's variables."""
    if one.kind not in ("class", "module"):
        return
    corpus, file = resolver.corpus, int(resolver.corpus.file_of[symbol])
    candidates = [corpus.symbol(file, other.number) for other in resolver.index.defined_in(one.content)]
    if one.kind == "module":
        for start, _ in importers(resolver, symbol, one):
            candidates += range(start, int(corpus.starts[int(corpus.file_of[start]) + 1]))
    for other, definition in zip(candidates, resolver.index.definitions(map(corpus.place, candidates)), strict=True):
        if definition.kind in ("function", "method"):
            names = [how for changed, how in mutates(resolver, other, definition) if changed == symbol]
            if names:
                yield other, names[0].replace("it changes", "changes")


def doing(resolver: Resolver, verb: str, one: Definition) -> Iterator[Edge]:
    """The symbols that do something to what has this name: `raises`, `catches`, `decorated`."""
    hits = resolver.corpus.find([fact_term(verb, one.leaf)]) if one.leaf else None
    for symbol in sorted(hits.symbol.tolist())[:_MOST] if hits is not None else ():
        yield symbol, "decorated with it" if verb == "decorated" else f"{verb} it"


def _written(resolver: Resolver, symbol: int) -> list[str]:
    (facts,) = resolver.index.facts([resolver.corpus.place(symbol)])
    return [fact.removeprefix("writes ") for fact in facts if fact.startswith("writes ")]
