"""Measures how well issues lead to the files and functions that their fixes changed, method by method.

`flat` ranks by vectors alone: the nearest chunk decides. `bm25` ranks by words alone. `hybrid` is what the server
answers. None of them is offered tests, examples or documents, so that the difference is the method's own.
"""

import resource
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from loopcutter_retrieval import answer, chunk, figures
from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.embedding import Embedding, Trained, Vectors
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.instance import Instance
from loopcutter_retrieval.language import Language
from loopcutter_retrieval.measures import Scores
from loopcutter_retrieval.mentions import Query
from loopcutter_retrieval.named import Named
from loopcutter_retrieval.opening import objects, open_library
from loopcutter_retrieval.past import Pasts
from loopcutter_retrieval.plumbing import Plumbing
from loopcutter_retrieval.rank import Ranking
from loopcutter_retrieval.readers import languages
from loopcutter_retrieval.resolver import Resolver
from loopcutter_retrieval.words import Words, best_of
from loopcutter_snapshots import ObjectStore

METHODS = ("flat", "bm25", "hybrid")
FILE_DEPTHS, FUNCTION_DEPTHS, RECALL_DEPTHS = (1, 3, 5, 10), (5, 10), (10, 50)
_RANKED = 50
_SIMILAR, _LEAST_SIMILAR = 200, 0.1
"""What the vector search of a server hands to the ranking."""


@dataclass(frozen=True)
class Ranked:
    """What one method makes of one issue."""

    files: tuple[str, ...]
    functions: tuple[str, ...]
    cpu_s: float


@dataclass(frozen=True)
class Result:
    """What all methods make of one issue."""

    instance: Instance
    absent: tuple[str, ...]
    """Files that the fix changes and the search does not have: new ones, or left out. No method can find them."""
    parsed: int
    index_cpu_s: float
    vectors_cpu_s: float
    methods: Mapping[str, Ranked]


class FlatVectors:
    """The vectors of a tree's chunks, all of them compared with a query: as good as a vector index can get."""

    def __init__(self, store: ObjectStore, readers: Mapping[str, Language], embedding: Embedding) -> None:
        self._store = store
        self._readers = readers
        self._embedding = embedding
        self._kept: dict[int, tuple[list[int], Vectors]] = {}
        """By content: which of its symbols have a text, and their vectors."""

    def prepare(self, corpus: Corpus) -> None:
        """Embed what no earlier tree had, forget what this one has not."""
        wanted = {file.content: file for file in corpus.files}
        self._kept = {content: kept for content, kept in self._kept.items() if content in wanted}
        missing = [file for content, file in wanted.items() if content not in self._kept]
        blobs = self._store.read_blobs(file.blob for file in missing)
        for file, (_, source) in zip(missing, blobs, strict=True):
            texts = [chunk.text(symbol) for symbol in self._readers[file.language].outline(source).symbols]
            numbers = [number for number, text in enumerate(texts) if text]
            self._kept[file.content] = numbers, self._embedding.embed([texts[number] for number in numbers])

    def similar(self, corpus: Corpus, text: str) -> Scores:
        """How similar each symbol of a prepared tree is, 0 to 1."""
        (query,) = self._embedding.query(text)
        found = np.zeros(int(corpus.starts[-1]))
        for at, file in enumerate(corpus.files):
            numbers, vectors = self._kept[file.content]
            if numbers:
                found[int(corpus.starts[at]) + np.array(numbers)] = vectors @ query
        return found.clip(min=0.0)


class Evaluation:
    """A library to measure with, kept in `folder`: what one tree was parsed for is not parsed again for the next.

    Without `flat` among the methods, `hybrid` has no vectors either: they take most of the time.
    """

    def __init__(self, folder: Path, methods: Sequence[str] = METHODS, embedding: Embedding | None = None) -> None:
        self._methods = methods
        self.library = open_library(folder)
        self.index = Index(folder / "index.sqlite")
        readers = {language.name: language for language in languages().values()}
        store = ObjectStore(objects(folder))
        self._flat = FlatVectors(store, readers, embedding or Trained())
        self._plumbing = Plumbing(store.path)
        self._pasts = Pasts(self._plumbing)

    def close(self) -> None:
        self._plumbing.close()
        self.index.close()
        self.library.close()

    def measure(self, instance: Instance, tree: str) -> Result:
        began = time.process_time()
        parsed = self.library.index(tree).parsed
        corpus = self.library.corpus(tree)
        indexed = time.process_time()
        if "flat" in self._methods:
            self._flat.prepare(corpus)
        embedded = time.process_time()
        methods = {method: self._ranked(method, tree, instance.query) for method in self._methods}
        absent = tuple(path for path in instance.files if path not in corpus.by_path)
        return Result(instance, absent, parsed, indexed - began, embedded - indexed, methods)

    def ranking(self, tree: str, text: str) -> Ranking:
        """All the evidence of the hybrid, vectors included if they are measured."""
        corpus, query = self.library.corpus(tree), Query.of(text)
        near = {}
        if "flat" in self._methods:
            similar = self._flat.similar(corpus, query.text)
            nearest = {at: float(similar[at]) for at in np.argsort(-similar, kind="stable")[:_SIMILAR].tolist()}
            near = {at: round(value, 4) for at, value in nearest.items() if value > _LEAST_SIMILAR}
        return Ranking(Words(corpus, query), Named(Resolver(corpus, self.index), query), near, self._pasts.of(tree))

    def _ranked(self, method: str, tree: str, text: str) -> Ranked:
        began = time.process_time()
        corpus, query = self.library.corpus(tree), Query.of(text)
        if method == "hybrid":
            ranking = self.ranking(tree, text)
            files = [file.path for file in answer.files(ranking, _RANKED)]
            found = functions(ranking, self.index, _RANKED)
        elif method == "bm25":
            words = Words(corpus, query)
            files, found = self._best(corpus, words.per_file["text"], words.everywhere(words.per_symbol("all")))
        else:
            symbols = self._flat.similar(corpus, query.text)
            files, found = self._best(corpus, best_of(symbols, corpus.file_of, len(corpus.files), 1), symbols)
        return Ranked(tuple(files), tuple(found), time.process_time() - began)

    def _best(self, corpus: Corpus, per_file: Scores, per_symbol: Scores) -> tuple[list[str], list[str]]:
        """The files and functions with the highest scores."""
        welcome = np.array([file.aside in ("", "tooling") for file in corpus.files], np.bool_)
        scores = per_file * welcome
        files = [corpus.files[at].path for at in np.argsort(-scores, kind="stable")[:_RANKED] if scores[at] > 0]
        scores = per_symbol * welcome[corpus.file_of]
        best = [at for at in np.argsort(-scores, kind="stable")[: 4 * _RANKED].tolist() if scores[at] > 0]
        found = [
            f"{corpus.files[int(corpus.file_of[at])].path}::{one.name}"
            for at, one in zip(best, self.index.definitions(map(corpus.place, best)), strict=True)
            if one.kind in ("function", "method")
        ]
        return files, found[:_RANKED]


def functions(ranking: Ranking, index: Index, limit: int) -> list[str]:
    """The best functions; what is defined within a function counts as that function."""
    places = answer.places(ranking, index, 6 * limit)
    found = {f"{one.path}::{one.symbol}": None for one in places if one.kind in ("function", "method")}
    return list(found)[:limit]


def summary(results: list[Result], embedding: str = Trained.name) -> dict[str, Any]:
    """All figures, ready for JSON but for the dataclasses in them; `embedding` is the name of what was used."""
    methods = list(results[0].methods) if results else []
    return {
        "instances": len(results),
        "embedding": embedding if "flat" in methods else "none",
        "methods": {
            method: {
                "files": figures.figures(_rankings(results, method, "files"), FILE_DEPTHS, RECALL_DEPTHS),
                "functions": figures.figures(_rankings(results, method, "functions"), FUNCTION_DEPTHS, RECALL_DEPTHS),
                "query_cpu_s": _spread([one.methods[method].cpu_s for one in results]),
            }
            for method in methods
        },
        "comparisons": [
            figures.compare(
                f"hybrid against {other}, files @{depth}",
                _rankings(results, "hybrid", "files"),
                _rankings(results, other, "files"),
                depth,
            )
            for other in ("flat", "bm25")
            if other in methods
            for depth in (1, 5)
        ],
        "index_cpu_s": _spread([one.index_cpu_s for one in results]),
        "vectors_cpu_s": _spread([one.vectors_cpu_s for one in results]),
        "files_parsed": sum(one.parsed for one in results),
        "most_memory_mb": most_memory_mb(),
        "results": [
            {
                "id": one.instance.id,
                "absent": one.absent,
                "files": _last_ranks(one, "files"),
                "functions": _last_ranks(one, "functions"),
            }
            for one in results
        ],
    }


def most_memory_mb() -> int:
    """The most this process ever had in memory."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most // (1_000_000 if sys.platform == "darwin" else 1_000))


def _rankings(results: list[Result], method: str, what: str) -> figures.Rankings:
    return [(getattr(one.methods[method], what), right) for one in results if (right := getattr(one.instance, what))]


def _last_ranks(one: Result, what: str) -> dict[str, int | None]:
    """For each method, the depth at which all that is right has been found."""
    right = getattr(one.instance, what)
    return {
        method: figures.last_rank(getattr(ranked, what), right) if right else None
        for method, ranked in one.methods.items()
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    values = np.percentile(seconds, (50, 95)) if seconds else np.zeros(2)
    names = ("median", "p95", "sum")
    return dict(zip(names, (round(float(one), 3) for one in (*values, sum(seconds))), strict=True))
