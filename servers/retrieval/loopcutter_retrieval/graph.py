"""Who calls whom, who inherits from whom: the neighbours of a few symbols, as a networkx graph made on demand.

A graph of a whole repository takes seconds and is out of date after the next edit. What a query needs is the
surroundings of its best places, and those are found through the index: what a symbol calls is kept with it, and who
calls a name is a term like any other.
"""

from collections.abc import Iterable, Mapping

import networkx as nx

from loopcutter_retrieval.calls import Calls
from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.resolver import Resolver
from loopcutter_retrieval.tokens import call_term

_MOST_CALLERS = 40


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
    calls = Calls(resolver)
    for symbol, one in zip(symbols, definitions, strict=True):
        file = int(corpus.file_of[symbol])
        for called in one.calls:
            for target, sure in calls.of(file, one.name, called).items():
                _link(graph, symbol, target, "calls", sure)
        for target, sure in calls.classes.bases(symbol).items():
            _link(graph, symbol, target, "inherits", sure)
    if most_callers:  # to look for them means a look at every posting
        _add_callers(graph, calls, dict(zip(symbols, definitions, strict=True)), most_callers)
    return graph


def _link(graph: "nx.DiGraph[int]", user: int, used: int, how: str, sure: float) -> None:
    known = graph.get_edge_data(user, used)
    if user != used and (known is None or known["sure"] < sure):
        graph.add_edge(user, used, how=how, sure=sure)


def _add_callers(graph: "nx.DiGraph[int]", calls: Calls, seeds: Mapping[int, Definition], most_callers: int) -> None:
    resolver, corpus = calls.resolver, calls.resolver.corpus
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
                for target, sure in calls.of(int(corpus.file_of[symbol]), one.name, called).items():
                    if target in seeds:
                        _link(graph, symbol, target, "calls", sure)
