"""Turns numbers into answers: the best symbols of a ranking as places, a name as the symbols it may stand for."""

import re
from collections.abc import Sequence

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.explain import why, why_file
from loopcutter_retrieval.graph import Resolver
from loopcutter_retrieval.index import Definition, Index
from loopcutter_retrieval.place import Place, RankedFile
from loopcutter_retrieval.rank import Ranking

_WITH_PATH = re.compile(r"\.(pyi?|[cm]?[jt]sx?)::")


def places(ranking: Ranking, index: Index, limit: int) -> list[Place]:
    """The most suspicious symbols, best first."""
    corpus = ranking.corpus
    best = ranking.best_symbols(limit)
    seeds = {symbol: ranking.neighbours[symbol][1] for symbol in best if symbol in ranking.neighbours}
    wanted = [*best, *seeds.values()]
    definitions = dict(zip(wanted, index.definitions(map(corpus.place, wanted)), strict=True))
    return [
        place(
            corpus,
            symbol,
            definitions[symbol],
            float(ranking.symbols[symbol]),
            why(ranking, symbol, definitions[seeds[symbol]] if symbol in seeds else None),
        )
        for symbol in best
    ]


def files(ranking: Ranking, limit: int) -> list[RankedFile]:
    """The most suspicious files of the code proper, best first."""
    return [
        RankedFile(ranking.corpus.files[number].path, round(float(ranking.files[number]), 4), why_file(ranking, number))
        for number in ranking.best_files(limit)
    ]


def place(corpus: Corpus, symbol: int, one: Definition, score: float, reason: str) -> Place:
    path = corpus.files[int(corpus.file_of[symbol])].path
    return Place(path, one.name, one.kind, (one.first, one.last), round(score, 4), reason)


def named(resolver: Resolver, name: str) -> list[tuple[int, Definition]]:
    """The symbols that `name` may stand for, the code proper first.

    It may be given as `total`, `Cart.total`, `shop.cart.Cart.total` or `shop/cart.py::Cart.total`.
    """
    corpus = resolver.corpus
    path, _, dotted = name.strip().partition("::") if _WITH_PATH.search(name) else ("", "", name.strip())
    parts = dotted.replace("::", ".").strip("()").split(".")
    found = [
        (symbol, one)
        for symbol, one in resolver.named(parts[-1])
        if _fits(parts, f"{corpus.files[int(corpus.file_of[symbol])].module}.{one.name}".split("."))
        and corpus.files[int(corpus.file_of[symbol])].path.endswith(path.lstrip("./"))
    ]
    return sorted(
        found, key=lambda one: (bool(corpus.files[int(corpus.file_of[one[0]])].aside), one[1].name.count("."), one[0])
    )


def _fits(parts: Sequence[str], whole: Sequence[str]) -> bool:
    return list(whole[-len(parts) :]) == list(parts)
