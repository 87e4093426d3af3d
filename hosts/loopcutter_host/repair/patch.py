"""A candidate in the words of others: the edit vcs takes, the sentence a person reads, the lines a diff shows."""

import re
from collections.abc import Iterable

from loopcutter_host.model import Edit
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.source import Source

Lines = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Path, the lines that go, the lines that come: the same for a candidate and for the diff it leaves."""


def as_edit(candidate: Candidate, source: Source) -> Edit:
    """The replacement of the whole lines that the candidate touches."""
    old, new, line = _whole_lines(candidate, source)
    return {"kind": "replace", "path": candidate.path, "search": old, "replace": new, "near_line": line}


def in_words(candidate: Candidate, source: Source) -> str:
    """``line 12 of shop/cart.py: `<` instead of `<=` (comparison)``."""
    old, new = _shown(source.slice(candidate.start, candidate.end)), _shown(candidate.text)
    if not old and "\n" in (candidate.text[:1], candidate.text[-1:]):
        what = f"{new} inserted"
    elif not old:
        before, after, _ = _whole_lines(candidate, source)
        what = f"{_shown(after)} instead of {_shown(before)}"
    elif not new:
        what = f"without {old}"
    elif old == new:
        what = f"{new} indented differently"
    else:
        what = f"{new} instead of {old}"
    return f"line {source.line_at(candidate.start)} of {candidate.path}: {what} ({candidate.template})"


def changed_lines(candidate: Candidate, source: Source) -> Lines:
    """The lines that go and come, those that stay left out."""
    old, new, _ = _whole_lines(candidate, source)
    return _trimmed(candidate.path, old.splitlines(), new.splitlines())


def lines_of_diff(diff: str) -> Iterable[Lines]:
    """The same of every hunk of a unified diff."""
    path = ""
    old: list[str] = []
    new: list[str] = []
    for line in [*diff.splitlines(), "@@"]:
        if line.startswith("+++ "):
            path = re.sub(r"^b/", "", line[4:].split("\t")[0])
        elif line.startswith("@@"):
            if old or new:
                yield _trimmed(path, old, new)
            old, new = [], []
        elif line.startswith("-") and not line.startswith("--- "):
            old.append(line[1:])
        elif line.startswith("+"):
            new.append(line[1:])


def _whole_lines(candidate: Candidate, source: Source) -> tuple[str, str, int]:
    """What the lines say before and after, and the number of the first."""
    first, last = source.line_at(candidate.start), source.line_at(candidate.end)
    at_line_end = candidate.end == source.line_start(last)
    if at_line_end and candidate.end > candidate.start:
        last -= 1  # the span ends with the line end of the line before
    elif at_line_end and candidate.text.endswith("\n") and first > 1:
        first = last = first - 1  # new lines go after a line that says something, not before one that may be empty
    start, end = source.line_start(first) if first > 1 else 0, source.line_start(last + 1)
    new = source.slice(start, candidate.start) + candidate.text + source.slice(candidate.end, end)
    return source.slice(start, end), new, first


def _trimmed(path: str, old: list[str], new: list[str]) -> Lines:
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return path, tuple(old), tuple(new)


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return f"`{line if len(line) <= 60 else line[:57] + '…'}`" if line else ""
