"""Turns numbers into answers: the best symbols of a ranking as places, a name as the symbols it may stand for."""

import re
from collections.abc import Collection, Sequence

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.explain import why, why_file
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.place import Located, Place, RankedFile
from loopcutter_retrieval.rank import Ranking
from loopcutter_retrieval.resolver import Resolver

_WITH_PATH = re.compile(r"\.(pyi?|[cm]?[jt]sx?)::")

_TO_CHOOSE_FROM = 50
_MOST_TRIED = 200
"""Places looked at beyond those asked for, to find enough that were not tried."""


def places(ranking: Ranking, index: Index, limit: int) -> list[Place]:
    """The most suspicious symbols, best first."""
    corpus = ranking.corpus
    best, neighbours = ranking.suspects.best(limit), ranking.suspects.neighbours
    seeds = {symbol: neighbours[symbol][1] for symbol in best if symbol in neighbours}
    wanted = [*best, *seeds.values()]
    definitions = dict(zip(wanted, index.definitions(map(corpus.place, wanted)), strict=True))
    return [
        place(
            corpus,
            symbol,
            definitions[symbol],
            score,
            why(ranking, symbol, definitions[seeds[symbol]] if symbol in seeds else None),
        )
        for symbol, score in best.items()
    ]


def located(ranking: Ranking, index: Index, limit: int, tried: Collection[str] = ()) -> Located:
    """Where the fault may be, what was `tried` aside: a path, or `path::symbol` for the symbol and what is in it."""
    found = places(ranking, index, limit + _MOST_TRIED if tried else limit)
    fresh = [one for one in found if not _tried(one.path, one.symbol, tried)]
    ranked = [one for one in files(ranking, limit + len(tried)) if one.path not in tried]
    paths = [
        path
        for path in (ranking.corpus.files[at].path for at in ranking.best_files(_TO_CHOOSE_FROM))
        if path not in tried
    ]
    asked = found[: limit + len(found) - len(fresh)]
    left_out = sum(_tried(one.path, one.symbol, tried) for one in asked)
    return Located(tuple(ranked[:limit]), tuple(fresh[:limit]), tuple(paths), left_out)


def _tried(path: str, symbol: str, tried: Collection[str]) -> bool:
    parts = symbol.split(".")
    return path in tried or any(f"{path}::{'.'.join(parts[:end])}" in tried for end in range(1, len(parts) + 1))


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

    It may be given as `total`, `Cart.total`, `shop.cart.Cart.total` or `shop/cart.py::Cart.total`; a file as
    `shop/cart.py` or, unless it is a single word, `shop.cart`.
    """
    corpus = resolver.corpus
    if (file := _file(corpus, name.strip())) is not None:
        symbol = int(corpus.starts[file])
        return list(zip([symbol], resolver.index.definitions([corpus.place(symbol)]), strict=True))
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


def _file(corpus: Corpus, name: str) -> int | None:
    return corpus.by_path.get(name, corpus.modules.get(name) if "." in name else None)


def _fits(parts: Sequence[str], whole: Sequence[str]) -> bool:
    return list(whole[-len(parts) :]) == list(parts)
