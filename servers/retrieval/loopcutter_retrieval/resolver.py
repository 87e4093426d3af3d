"""Finds what a name stands for: the symbols of that name, what a file imports, what a dotted name leads to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.namesakes import Definition

_MOST_FOUND = 4
"""Symbols that one dotted name may stand for."""
_MOST_IMPORTED = 1 << 16
"""Files whose imports are remembered."""


@dataclass(frozen=True)
class Resolver:
    """Finds what a name in a file stands for."""

    corpus: Corpus
    index: Index
    _definitions: dict[str, list[tuple[int, Definition]]] = field(default_factory=dict)
    """By last name, with the symbol's number in the corpus."""
    _imports: dict[int, Mapping[str, str]] = field(default_factory=dict)

    def prepare(self, leaves: Iterable[str]) -> None:
        """Look many names up at once."""
        new = {leaf for leaf in leaves if leaf and leaf not in self._definitions}
        if not new:
            return
        self._definitions.update((leaf, []) for leaf in new)
        by_content, symbol = self.corpus.by_content, self.corpus.symbol
        for definition in self.index.named(new, by_content):
            found = self._definitions[definition.leaf]
            found += [(symbol(file, definition.number), definition) for file in by_content[definition.content]]
        for leaf in new:  # in the order of the tree, whatever order its contents were parsed in
            self._definitions[leaf].sort()

    def named(self, leaf: str) -> list[tuple[int, Definition]]:
        if leaf not in self._definitions:
            self.prepare([leaf])
        return self._definitions.get(leaf, [])

    def prepare_imports(self, files: Iterable[int]) -> None:
        """Look up at once what many files import."""
        new = [file for file in files if file not in self._imports]
        if not new:
            return
        contents = {file: self.corpus.files[file].content for file in new}
        listed = self.index.imports(sorted(set(contents.values())))
        for file, content in contents.items():
            found = listed.get(content, ())
            self._imports[file] = {one.local: self._absolute(file, one.target) for one in found}

    def imports(self, file: int) -> Mapping[str, str]:
        """Local name → dotted target, relative ones made absolute."""
        if file not in self._imports:
            self.prepare_imports([file])
        return self._imports[file]

    def imported_files(self, files: Sequence[int]) -> list[frozenset[int]]:
        """For each file, which files of the tree it imports, or something of them; what was found is remembered."""
        layout, kept = self.corpus.layout, self.corpus.layout.imported
        keys = [(file, self.corpus.files[file].content) for file in files]
        self.prepare_imports(file for file, content in keys if (file, content) not in kept)
        found = []
        for key in keys:
            homes = kept.get(key)
            if homes is None:
                named = map(layout.home, self.imports(key[0]).values())
                homes = frozenset(home for home in named if home is not None)
                if len(kept) >= _MOST_IMPORTED:
                    kept.clear()
                kept[key] = homes
            found.append(homes)
        return found

    def _absolute(self, file: int, target: str) -> str:
        name = target.lstrip(".")
        up = len(target) - len(name)
        if not up:
            return name
        package = self.corpus.files[file].path.split("/")[:-up]
        return ".".join([*package, name]).strip(".")

    def target(self, dotted: str) -> list[int]:
        """The symbols an absolute dotted name stands for: in a module, or re-exported by one."""
        parts = dotted.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            file = self.corpus.modules.get(".".join(parts[:cut]))
            if file is None:
                continue
            name = ".".join(parts[cut:])
            found = [symbol for symbol, one in self.named(parts[-1]) if one.name == name]
            here = [symbol for symbol in found if self.corpus.file_of[symbol] == file]
            return here or found[:_MOST_FOUND]
        return []
