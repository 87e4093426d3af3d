"""Who calls whom, across files."""

from support.shelf import Shelf

from loopcutter_retrieval.graph import surroundings
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.resolver import Resolver


def number(resolver: Resolver, name: str) -> int:
    return next(symbol for symbol, one in resolver.named(name.rpartition(".")[2]) if one.name == name)


def names(resolver: Resolver, symbols: object) -> set[str]:
    places = [resolver.corpus.place(symbol) for symbol in symbols]  # type: ignore[attr-defined]
    return {one.name for one in resolver.index.definitions(places)}


def test_calls_are_followed_through_imports_and_self(resolver: Resolver) -> None:
    total = number(resolver, "Cart.total")
    graph = surroundings(resolver, [total])
    assert names(resolver, graph.successors(total)) == {"rounded", "Cart.subtotal", "discount"}
    assert all(graph[total][used] == {"how": "calls", "sure": 1.0} for used in graph.successors(total))


def test_callers_are_found(resolver: Resolver) -> None:
    discount = number(resolver, "discount")
    assert names(resolver, surroundings(resolver, [discount]).predecessors(discount)) == {"Cart.total"}


def test_relative_imports_and_inheritance_are_followed(shelf: Shelf, index: Index) -> None:
    files = {
        "pkg/__init__.py": b"from .deep.base import Base\n",
        "pkg/deep/__init__.py": b"",
        "pkg/deep/base.py": b"class Base:\n    def run(self):\n        pass\n",
        "pkg/main.py": b"from . import Base\nfrom .deep import base as b\n\n\nclass Main(Base):\n"
        b"    def go(self):\n        self.run()\n        b.Base()\n",
    }
    resolver = Resolver(shelf.library.corpus(shelf.tree(files)), index)
    main, go = number(resolver, "Main"), number(resolver, "Main.go")
    graph = surroundings(resolver, [main, go])
    assert names(resolver, graph.successors(main)) == {"Base"}
    assert names(resolver, graph.successors(go)) == {"Base", "Base.run"}


def test_method_that_many_classes_define_leads_nowhere(shelf: Shelf, index: Index) -> None:
    classes = "".join(f"class C{at}:\n    def close(self):\n        pass\n\n\n" for at in range(9))
    files = {"many.py": classes.encode(), "user.py": b"def use(thing):\n    thing.close()\n"}
    resolver = Resolver(shelf.library.corpus(shelf.tree(files)), index)
    assert surroundings(resolver, [number(resolver, "use")]).number_of_edges() == 0
