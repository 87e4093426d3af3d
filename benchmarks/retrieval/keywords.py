"""What keeps the words: SQLite's FTS5, bm25s, or arrays of our own, each filled with the same terms of each symbol.

    pip install bm25s
    python benchmarks/retrieval/keywords.py [--cache FOLDER]

The symbols are those of Django's Python. Each way ranks them by BM25 over one field. What is measured is what the
server does all the time: ask, and ask again after a file was edited. Milliseconds of CPU, the median of so many.
"""

import argparse
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time

import bm25s
import numpy as np
from project import DJANGO, Trees, cache_folder, contents
from speed import SHORT

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.mentions import Query
from loopcutter_retrieval.opening import open_library
from loopcutter_retrieval.words import Words

BEST = 50
ASKED = 40

Texts = Sequence[Sequence[str]]


def documents(corpus: Corpus) -> list[list[str]]:
    """The terms of each symbol, as often as it has them, as words."""
    segment = corpus.layers[0].segment
    terms = np.repeat(segment.terms, np.diff(segment.starts))
    texts: list[list[str]] = [[] for _ in range(int(corpus.starts[-1]))]
    for symbol, term, times in zip(segment.symbols, terms, segment.counts.sum(1), strict=True):
        texts[symbol] += [f"t{term}"] * int(times)
    return texts


def timed(action: Callable[[], object]) -> float:
    began = process_time()
    action()
    return 1000 * (process_time() - began)


class Fts5:
    """A row a symbol."""

    def __init__(self, file: Path, texts: Texts) -> None:
        self._file = sqlite3.connect(file)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("CREATE VIRTUAL TABLE symbols USING fts5(words, tokenize='ascii', detail='column')")
        self.put(range(len(texts)), texts)

    def put(self, numbers: Sequence[int], texts: Texts) -> None:
        rows = [(number, " ".join(text)) for number, text in zip(numbers, texts, strict=True)]
        with self._file:
            self._file.executemany("INSERT OR REPLACE INTO symbols(rowid, words) VALUES (?, ?)", rows)

    def best(self, words: Sequence[str]) -> list[int]:
        query = "SELECT rowid FROM symbols WHERE symbols MATCH ? ORDER BY rank LIMIT ?"
        return [row for (row,) in self._file.execute(query, (" OR ".join(words), BEST))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="where source distributions are kept")
    files = {path: each for path, each in contents(DJANGO, parser.parse_args().cache).items() if path.endswith(".py")}
    long = " ".join(" ".join(text.decode().split()[:60]) for text in list(files.values())[200:3000:300])[:4000]
    with tempfile.TemporaryDirectory() as scratch:
        trees, library = Trees(Path(scratch)), open_library(Path(scratch))
        tree = trees.whole(files)
        library.index(tree)
        corpus = library.corpus(tree)
        texts = documents(corpus)
        print(f"{len(texts)} symbols, {sum(map(len, texts))} terms")
        fts = Path(scratch, "fts.sqlite")
        made: list[Fts5] = []
        print(f"FTS5   filled in {timed(lambda: made.append(Fts5(fts, texts))):8.0f} ms, {size(fts):.1f} MB")
        ranked = bm25s.BM25()
        print(f"bm25s  filled in {timed(lambda: ranked.index(texts, show_progress=False)):8.0f} ms")
        table = [
            ("FTS5", lambda words, _: made[0].best(words)),
            ("bm25s", lambda words, _: ranked.retrieve([words], k=BEST, show_progress=False, n_threads=0)),
            ("arrays", lambda _, query: np.argpartition(-Words(corpus, Query.of(query)).per_symbol("all"), BEST)),
        ]
        for what, queries in (("short query", SHORT), ("long query", [long])):
            for name, ask in table:
                times = []
                for at in range(ASKED):
                    query = queries[at % len(queries)]
                    words = [f"t{term}" for term in Words(corpus, Query.of(query)).terms]
                    times.append(timed(lambda words=words, query=query, ask=ask: ask(words, query)))  # type: ignore[misc]
                print(f"{what:12} of {len(words):3} terms  {name:7} {statistics.median(times):8.2f} ms")
        print(f"edit of one file with 20 symbols: FTS5 {timed(lambda: made[0].put(range(20), texts[:20])):.2f} ms, "
              f"bm25s is filled anew")  # fmt: skip
        library.close()


def size(file: Path) -> float:
    return sum(path.stat().st_size for path in file.parent.glob(f"{file.name}*")) / 1e6


if __name__ == "__main__":
    main()
