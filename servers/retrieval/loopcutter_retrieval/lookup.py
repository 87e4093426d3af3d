"""Looks symbols up by their names: their source, and what surrounds them."""

from collections.abc import Collection
from dataclasses import dataclass

from loopcutter_retrieval import answer, neighbourhood, reading
from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.errors import UnknownSymbol
from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.place import Neighbours, Source
from loopcutter_retrieval.plumbing import Plumbing
from loopcutter_retrieval.resolver import Resolver

_MOST_LINES = 400
"""Of one symbol's source."""
_MOST_SOURCE = 100_000
"""Characters of source in one answer, beyond the first symbol's."""
_MOST_FACTS = 100


@dataclass(frozen=True)
class Lookup:
    """The symbols of one tree, by name."""

    resolver: Resolver
    plumbing: Plumbing

    @property
    def corpus(self) -> Corpus:
        return self.resolver.corpus

    def sources(self, name: str, limit: int) -> list[Source]:
        """The symbols of that name with their source, the code proper before tests."""
        sources: list[Source] = []
        for symbol, one in self._named(name)[:limit]:
            sources.append(self._source(symbol, one, name))
            if sum(len(source.source) for source in sources) > _MOST_SOURCE:
                return sources[:-1] or sources
        return sources

    def neighbours(self, name: str, kinds: Collection[str]) -> Neighbours:
        """What surrounds the likeliest symbol of that name."""
        (symbol, one), *others = self._named(name)
        places = [answer.place(self.corpus, other, definition, 0.0, "") for other, definition in others[:10]]
        also = [f"{place.path}::{place.symbol}" for place in places]
        return neighbourhood.neighbours(self.resolver, symbol, one, also, kinds)

    def _named(self, name: str) -> list[tuple[int, Definition]]:
        found = answer.named(self.resolver, name)
        if not found:
            raise UnknownSymbol(name, self._similar(name))
        return found

    def _similar(self, name: str) -> list[str]:
        leaf = name.replace("::", ".").rpartition(".")[2]
        names = self.resolver.index.spelt_like(leaf, self.corpus.by_content) if leaf else []
        return names[:5]

    def _source(self, symbol: int, one: Definition, name: str) -> Source:
        place = answer.place(self.corpus, symbol, one, 1.0, f"named {name}")
        source = reading.content(self.plumbing, self.corpus.files[int(self.corpus.file_of[symbol])].blob)
        text = reading.excerpt(place.path, source, one.first, min(one.last, one.first + _MOST_LINES - 1))
        more = one.last - text.end
        note = f"\n… {more} more lines" if more else ""
        (facts,) = self.resolver.index.facts([self.corpus.place(symbol)])
        facts = facts[:_MOST_FACTS]
        return Source(
            place.path, place.symbol, place.kind, place.lines, place.score, place.why, text.text + note, facts
        )
