"""Which lines of a symbol a context shows: its body, if need be without the length of it, or its signature."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from loopcutter_retrieval.corpus import Corpus
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.namesakes import Definition
from loopcutter_retrieval.page import Lines, Page
from loopcutter_retrieval.signature import docstring_rest, header_start, signature_end

FRAMES = ("module", "class")
"""What is shown without the definitions in it."""
_FEW_LINES = 3
"""Of a docstring; to leave out no more than these is not worth the mark that tells of it."""


@dataclass(frozen=True)
class Body:
    """What is shown of a symbol."""

    lines: tuple[int, ...]
    cut: bool
    """Whether lines at its end are missing."""


class Bodies:
    """Reads the files of a tree as far as they are asked for, each once. `read` gives the lines of a content."""

    def __init__(self, corpus: Corpus, index: Index, read: Callable[[str], Lines]) -> None:
        self._corpus = corpus
        self._index = index
        self._read = read
        self._pages: dict[int, Page] = {}
        self._inside: dict[int, list[Definition]] = {}

    def page(self, symbol: int) -> Page:
        """The page of the symbol's file."""
        number = int(self._corpus.file_of[symbol])
        if number not in self._pages:
            file = self._corpus.files[number]
            self._pages[number] = Page(file.path, self._read(file.blob))
        return self._pages[number]

    def body(self, symbol: int, one: Definition, docstring: bool, most: int) -> Body:
        """The lines of a function, as many as have `most` tokens; of a class and of a file those that no definition
        within has. Without `docstring` a long one ends after its first paragraph."""
        page = self.page(symbol)
        own = set(range(one.first, min(one.last, len(page.lines)) + 1))
        if one.kind in FRAMES:
            own -= self._defined_within(symbol, one)
            own = {at for at in own if page.lines[at - 1].strip()}
        rest = range(0) if docstring or one.kind == "module" else docstring_rest(page.lines, one.first, one.last)
        if len(rest) > _FEW_LINES:
            own -= set(rest)
        lines = sorted(own)
        if one.kind not in FRAMES:
            lines = page.affordable(lines, most)
        return Body((*self._headers(symbol, one), *lines), len(lines) < len(own))

    def signature(self, symbol: int, one: Definition) -> tuple[int, ...]:
        """The lines that tell what a symbol is."""
        end = signature_end(self.page(symbol).lines, one.first, one.last)
        return (*self._headers(symbol, one), *range(one.first, end + 1))

    def _defined_within(self, symbol: int, one: Definition) -> set[int]:
        """The lines of all definitions in a class or a file."""
        found: set[int] = set()
        for other in self._defined_beside(symbol):
            if other.number > one.number and one.first <= other.first and other.last <= one.last:
                found.update(range(other.first, other.last + 1))
        return found

    def _headers(self, symbol: int, one: Definition) -> Iterator[int]:
        """The lines that open the classes around a symbol."""
        lines = self.page(symbol).lines
        for other in self._defined_beside(symbol):
            if (
                other.kind == "class"
                and one.name.startswith(f"{other.name}.")
                and other.first <= one.first <= other.last
            ):
                yield header_start(lines, other.first, other.last)

    def _defined_beside(self, symbol: int) -> list[Definition]:
        content = self._corpus.files[int(self._corpus.file_of[symbol])].content
        if content not in self._inside:
            self._inside[content] = self._index.defined_in(content)
        return self._inside[content]
