"""All that retrieval offers, in plain Python: index a tree, search it, read its files, look up its symbols."""

import time
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TypeVar

from loopcutter_retrieval import answer, context, memory, reading
from loopcutter_retrieval.answered import Answered
from loopcutter_retrieval.budget import Budget
from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.errors import EmptyQuery, IndexBroken
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.indexer import Indexer
from loopcutter_retrieval.language import Language
from loopcutter_retrieval.lookup import Lookup
from loopcutter_retrieval.memory import Loaded, Memory
from loopcutter_retrieval.mentions import Failure, Query
from loopcutter_retrieval.named import Named
from loopcutter_retrieval.past import Pasts
from loopcutter_retrieval.place import Context, Indexed, Located, Neighbours, Place, Skipped, Source, Status, Text
from loopcutter_retrieval.plumbing import Plumbing
from loopcutter_retrieval.rank import Ranking
from loopcutter_retrieval.resolver import Resolver
from loopcutter_retrieval.selection import summarised
from loopcutter_retrieval.tokens import WORD
from loopcutter_retrieval.vectors import Similarity
from loopcutter_retrieval.words import Words
from loopcutter_snapshots import ObjectStore

_MOST_SKIPPED = 100
_SIMILAR = 200
"""Chunks asked of the vector search; some of them belong to other trees."""
_Answer = TypeVar("_Answer")


class Library:
    """Answers about the trees of a store. Safe to use from several threads.

    A tree needn't be indexed before it is asked about: what is missing is made up for. Nothing can be stale, since
    everything is kept by content; a damaged index is put away and filled again.
    """

    def __init__(
        self, store: ObjectStore, path: Path, languages: Mapping[str, Language], similarity: Similarity
    ) -> None:
        self._store = store
        self._path = path
        self._languages = languages
        self._similarity = similarity
        self._plumbing = Plumbing(store.path)
        self._pasts = Pasts(self._plumbing)
        self._memory = Memory()
        self._answers = Answered()
        self._lock = Lock()
        self._index = self._opened()

    def close(self) -> None:
        self._similarity.close()
        self._index.close()
        self._plumbing.close()

    def indexing(self, tree: str) -> Iterator[tuple[int, int] | Indexed]:
        """Index a tree step by step: yields (parsed, to parse), and last what came of it. May be left at any time."""
        began = time.monotonic()
        parsed = 0
        for parsed, total in self.preparing(tree):
            yield parsed, total
        tree = self._resolved(tree)
        loaded = self._loaded(tree)
        yield Indexed(
            tree,
            len(loaded.corpus.files),
            int(loaded.corpus.starts[-1]),
            parsed,
            summarised([*_left_out(loaded), *loaded.selection.skipped], _MOST_SKIPPED),
            summarised(_broken(loaded), _MOST_SKIPPED),
            round(time.monotonic() - began, 3),
        )

    def index(self, tree: str) -> Indexed:
        *_, last = self.indexing(tree)
        assert isinstance(last, Indexed)
        return last

    def preparing(self, tree: str) -> Iterator[tuple[int, int]]:
        """Make a tree ready in memory, step by step: yields (parsed, to parse). May be left at any time."""
        index = self._index
        try:
            yield from self._preparing(tree)
        except IndexBroken:
            self._mend(index)
            yield from self._preparing(tree)

    def _preparing(self, tree: str) -> Iterator[tuple[int, int]]:
        tree = self._resolved(tree)
        if self._memory.get(tree) is not None:
            return
        last = self._memory.newest()
        indexer = Indexer(self._store, self._plumbing, self._index, self._languages)
        selection, touched = indexer.select(tree, (last[0], last[1].selection) if last is not None else None)
        wanted = selection.contents if touched is None else [new.content for _, new in touched.values() if new]
        known = last[1].known if last is not None else {}
        yield from indexer.parse([one for one in wanted if one not in known])
        new = self._index.contents(one for one in wanted if one not in known)
        old = last[1] if last is not None else None
        self._memory.keep(tree, memory.loaded(selection, {**known, **new}, old, touched))
        self._similarity.refresh()

    def search(self, tree: str, text: str, limit: int = 10) -> list[Place]:
        """The symbols that a question, an issue or an error message speaks of, best first."""
        query = Query.of(text)
        return list(
            self._answered(("search", limit), tree, query, lambda it: tuple(answer.places(it, self._index, limit)))
        )

    def locate(
        self, tree: str, issue: str, failures: Sequence[Failure] = (), limit: int = 10, tried: Collection[str] = ()
    ) -> Located:
        """The files and the symbols that an issue and its failing tests make suspicious, best first.

        What was `tried` (paths, or `path::symbol`) is not named again.
        """
        known = frozenset(tried)
        return self._answered(
            ("locate", limit, known),
            tree,
            Query.of(issue, failures),
            lambda it: answer.located(it, self._index, limit, known),
        )

    def symbol(self, tree: str, name: str, limit: int = 10) -> list[Source]:
        """The symbols of that name with their source, the code proper before tests."""
        return self._mended(lambda: self._lookup(tree).sources(name, limit))

    def neighbours(self, tree: str, name: str, kinds: Collection[str] = ()) -> Neighbours:
        """What surrounds the symbol of that name, or the likeliest of them: all, or some of the KINDS of `place`."""
        return self._mended(lambda: self._lookup(tree).neighbours(name, kinds))

    def context(
        self,
        tree: str,
        issue: str,
        budget: int,
        failures: Sequence[Failure] = (),
        tokens_per_character: float = 0.0,
    ) -> Context:
        """What a model needs to see to mend an issue, within so many tokens, which are estimated unless it is known
        how many its tokenizer makes of a character."""

        def lines(blob: str) -> list[str]:
            return reading.content(self._plumbing, blob).decode("utf-8", "replace").split("\n")

        room = Budget(budget, tokens_per_character)
        query = Query.of(issue, failures)
        return self._answered(("context", room), tree, query, lambda it: context.assemble(it, lines, room))

    def read(self, tree: str, path: str, start: int = 1, end: int = 0) -> Text:
        """Lines `start` to `end` of a file, counted from 1; 0 means to the last."""
        return reading.read(self._store, tree, path, start, end)

    def status(self) -> Status:
        contents, symbols = self._mended(lambda: self._index.count())
        return Status(contents, symbols, len(self._memory), self._similarity.status())

    def holds(self, tree: str) -> bool:
        """Whether the tree is ready in memory."""
        return tree in self._memory

    def corpus(self, tree: str) -> Corpus:
        """The tree in memory; indexed first where that is missing."""
        return self._loaded(tree).corpus

    def _loaded(self, tree: str) -> Loaded:
        found = self._memory.get(tree)
        if found is None:
            tree = self._resolved(tree)
            found = self._memory.get(tree)
        while found is None:
            for _ in self.preparing(tree):
                pass
            found = self._memory.get(tree)
        return found

    def _resolved(self, tree: str) -> str:
        return tree if tree in self._memory else self._plumbing.resolve(tree)

    def ranking(self, tree: str, query: Query) -> Ranking:
        """All the evidence, for those who want to look at it."""
        return self._ranking(tree, query, self._similarity.search(query.text, _SIMILAR))

    def _answered(
        self, what: tuple[Hashable, ...], tree: str, query: Query, find: Callable[[Ranking], _Answer]
    ) -> _Answer:
        """The answer found in a query's ranking; the one given before, if all that the ranking rests on is the same."""
        if not WORD.search(query.text):
            raise EmptyQuery

        def answered() -> _Answer:
            self.corpus(tree)
            chunks = self._similarity.search(query.text, _SIMILAR)
            question = (*what, tree, query.text, tuple(chunks.items()))
            return self._answers.of(question, lambda: find(self._ranking(tree, query, chunks)))

        return self._mended(answered)

    def _ranking(self, tree: str, query: Query, chunks: Mapping[str, float]) -> Ranking:
        corpus = self.corpus(tree)
        named = Named(Resolver(corpus, self._index), query)
        return Ranking(Words(corpus, query), named, self._similar_symbols(corpus, chunks), self._pasts.of(tree))

    def _lookup(self, tree: str) -> Lookup:
        return Lookup(Resolver(self.corpus(tree), self._index), self._plumbing)

    def _similar_symbols(self, corpus: Corpus, chunks: Mapping[str, float]) -> Mapping[int, float]:
        found: dict[int, float] = {}
        for chunk, content, number in self._index.having(list(chunks)):
            for file in corpus.by_content.get(content, ()):
                found[corpus.symbol(file, number)] = chunks[chunk]
        return found

    def _opened(self) -> Index:
        try:
            return Index(self._path)
        except IndexBroken:
            self._put_away()
            return Index(self._path)

    def _put_away(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _mended(self, ask: Callable[[], _Answer]) -> _Answer:
        """The answer; should the index turn out to be damaged, from a new one."""
        index = self._index
        try:
            return ask()
        except IndexBroken:
            self._mend(index)
            return ask()

    def _mend(self, broken: Index) -> None:
        with self._lock:
            if self._index is broken:  # otherwise another thread has done it
                broken.close()
                self._put_away()
                self._index = Index(self._path)
                self._memory.clear()
                self._similarity.reset()


def _left_out(loaded: Loaded) -> Iterator[Skipped]:
    for item in loaded.selection.files.values():
        if reason := loaded.known[item.content].reason:
            yield Skipped(item.path, reason)


def _broken(loaded: Loaded) -> list[Skipped]:
    found = ((item.path, loaded.known[item.content].problem) for item in loaded.selection.files.values())
    return [Skipped(path, problem) for path, problem in found if problem]
