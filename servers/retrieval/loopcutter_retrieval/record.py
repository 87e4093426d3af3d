"""What the index keeps of one file content, in the form it is kept in: parsed anywhere, stored by one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from loopcutter_retrieval import chunk, filters, postings
from loopcutter_retrieval.language import Language, Outline, Symbol

Content = tuple[str, str]
"""The hash of a file's content and the name of the language it was read in."""


@dataclass(frozen=True)
class Record:
    """One content, without its text."""

    content: Content
    reason: str
    """Why it is left out of the search; empty when it is not."""
    problem: str
    imports: str
    """JSON: pairs of the local name and what it stands for."""
    arrays: tuple[bytes, bytes, bytes, bytes]
    """Its postings: terms, counts, sizes, shapes."""
    symbols: tuple[tuple[str | int, ...], ...]
    """One row a symbol: name, its last part, kind, first and last line, calls, bases, facts, key of its text."""


def read(content: Content, source: bytes, languages: Mapping[str, Language]) -> Record:
    """Parse a content; `languages` are known by their names."""
    reason = filters.from_content(source)
    return of(content, reason, Outline(()) if reason else languages[content[1]].outline(source))


def of(content: Content, reason: str, outline: Outline) -> Record:
    found = postings.of(outline)
    return Record(
        content,
        reason,
        outline.problem,
        json.dumps([(imported.local, imported.target) for imported in outline.imports]),
        (found.terms.tobytes(), found.counts.tobytes(), found.sizes.tobytes(), found.shapes.tobytes()),
        tuple(map(_row, outline.symbols)),
    )


def _row(symbol: Symbol) -> tuple[str | int, ...]:
    lists = ("\n".join(symbol.calls), "\n".join(symbol.bases), "\n".join(symbol.facts))  # names hold no line breaks
    leaf = symbol.name.rpartition(".")[2]
    return (symbol.name, leaf, symbol.kind, symbol.first, symbol.last, *lists, chunk.key(symbol))
