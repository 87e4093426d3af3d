"""What word vectors are trained on: the symbols of many packages, each as the words of its parts.

Packages come as wheels of pure Python by exact version and sha256 (`distributions.txt`), by pip from whatever index the
machine is set up for. What they carry along of other projects (`_vendor` and the like) is left out.
"""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5
from itertools import chain
from pathlib import Path

import numpy as np
from project import Unavailable

from loopcutter_retrieval.embedding import stems
from loopcutter_retrieval.language import Symbol
from loopcutter_retrieval.postings import KINDS
from loopcutter_retrieval.python import Python
from loopcutter_retrieval.tokens import term

NAME, CODE, FIRST, REST, COMMENTS = range(5)
"""The parts of a symbol: its dotted name, its code, the first paragraph of its docstring, the others, its comments."""
LONGEST = (200, 6_000, 1_500, 3_000, 3_000)
"""Characters of each part that are looked at."""
_SMALLEST, _LARGEST = 400, 400_000
_MOST = 14_000_000
"""Bytes of one package; those of a larger one are chosen by the hash of their path."""
_OF_OTHERS = re.compile(
    r"(^|/)(_?vendor(ed)?|_vendored|vendored_packages|externals?|extern|third_?party|site-packages|node_modules|locale"
    r"|migrations|_generated)/",
    re.IGNORECASE,
)
_QUOTE = re.compile(r'^[rRbBuUfF]{0,2}("""|\'\'\'|"|\')')


@dataclass(frozen=True)
class Package:
    """The symbols of one package."""

    name: str
    terms: tuple[np.ndarray, ...]
    """For each part, the terms of all symbols, one symbol after the other."""
    sizes: tuple[np.ndarray, ...]
    """For each part, how many of the terms belong to each symbol."""
    kinds: np.ndarray
    """What each symbol is, as a position in KINDS."""


def download(listed: Path, folder: Path) -> None:
    """Fetch the wheels that are listed into `folder`; those that are there already are left as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ["--no-deps", "--only-binary", ":all:", "--platform", "any", "--require-hashes", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), "-r", str(listed)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"the packages could not be fetched; pip says:\n{done.stderr.strip()}")


def packages(folder: Path) -> Iterator[Package]:
    """Those of all wheels in a folder, in the order of their names."""
    for wheel in sorted(folder.glob("*.whl"), key=lambda one: one.name.lower()):
        yield package(wheel)


def package(wheel: Path) -> Package:
    symbols = list(_symbols(wheel))
    parts = [[numbers(text[:most]) for text, most in zip(_parts(one), LONGEST, strict=True)] for one in symbols]
    columns = list(zip(*parts, strict=True)) or [()] * len(LONGEST)
    return Package(
        wheel.name.partition("-")[0],
        tuple(np.fromiter(chain.from_iterable(column), np.uint32) for column in columns),
        tuple(np.array([len(one) for one in column], np.int64) for column in columns),
        np.array([KINDS.index(one.kind) for one in symbols], np.int64),
    )


def numbers(text: str) -> list[int]:
    """The terms of a text's words, in their order."""
    return [term(one) for one in stems(text)]


def _symbols(wheel: Path) -> Iterator[Symbol]:
    reader, seen, room = Python(), set(), _MOST
    with zipfile.ZipFile(wheel) as opened:
        files = [
            one
            for one in opened.infolist()
            if one.filename.endswith(".py")
            and _SMALLEST < one.file_size < _LARGEST
            and not _OF_OTHERS.search(one.filename)
        ]
        for one in sorted(files, key=lambda one: _hash(one.filename.encode())):
            if room < 0:
                return
            source = opened.read(one)
            room -= len(source)
            if (content := _hash(source)) not in seen:
                seen.add(content)
                yield from reader.outline(source).symbols


def _hash(content: bytes) -> bytes:
    return md5(content, usedforsecurity=False).digest()


def _parts(symbol: Symbol) -> tuple[str, str, str, str, str]:
    """In the order of their numbers."""
    match = _QUOTE.match(symbol.prose)
    if not match:
        return symbol.name, symbol.code, "", "", symbol.prose
    docstring, _, comments = symbol.prose[match.end() :].partition(match[1])
    first, _, rest = docstring.strip().partition("\n\n")
    return symbol.name, symbol.code, first, rest, comments
