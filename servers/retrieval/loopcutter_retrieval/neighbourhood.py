"""What surrounds one symbol: who calls it, what it calls, what it inherits and overrides, which tests exercise it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from loopcutter_retrieval import answer, edges
from loopcutter_retrieval.calls import BY_TYPE
from loopcutter_retrieval.graph import surroundings
from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.place import KINDS, Neighbours, Place
from loopcutter_retrieval.resolver import Resolver
from loopcutter_retrieval.tokens import terms

_MOST = 25
"""Neighbours of one kind in an answer."""
_MOST_FACTS = 100
_MOST_CALLERS = 2000
_MOST_CANDIDATES = 3000
"""Symbols that use the name of a class, looked at for whether they inherit from it."""
_Found = Iterable[tuple[int, str]]
"""Symbols, and what each is to the one asked about."""


def neighbours(
    resolver: Resolver, symbol: int, one: Definition, also: Sequence[str], kinds: Collection[str] = ()
) -> Neighbours:
    """The neighbours of a symbol, all or of some kinds; `also` names others that were not meant."""
    wanted = frozenset(kinds) or frozenset(KINDS)
    found: dict[str, _Found] = {}
    if wanted & {"callers", "callees", "bases", "tests"}:
        found |= _by_calls(resolver, symbol)
    others: Mapping[str, Callable[[], _Found]] = {
        "derived": lambda: _derived(resolver, one) if one.kind == "class" else (),
        "overrides": lambda: _overrides(resolver, symbol, one) if one.kind == "method" else (),
        "contains": lambda: edges.contains(resolver, symbol, one),
        "imports": lambda: edges.imports(resolver, symbol, one),
        "importers": lambda: edges.importers(resolver, symbol, one),
        "mutates": lambda: edges.mutates(resolver, symbol, one),
        "mutators": lambda: edges.mutators(resolver, symbol, one),
        "raisers": lambda: edges.doing(resolver, "raises", one),
        "catchers": lambda: edges.doing(resolver, "catches", one),
        "decorated": lambda: edges.doing(resolver, "decorated", one),
    }
    found |= {kind: look() for kind, look in others.items() if kind in wanted}
    places = {kind: _places(resolver, some) for kind, some in found.items() if kind in wanted}
    left_out = sum(max(len(some) - _MOST, 0) for some in places.values())
    shown = {kind: tuple(some[:_MOST]) for kind, some in places.items()}
    (facts,) = resolver.index.facts([resolver.corpus.place(symbol)])
    asked = answer.place(resolver.corpus, symbol, one, 1.0, "asked for")
    return Neighbours(asked, **shown, left_out=left_out, also=tuple(also), facts=facts[:_MOST_FACTS])


def _by_calls(resolver: Resolver, symbol: int) -> dict[str, _Found]:
    graph = surroundings(resolver, [symbol], _MOST_CALLERS)
    used = [(other, facts) for _, other, facts in graph.out_edges(symbol, data=True)]
    users = [(other, facts) for other, _, facts in graph.in_edges(symbol, data=True) if facts["how"] == "calls"]
    callers = [(other, _surely("calls it", facts["sure"])) for other, facts in users if not _test(resolver, other)]
    tests = [(other, _surely("calls it", facts["sure"])) for other, facts in users if _test(resolver, other)]
    return {
        "callers": callers,
        "callees": [(other, _surely("called", facts["sure"])) for other, facts in used if facts["how"] == "calls"],
        "bases": [(other, "inherited") for other, facts in used if facts["how"] == "inherits"],
        "tests": tests or _through(resolver, [other for other, _ in callers]),
    }


def _places(resolver: Resolver, found: _Found) -> list[Place]:
    """In the order of the tree, the sure ones first."""
    chosen = sorted(dict(found).items(), key=lambda pair: ("probably" in pair[1], pair[0]))
    definitions = resolver.index.definitions(resolver.corpus.place(symbol) for symbol, _ in chosen)
    return [
        answer.place(resolver.corpus, symbol, one, 1.0, why)
        for (symbol, why), one in zip(chosen, definitions, strict=True)
    ]


def _surely(how: str, sure: float) -> str:
    if sure >= 1:
        return how
    return f"{how}, by the type of the object" if sure >= BY_TYPE else f"{how}, probably: the name alone says so"


def _test(resolver: Resolver, symbol: int) -> bool:
    return resolver.corpus.files[int(resolver.corpus.file_of[symbol])].aside == "test"


def _through(resolver: Resolver, callers: list[int]) -> list[tuple[int, str]]:
    """Tests that call a caller, when none calls the symbol itself."""
    some = callers[:_MOST]
    graph = surroundings(resolver, some)
    names = dict(zip(some, resolver.index.definitions(map(resolver.corpus.place, some)), strict=True))
    edges: Iterable[tuple[int, int, float]] = graph.in_edges(some, data="sure")
    return [  # the surest last: it is the one that stays
        (test, f"calls {names[caller].name or 'the module'}, which calls it")
        for test, caller, _ in sorted(edges, key=lambda edge: (edge[2], -edge[1], edge[0]))
        if _test(resolver, test)
    ]


def _derived(resolver: Resolver, one: Definition) -> Iterator[tuple[int, str]]:
    """Classes that name this one as their base."""
    leaf = one.name.rpartition(".")[2]
    wanted = list(dict.fromkeys(terms(leaf)))
    hits = resolver.corpus.find(wanted)
    using = [set(hits.symbol[hits.term == at].tolist()) for at in range(len(wanted))]
    candidates = sorted(set.intersection(*using))[:_MOST_CANDIDATES] if using else []
    definitions = resolver.index.definitions(map(resolver.corpus.place, candidates))
    for symbol, other in zip(candidates, definitions, strict=True):
        if other.kind == "class" and leaf in other.bases:
            yield symbol, "inherits from it"


def _overrides(resolver: Resolver, symbol: int, one: Definition) -> Iterator[tuple[int, str]]:
    """Methods of the same name in classes above and below."""
    holder = _holder(one)
    above = _ancestors(resolver, holder)
    for other, method in resolver.named(one.name.rpartition(".")[2]):
        if other == symbol or method.kind != "method" or _holder(method) == holder:
            continue
        if _holder(method) in above:
            yield other, "overridden by it"
        elif holder in _ancestors(resolver, _holder(method)):
            yield other, "overrides it"


def _holder(method: Definition) -> str:
    """The name of its class alone."""
    return method.name.rpartition(".")[0].rpartition(".")[2]


def _ancestors(resolver: Resolver, name: str) -> set[str]:
    """The names of all classes above those of that name."""
    found: set[str] = set()
    open_ = [name]
    while open_:
        for _, one in resolver.named(open_.pop()):
            new = set(one.bases) - found if one.kind == "class" else set()
            found |= new
            open_ += sorted(new)
    return found
