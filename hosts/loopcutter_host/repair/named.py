"""What the user told the run to look at: lines of files and functions that a nudge names are the first suspects."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from loopcutter_host.repair.source import Source
from loopcutter_host.repair.spectrum import Lines

_WORD = re.compile(r"[\w./-]+")
_FILE, _FUNCTION = 5, 10
"""Added to suspicions, of which the highest is about 1."""


def raised(lines: Lines, path: str, source: Source, words: Sequence[str]) -> Lines:
    """The suspicion of a file's lines; those in what is named come before all that no one named."""
    said = {word.strip(".") for text in words for word in _WORD.findall(text)}
    if not said:
        return lines
    if {path, PurePosixPath(path).name} & said:
        return {line: score + _FILE for line, score in lines.items()}
    named = [
        (function.lineno, function.end_lineno or function.lineno)
        for function in source.functions
        if {function.name, source.qualified_name(function)} & said
    ]
    return {
        line: score + _FUNCTION if any(first <= line <= last for first, last in named) else score
        for line, score in lines.items()
    }
