"""Reads search/replace blocks out of an answer, and unified diffs, which models write when they mean blocks.

Finding the place is the work of vcs, which also repairs whitespace and indentation; here it only says which of several
equal places is meant: the one in the code that was shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loopcutter_host.chat.answer import Answer
from loopcutter_host.chat.errors import Unusable
from loopcutter_host.chat.extraction import without_thoughts
from loopcutter_host.dialogue.quoting import straight
from loopcutter_host.model import Edit, Place

_SEARCH = re.compile(r"^\s*<{5,9}\s*SEARCH\b.*$")
_DIVIDER = re.compile(r"^\s*={5,9}\s*$")
_REPLACE = re.compile(r"^\s*>{5,9}(\s*REPLACE\b.*)?\s*$")
_PATH = re.compile(r"^[\s#*`]*(?:(?:file|path)\s*:\s*)?(?P<path>[\w./@+-]{1,200}\.\w{1,20})[\s*`:]*$", re.IGNORECASE)
_DIFF_FILE = re.compile(r"^\+\+\+ (?:b/)?(?P<path>\S+)")
_HUNK = re.compile(r"^@@")


@dataclass(frozen=True)
class _Block:
    path: str
    search: str
    replace: str


def blocks(answer: Answer, target: Place, present: str) -> tuple[Edit, ...]:
    """The edits of an answer's blocks; the path of `target` is meant where a block names none."""
    lines = straight(without_thoughts(answer.text)).splitlines()
    found = list(_blocks(lines, target.path)) or list(_hunks(lines, target.path))
    if not found:
        raise Unusable("there is no block with <<<<<<< SEARCH, ======= and >>>>>>> REPLACE in it", "no-code")
    return tuple(_edit(block, target, present) for block in found)


def has_blocks(answer: Answer) -> bool:
    """Whether there is a block in the answer, whole or not."""
    return any(_SEARCH.match(line) or _HUNK.match(line) for line in answer.text.splitlines())


def _blocks(lines: list[str], path: str) -> Iterator[_Block]:
    position = 0
    while position < len(lines):
        if named := _PATH.match(lines[position]):
            path = named["path"]
        elif _SEARCH.match(lines[position]):
            search, position = _until(lines, position + 1, _DIVIDER, "=======")
            replace, position = _until(lines, position + 1, _REPLACE, ">>>>>>> REPLACE")
            if not search.strip():
                problem = "a SEARCH part is empty; copy the lines that are to be replaced into it"
                raise Unusable(problem, "broken-block")
            yield _Block(path, search, replace)
        position += 1


def _until(lines: list[str], start: int, end: re.Pattern[str], mark: str) -> tuple[str, int]:
    for position in range(start, len(lines)):
        if end.match(lines[position]):
            return _text(lines[start:position]), position
    raise Unusable(f"a block has no line {mark}", "broken-block")


def _hunks(lines: list[str], path: str) -> Iterator[_Block]:
    """The hunks of a diff. Their line numbers are wrong more often than not, their lines mostly right."""
    old: list[str] = []
    new: list[str] = []
    inside = False
    for line in [*lines, "@@"]:
        file = _DIFF_FILE.match(line)
        if file or _HUNK.match(line) or line.startswith(("```", "--- ", "diff ")):
            if old and old != new:
                yield _Block(path, _text(old), _text(new))
            old, new = [], []
            inside = bool(_HUNK.match(line))
            path = file["path"] if file else path
        elif inside and line[:1] in ("-", " ", ""):
            old.append(line[1:])
            new += [] if line.startswith("-") else [line[1:]]
        elif inside and line.startswith("+"):
            new.append(line[1:])


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _edit(block: _Block, target: Place, present: str) -> Edit:
    edit: Edit = {"kind": "replace", "path": block.path, "search": block.search, "replace": block.replace}
    shown, searched = _stripped(present), _stripped(block.search)
    places = [start for start in range(len(shown)) if shown[start : start + len(searched)] == searched]
    if block.path == target.path and len(places) == 1:
        return {**edit, "near_line": target.lines[0] + places[0]}
    return edit


def _stripped(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]
