"""Finding the place in a file that the search text of an edit means.

Models quote code from memory. So after the exact text, lines are compared without trailing blanks, then with another
indentation, then by similarity. Each step is tried only when the one before finds nothing, and a place is only taken
when there is just one: an edit in the wrong place is worse than none. Lines that the edit does not change keep the
text they have in the file, however the search text quotes them.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from loopcutter_vcs.errors import PlaceAmbiguous, PlaceNotFound, shown
from loopcutter_vcs.similarity import ALIKE, similar

_CLEARLY = 0.05
"""How much more similar than any other place the meant one must be."""

_FAINTLY = 0.3
"""How similar a place must be to be worth showing."""


@dataclass(frozen=True)
class Place:
    """Where the text to replace stands, and what to put there."""

    start: int
    end: int
    """Offsets into the text of the file."""
    line: int
    """The first line, counted from 1."""
    how: str
    """`exact`, `whitespace`, `indentation` or `fuzzy 0.93`."""
    text: str
    """What comes in its place, fitted to the file."""


def place(path: str, text: str, search: str, replacement: str, near_line: int | None = None) -> Place:
    """Where in `text` (of the file `path`) the text `search` stands, or a refusal that shows the nearest place."""
    if not search.strip():
        raise PlaceNotFound(
            f"the search text for {shown(path)} is empty: quote the lines to replace, or give the whole file"
        )
    newline = newline_of(text)
    search, replacement = with_newline(search, newline), with_newline(replacement, newline)
    if search.endswith("\n") and replacement and not replacement.endswith("\n"):
        replacement += newline  # or the next line would be glued to it
    exact = [
        Place(start, start + len(search), text.count("\n", 0, start) + 1, "exact", replacement)
        for start in _occurrences(text, search)
    ]
    if exact:
        return _only(path, exact, near_line)
    # Not splitlines(): it also splits at form feeds and other characters that editors don't count as line ends.
    lines = _Lines(io.StringIO(text, newline="\n").readlines(), newline, _trimmed(search), _trimmed(replacement))
    for how, fits in (("whitespace", _same_but_trailing), ("indentation", _same_but_indentation)):
        found = [lines.place(first, how) for first, window in lines.windows() if fits(window, lines.search)]
        if found:
            return _only(path, found, near_line)
    return _fuzzy(path, lines, near_line)


def newline_of(text: str) -> str:
    """How most lines of `text` end."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def with_newline(text: str, newline: str) -> str:
    """`text` with all its lines ending in `newline`."""
    return text.replace("\r\n", "\n").replace("\n", newline)


@dataclass(frozen=True)
class _Lines:
    """A file and an edit of it, line by line."""

    all: list[str]
    newline: str
    search: list[str]
    replacement: list[str]

    def windows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Every run of lines as long as the search text, with the position of its first line."""
        for first in range(len(self.all) - len(self.search) + 1):
            yield first, self.all[first : first + len(self.search)]

    def place(self, first: int, how: str) -> Place:
        """The edit, made at this position."""
        window = self.all[first : first + len(self.search)]
        start = sum(map(len, self.all[:first]))
        return Place(start, start + sum(map(len, window)), first + 1, how, self._edited(window))

    def _edited(self, window: Sequence[str]) -> str:
        old, new = _indentation(self.search[0]), _indentation(window[0])
        fitted = [
            new + line.removeprefix(old) if line.strip() and line.startswith(old) else line for line in self.replacement
        ]
        edited = ""
        for what, i1, i2, j1, j2 in SequenceMatcher(None, self.search, self.replacement, False).get_opcodes():
            kept = window[i1:i2] if what == "equal" else fitted[j1:j2]
            edited += "".join(line if line.endswith("\n") else line + self.newline for line in kept)
        # The last line of a file may end without a newline; then it still does.
        return edited if window[-1].endswith("\n") else edited.removesuffix(self.newline)

    def changed(self, window: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The lines that the edit replaces, as the search text has them and as the file does."""
        for what, i1, i2, _, _ in SequenceMatcher(None, self.search, self.replacement, False).get_opcodes():
            if what in ("replace", "delete"):
                yield from zip(self.search[i1:i2], window[i1:i2], strict=True)


def _only(path: str, places: Sequence[Place], near_line: int | None) -> Place:
    if len(places) == 1:
        return places[0]
    if near_line is not None:
        near = sorted(places, key=lambda place: abs(place.line - near_line))
        if abs(near[0].line - near_line) < abs(near[1].line - near_line):
            return near[0]
    listed = ", ".join(str(place.line) for place in sorted(places, key=lambda place: place.line)[:10])
    raise PlaceAmbiguous(
        f"the search text occurs {len(places)} times in {shown(path)}, at lines {listed}: "
        "quote more lines around the place, or give near_line"
    )


def _occurrences(text: str, search: str) -> Iterator[int]:
    start = text.find(search)
    while start >= 0:
        yield start
        start = text.find(search, start + 1)


def _trimmed(text: str) -> list[str]:
    """The lines of `text` without the blank ones at both ends, which models add and drop freely."""
    lines = [line.rstrip("\r\n") for line in io.StringIO(text, newline="\n")]
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _same_but_trailing(found: Sequence[str], wanted: Sequence[str]) -> bool:
    return all(line.rstrip() == want.rstrip() for line, want in zip(found, wanted, strict=True))


def _same_but_indentation(found: Sequence[str], wanted: Sequence[str]) -> bool:
    old, new = _indentation(wanted[0]), _indentation(found[0])
    return all(
        line.rstrip() == (new + want.removeprefix(old)).rstrip() and want.startswith(old)
        for line, want in zip(found, wanted, strict=True)
        if line.strip() or want.strip()
    )


def _fuzzy(path: str, lines: _Lines, near_line: int | None) -> Place:
    ranked = similar(lines.all, lines.search)
    places = [
        (ratio, lines.place(first, f"fuzzy {ratio:.2f}"))
        for ratio, first in ranked
        if ratio >= ALIKE and _changes_what_it_means(lines, first)
    ]
    # Places that overlap a better one are the same place, seen from a line off.
    apart: list[tuple[float, Place]] = []
    for ratio, candidate in places:
        if all(candidate.end <= other.start or candidate.start >= other.end for _, other in apart):
            apart.append((ratio, candidate))
    if apart:
        return _only(path, [candidate for ratio, candidate in apart if apart[0][0] - ratio <= _CLEARLY], near_line)
    raise PlaceNotFound(_nearest(path, lines, ranked))


def _changes_what_it_means(lines: _Lines, first: int) -> bool:
    """Whether each line that would be replaced is like the one quoted, not only all of them together."""
    window = lines.all[first : first + len(lines.search)]
    pairs = ((quoted.strip(), real.strip()) for quoted, real in lines.changed(window))
    return all(SequenceMatcher(None, quoted, real, False).ratio() >= ALIKE for quoted, real in pairs)


def _nearest(path: str, lines: _Lines, ranked: list[tuple[float, int]]) -> str:
    what = f"the search text does not occur in {shown(path)}"
    if not ranked or ranked[0][0] < _FAINTLY:
        return f"{what}, and nothing in it is similar: read the file again and quote its lines exactly"
    _, first = ranked[0]
    real = "".join(lines.all[first : first + min(len(lines.search), 12)]).rstrip("\r\n")
    return f"{what}; the most similar lines start at line {first + 1}, quote them exactly:\n{real}"
