"""Brings a tree into the index: chooses its files, parses those whose content is new."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from loopcutter_retrieval import filters, parser
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.language import Language
from loopcutter_retrieval.place import Skipped
from loopcutter_retrieval.record import Content
from loopcutter_snapshots import Entry, ObjectStore


@dataclass(frozen=True)
class Selection:
    """What of a tree is searched. Paths are fit to be shown: bytes that are not UTF-8 are replaced."""

    files: Mapping[str, tuple[Entry, str]]
    """Path → entry and name of the language."""
    skipped: tuple[Skipped, ...]

    @property
    def contents(self) -> list[Content]:
        return [(entry.blob, language) for entry, language in self.files.values()]


@dataclass(frozen=True)
class Indexer:
    """Fills an index from the trees of a store."""

    store: ObjectStore
    index: Index
    languages: Mapping[str, Language]
    """By the suffix of the files they read: `.py`."""

    def select(self, tree: str) -> Selection:
        entries = self.store.files(tree)
        homes = tuple(entry.path.removesuffix("pyvenv.cfg") for entry in entries if entry.path.endswith("/pyvenv.cfg"))
        files: dict[str, tuple[Entry, str]] = {}
        skipped = []
        others: Counter[tuple[str, str]] = Counter()
        for entry in entries:
            path = shown(entry.path)
            name, dot, ending = path.rpartition("/")[2].rpartition(".")
            suffix = f".{ending.lower()}" if name and dot else ""
            language = self.languages.get(suffix)
            if language is None:
                others[suffix, "no language for it"] += 1
            elif reason := filters.from_path(entry, homes):
                skipped.append(Skipped(path, reason))
            elif language.unavailable:
                others[suffix, language.unavailable] += 1
            else:
                files[path] = (entry, language.name)
        skipped += [
            Skipped(f"*{suffix or ' without suffix'} ({times})", reason)
            for (suffix, reason), times in others.most_common()
        ]
        return Selection(files, tuple(skipped))

    def parse(self, contents: Iterable[Content]) -> Iterator[tuple[int, int]]:
        """Add what is missing. Yields (parsed, to parse) after every few files; stopping early loses nothing."""
        missing = self.index.missing(contents)
        languages = {language.name: language for language in self.languages.values()}
        done = 0
        for records in parser.parse(self.store, languages, missing):
            self.index.add(records)
            done += len(records)
            yield done, len(missing)


def shown(path: str) -> str:
    """A path as git gives it, made fit for JSON."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def summarised(skipped: Sequence[Skipped], most: int) -> tuple[Skipped, ...]:
    """No more than `most`; what is left out is counted by reason."""
    rest = Counter(one.reason for one in skipped[most:])
    return (*skipped[:most], *(Skipped(f"… {times} more", reason) for reason, times in rest.most_common()))
