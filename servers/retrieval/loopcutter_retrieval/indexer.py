"""Brings a tree into the index: finds out which files it has, and parses those whose content is new."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from loopcutter_retrieval import parser, selection
from loopcutter_retrieval.difference import changes
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.language import Language
from loopcutter_retrieval.plumbing import Plumbing
from loopcutter_retrieval.record import Content
from loopcutter_retrieval.selection import Selection, Touched
from loopcutter_snapshots import ObjectStore


@dataclass(frozen=True)
class Indexer:
    """Fills an index from the trees of a store."""

    store: ObjectStore
    plumbing: Plumbing
    index: Index
    languages: Mapping[str, Language]
    """By the suffix of the files they read: `.py`."""

    def select(self, tree: str, last: tuple[str, Selection] | None = None) -> tuple[Selection, Touched]:
        """What of a tree is searched, and how that differs from the last tree, if it does by little."""
        found = changes(self.plumbing, last[0], tree) if last is not None else None
        if last is None or found is None or any(selection.is_home(change.path) for change in found):
            return selection.selected(self.store.files(tree), self.languages), None
        return last[1].changed(found, self.languages)

    def parse(self, contents: Iterable[Content]) -> Iterator[tuple[int, int]]:
        """Add what is missing. Yields (parsed, to parse) after every few files; stopping early loses nothing."""
        missing = self.index.missing(contents)
        languages = {language.name: language for language in self.languages.values()}
        done = 0
        for records in parser.parse(self.store, self.plumbing, languages, missing):
            self.index.add(records)
            done += len(records)
            yield done, len(missing)
